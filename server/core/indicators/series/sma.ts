// Simple moving average: the mean of the last closes.
import { closes } from '../bar-values.ts';
import { simple } from '../moving.ts';
import { period, type SeriesIndicator } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'sma',
  place: 'overlay',
  parameters: [period(50)],
  lines: [{ name: 'average', kind: 'line' }],
  levels: [],
  warmUp: ([size = 0]) => size,
  compute: (bars, [size = 0]) => [simple(closes(bars), size)],
};
