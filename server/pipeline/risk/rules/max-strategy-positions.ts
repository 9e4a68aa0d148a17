import { counted } from '../../../core/counted.ts';
import { count } from '../parameters.ts';
import { openTickers } from '../position-count.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** The same for every strategy, where `max-positions` is for the account, or for one strategy that is named. */
export const rule = entryRule({
  key: 'max-strategy-positions',
  order: 450,
  name: 'Positions of a strategy',
  says: 'Each strategy may have only so many positions open at once, entries on their way included.',
  parameters: { maxPositions: count('Most positions of one strategy', 10, 'lower', { min: 0, max: 10_000 }) },
  scopes: ['everything', 'account', 'strategy'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxPositions }) {
    const { strategy, ticker } = context.signal;
    const { tickers, own } = openTickers(context, { kind: 'strategy', name: strategy });
    const inputs = { strategy, open: tickers.size, adds: own };
    const limit = String(maxPositions);
    const said = `${strategy} has ${counted(tickers.size, 'position open or on its way', 'positions open or on their way')}`;
    if (own) return pass(`${strategy} has a position in ${ticker} already; it opens none.`, inputs, limit);
    if (tickers.size >= maxPositions) {
      const sentence = `${said}, the limit is ${limit}.`;
      return breach('RISK_MAX_POSITIONS', sentence, inputs, limit);
    }
    return pass(`${said}.`, inputs, limit);
  },
});
