// Weighted moving average: the newest close counts most, the oldest once.
import { closes } from '../bar-values.ts';
import { weighted } from '../moving.ts';
import { period, type SeriesIndicator } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'wma',
  place: 'overlay',
  parameters: [period(20)],
  lines: [{ name: 'average', kind: 'line' }],
  levels: [],
  warmUp: ([size = 0]) => size,
  compute: (bars, [size = 0]) => [weighted(closes(bars), size)],
};
