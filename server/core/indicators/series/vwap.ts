// Volume-weighted average price since the beginning of the day: what was paid on average, by the bars' typical prices.
import { typicalPrices } from '../bar-values.ts';
import type { SeriesIndicator } from '../series-indicator.ts';

/** The most minutes a day has. */
const longestDay = 1440;

export const indicator: SeriesIndicator = {
  key: 'vwap',
  place: 'overlay',
  parameters: [],
  lines: [{ name: 'average', kind: 'line' }],
  levels: [],
  // However the day began, all of it counts.
  warmUp: () => longestDay,
  compute(bars) {
    const prices = typicalPrices(bars);
    let [day, paid, traded] = ['', 0, 0];
    return [
      bars.map((bar, at) => {
        if (bar.day !== day) [day, paid, traded] = [bar.day, 0, 0];
        paid += prices[at]! * bar.volume;
        traded += bar.volume;
        return traded === 0 ? null : paid / traded;
      }),
    ];
  },
};
