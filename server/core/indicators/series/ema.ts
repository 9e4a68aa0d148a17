// Exponential moving average of closes.
import { closes } from '../bar-values.ts';
import { exponential } from '../moving.ts';
import { period, type SeriesIndicator, settlePeriods } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'ema',
  place: 'overlay',
  parameters: [period(20)],
  lines: [{ name: 'average', kind: 'line' }],
  levels: [],
  warmUp: ([size = 0]) => size * settlePeriods,
  compute: (bars, [size = 0]) => [exponential(closes(bars), size)],
};
