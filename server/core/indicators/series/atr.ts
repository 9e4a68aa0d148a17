// Average true range by Wilder, in the currency of the prices.
import { averageRanges } from '../bar-values.ts';
import { period, type SeriesIndicator, settlePeriods } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'atr',
  place: 'pane',
  parameters: [period(14)],
  lines: [{ name: 'range', kind: 'line' }],
  levels: [],
  warmUp: ([size = 0]) => (size + 1) * settlePeriods,
  compute: (bars, [size = 0]) => [averageRanges(bars, size)],
};
