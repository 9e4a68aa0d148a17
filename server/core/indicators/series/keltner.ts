// Keltner channels in L. Raschke's form: an exponential average of closes, and so many average true ranges above and below.
import { averageRanges, band, closes } from '../bar-values.ts';
import { exponential } from '../moving.ts';
import { factor, period, type SeriesIndicator, settlePeriods } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'keltner',
  place: 'overlay',
  parameters: [period(20), period(10, 'range'), factor(2)],
  lines: [
    { name: 'upper', kind: 'line' },
    { name: 'middle', kind: 'line' },
    { name: 'lower', kind: 'line' },
  ],
  levels: [],
  warmUp: ([size = 0, range = 0]) => Math.max(size, range + 1) * settlePeriods,
  compute: (bars, [size = 0, range = 0, multiple = 0]) =>
    band(exponential(closes(bars), size), averageRanges(bars, range), multiple),
};
