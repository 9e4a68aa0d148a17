import { text } from '../../../core/decimal.ts';
import { highestHigh, lowestLow } from '../../../core/indicators/swing.ts';
import { count, share } from '../../../core/parameters.ts';
import { noStop, stopAt, stopMethod, tooFewBars } from '../stop-method.ts';

export const stop = stopMethod({
  key: 'swing',
  order: 30,
  name: 'Recent swing',
  says: 'Beyond the lowest low of the last days, of a short the highest high.',
  parameters: {
    period: count('Days', 10, null, { min: 1, max: 200 }),
    beyond: share('Beyond it, as a part of it', '0', null, { min: '0', max: '0.5' }),
  },
  place(facts, { period, beyond }) {
    const { side, bars } = facts;
    const buy = side === 'buy';
    const swing = bars && (buy ? lowestLow(bars, period) : highestHigh(bars, period));
    if (!swing) return noStop(tooFewBars(facts, period));
    const more = swing.times(beyond);
    const what = `the ${buy ? 'lowest low' : 'highest high'} of ${period} days, ${text(swing)}`;
    const how = beyond.eq('0') ? `at ${what}` : `${text(beyond.times('100'))} % beyond ${what}`;
    return stopAt(buy ? swing.minus(more) : swing.plus(more), `The stop is ${how}.`);
  },
});
