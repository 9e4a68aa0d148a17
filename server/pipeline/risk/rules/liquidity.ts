import { quantity, text } from '../../../core/decimal.ts';
import { volumeOf } from '../bar-figures.ts';
import { percent, percentAbove } from '../figures.ts';
import { count, share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** An order that is a large part of a day's trading moves the price against itself, and so does its exit. */
export const rule = entryRule({
  key: 'liquidity',
  order: 285,
  name: 'Share of a day’s volume',
  says: 'An order is at most a share of what is traded in a day, on average over the last days.',
  parameters: {
    maxShareOfVolume: share('Largest share of average daily volume', '0.01', 'lower'),
    days: count('Days of the average', 20, null, { min: 1, max: 250 }),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate({ market, signal, sized }, { maxShareOfVolume, days }) {
    const { ticker } = signal;
    const limit = `${percent(maxShareOfVolume)} of ${days} days’ average volume`;
    const bars = market.dailyBars(ticker);
    const volume = bars && volumeOf(bars, days);
    if (volume === null) {
      const inputs = { quantity: text(sized.quantity), bars: bars?.length ?? null };
      const sentence = `how much of ${ticker} is traded in a day is not known over ${days} days.`;
      return breach('RISK_LIQUIDITY', sentence, inputs, limit);
    }
    const most = quantity(volume.times(maxShareOfVolume));
    const inputs = { quantity: text(sized.quantity), averageVolume: text(volume.round(2, 1)) };
    if (sized.quantity.gt(most)) {
      const reached = volume.gt('0') ? percentAbove(sized.quantity.div(volume), maxShareOfVolume) : 'more than all';
      const sentence = `the order is ${reached} of the average daily volume of ${ticker}, the limit is ${percent(maxShareOfVolume)}.`;
      return breach('RISK_LIQUIDITY', sentence, inputs, limit, most);
    }
    return pass(`Of ${ticker} ${text(volume.round(0, 1))} are traded in a day, on average.`, inputs, limit);
  },
});
