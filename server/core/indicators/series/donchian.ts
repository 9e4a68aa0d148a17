// Donchian channel: the highest high and the lowest low of the last bars, and the middle between them.
import { highs, lows } from '../bar-values.ts';
import { combine, highest, lowest } from '../moving.ts';
import { period, type SeriesIndicator } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'donchian',
  place: 'overlay',
  parameters: [period(20)],
  lines: [
    { name: 'upper', kind: 'line' },
    { name: 'middle', kind: 'line' },
    { name: 'lower', kind: 'line' },
  ],
  levels: [],
  warmUp: ([size = 0]) => size,
  compute(bars, [size = 0]) {
    const [top, bottom] = [highest(highs(bars), size), lowest(lows(bars), size)];
    return [top, combine(top, bottom, (a, b) => (a + b) / 2), bottom];
  },
};
