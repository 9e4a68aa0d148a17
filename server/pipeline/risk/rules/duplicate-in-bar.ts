import { deny, pass, type Rule } from '../rule.ts';

export const rule: Rule = {
  key: 'duplicate-in-bar',
  order: 150,
  appliesTo: 'entries',
  says: 'The same ticker, action, side, strategy and timeframe is taken once a bar.',
  evaluate({ approvedInBar, signal }) {
    const inputs = {
      ticker: signal.ticker,
      action: signal.action,
      side: signal.side,
      strategy: signal.strategy,
      timeframe: signal.timeframe,
      approved: approvedInBar?.signalId ?? null,
      barStart: approvedInBar?.barStart.toISOString() ?? null,
    };
    if (approvedInBar === null) return pass('It is the first of its kind in this bar.', inputs);
    return deny(
      'RISK_DUPLICATE_IN_BAR',
      `the same signal was already taken in the bar of ${approvedInBar.barSeconds} s that began at ${approvedInBar.barStart.toISOString()}.`,
      inputs,
      `1 in ${approvedInBar.barSeconds} s`,
    );
  },
};
