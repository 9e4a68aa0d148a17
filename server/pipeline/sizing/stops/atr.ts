import { rounding, text } from '../../../core/decimal.ts';
import { averageTrueRange } from '../../../core/indicators/average-true-range.ts';
import { count, multiple } from '../../../core/parameters.ts';
import { noStop, stopAt, stopMethod, tooFewBars } from '../stop-method.ts';

export const stop = stopMethod({
  key: 'atr',
  order: 20,
  name: 'Average true ranges',
  says: 'So many average true ranges from the entry.',
  parameters: {
    multiple: multiple('Average true ranges', '2', null, { min: '0.1', max: '100' }),
    period: count('Days of the ATR', 14, null, { min: 2, max: 200 }),
  },
  place(facts, { multiple, period }) {
    const { side, entry, bars, symbol } = facts;
    const range = bars && averageTrueRange(bars, period);
    if (!range) return noStop(tooFewBars(facts, period + 1));
    const distance = range.times(multiple);
    if (distance.eq('0')) return noStop(`${symbol} has not moved in ${period} days.`);
    const shown = text(range.round(4, rounding.halfAwayFromZero));
    const how = `${text(multiple)} × ATR(${period}) of ${shown}`;
    return side === 'buy'
      ? stopAt(entry.minus(distance), `The stop is ${how} below the entry.`)
      : stopAt(entry.plus(distance), `The stop is ${how} above the entry.`);
  },
});
