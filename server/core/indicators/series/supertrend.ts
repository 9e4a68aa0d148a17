// Supertrend (O. Seban): a band of average true ranges around the middle of the bar that never moves against the trend, and changes sides
// when a close goes through it.
import { averageRanges } from '../bar-values.ts';
import { factor, period, type SeriesIndicator, settlePeriods } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'supertrend',
  place: 'overlay',
  parameters: [period(10), factor(3)],
  lines: [
    { name: 'rising', kind: 'line' },
    { name: 'falling', kind: 'line' },
  ],
  levels: [],
  warmUp: ([size = 0]) => (size + 1) * settlePeriods,
  compute(bars, [size = 0, multiple = 0]) {
    const range = averageRanges(bars, size);
    const rising: (number | null)[] = [];
    const falling: (number | null)[] = [];
    let [upper, lower, up] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
    for (const [at, { high, low, close }] of bars.entries()) {
      const width = range[at] ?? null;
      if (width === null) {
        rising.push(null);
        falling.push(null);
        continue;
      }
      const middle = (high + low) / 2;
      const before = bars[at - 1]!.close;
      const [top, bottom] = [middle + multiple * width, middle - multiple * width];
      upper = top < upper || before > upper ? top : upper;
      lower = bottom > lower || before < lower ? bottom : lower;
      if (up && close < lower) up = false;
      else if (!up && close > upper) up = true;
      rising.push(up ? lower : null);
      falling.push(up ? null : upper);
    }
    return [rising, falling];
  },
};
