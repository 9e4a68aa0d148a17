// Bollinger bands: the mean of closes, and so many of their deviations above and below. (J. Bollinger 2001, "Bollinger on Bollinger Bands")
import { band, closes } from '../bar-values.ts';
import { deviation, simple } from '../moving.ts';
import { factor, period, type SeriesIndicator } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'bollinger',
  place: 'overlay',
  parameters: [period(20), factor(2)],
  lines: [
    { name: 'upper', kind: 'line' },
    { name: 'middle', kind: 'line' },
    { name: 'lower', kind: 'line' },
  ],
  levels: [],
  warmUp: ([size = 0]) => size,
  compute: (bars, [size = 0, multiple = 0]) =>
    band(simple(closes(bars), size), deviation(closes(bars), size), multiple),
};
