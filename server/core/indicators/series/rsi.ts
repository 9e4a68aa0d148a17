// Relative strength index (J. W. Wilder 1978): the part that rises have in all movement, from 0 to 100.
import { combine, wilder } from '../moving.ts';
import { period, type Series, type SeriesIndicator, settlePeriods } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'rsi',
  place: 'pane',
  parameters: [period(14)],
  lines: [{ name: 'index', kind: 'line' }],
  levels: [30, 70],
  warmUp: ([size = 0]) => (size + 1) * settlePeriods,
  compute(bars, [size = 0]) {
    const changes: Series = bars.map(({ close }, at) => (at === 0 ? null : close - bars[at - 1]!.close));
    const gains = changes.map((change) => change && Math.max(change, 0));
    const losses = changes.map((change) => change && Math.max(-change, 0));
    // What does not move at all is in the middle.
    return [
      combine(wilder(gains, size), wilder(losses, size), (up, down) =>
        up + down === 0 ? 50 : (100 * up) / (up + down),
      ),
    ];
  },
};
