import { counted } from '../../../core/counted.ts';
import { count } from '../parameters.ts';
import { openTickers } from '../position-count.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** An entry that is still open counts as the position it may become, so that many at once do not make more than there is room for. */
export const rule = entryRule({
  key: 'max-positions',
  order: 440,
  name: 'Number of positions',
  says: 'Only so many positions may be open at once, entries on their way included; of a strategy or a sector, its own. Adding to one opens none.',
  parameters: { maxPositions: count('Most positions open at once', 30, 'lower', { min: 0, max: 10_000 }) },
  scopes: ['everything', 'account', 'strategy', 'sector'],
  severities: ['deny', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxPositions }, scope) {
    const { tickers, own } = openTickers(context, scope);
    const inputs = { open: tickers.size, adds: own };
    const limit = String(maxPositions);
    const said = counted(tickers.size, 'position is open or on its way', 'positions are open or on their way');
    if (own) return pass(`There is a position in ${context.signal.ticker} already; it opens none.`, inputs, limit);
    if (tickers.size >= maxPositions) {
      const sentence = `${said}, the limit is ${limit}.`;
      return breach('RISK_MAX_POSITIONS', sentence, inputs, limit);
    }
    return pass(`${said}.`, inputs, limit);
  },
});
