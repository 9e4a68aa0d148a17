import { rounding, text } from '../../../core/decimal.ts';
import { chandelierExit } from '../../../core/indicators/chandelier-exit.ts';
import { count, multiple } from '../../../core/parameters.ts';
import { noStop, stopAt, stopMethod, tooFewBars } from '../stop-method.ts';

export const stop = stopMethod({
  key: 'chandelier',
  order: 40,
  name: 'Chandelier',
  says: 'So many average true ranges under the highest high of the last days, of a short over the lowest low.',
  parameters: {
    multiple: multiple('Average true ranges', '3', null, { min: '0.1', max: '100' }),
    period: count('Days, of the high and of the ATR', 22, null, { min: 2, max: 200 }),
  },
  place(facts, { multiple, period }) {
    const { side, bars, symbol } = facts;
    const buy = side === 'buy';
    if (bars === null || bars.length < period + 1) return noStop(tooFewBars(facts, period + 1));
    const at = chandelierExit(bars, { side: buy ? 'long' : 'short', period, multiple });
    if (at === null) return noStop(`the chandelier of ${symbol} would hang at zero or below.`);
    const from = buy ? `under the highest high` : `over the lowest low`;
    const shown = text(at.round(4, rounding.halfAwayFromZero));
    return stopAt(at, `The stop hangs ${text(multiple)} × ATR(${period}) ${from} of ${period} days, at ${shown}.`);
  },
});
