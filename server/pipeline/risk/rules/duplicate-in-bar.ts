import { seconds } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'duplicate-in-bar',
  order: 150,
  name: 'Once a bar',
  says: 'The same ticker, action, side, strategy and timeframe is taken once a bar.',
  parameters: {
    // Neither way is stricter: bars of different lengths begin at different moments.
    barSeconds: seconds('Length of a bar when the alert names none', 60, null, { min: 1, max: 604_800 }),
  },
  scopes: ['everything', 'account', 'strategy'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
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
    return breach(
      'RISK_DUPLICATE_IN_BAR',
      `the same signal was already taken in the bar of ${approvedInBar.barSeconds} s that began at ${approvedInBar.barStart.toISOString()}.`,
      inputs,
      `1 in ${approvedInBar.barSeconds} s`,
    );
  },
});
