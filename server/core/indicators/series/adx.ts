// Average directional index (J. W. Wilder 1978): how strong a trend is, from 0 to 100, with the two directions that it is made of.
import { ranges } from '../bar-values.ts';
import { combine, wilder } from '../moving.ts';
import { period, type Series, type SeriesIndicator, settlePeriods } from '../series-indicator.ts';

const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

export const indicator: SeriesIndicator = {
  key: 'adx',
  place: 'pane',
  parameters: [period(14)],
  lines: [
    { name: 'adx', kind: 'line' },
    { name: 'plus', kind: 'line' },
    { name: 'minus', kind: 'line' },
  ],
  levels: [20],
  warmUp: ([size = 0]) => (size + 1) * settlePeriods * 2,
  compute(bars, [size = 0]) {
    const moves = bars.map(({ high, low }, at) => {
      const before = bars[at - 1];
      return before && { up: high - before.high, down: before.low - low };
    });
    const rises: Series = moves.map((move) => (move ? (move.up > move.down && move.up > 0 ? move.up : 0) : null));
    const falls: Series = moves.map((move) => (move ? (move.down > move.up && move.down > 0 ? move.down : 0) : null));
    const range = wilder(ranges(bars), size);
    const plus = combine(wilder(rises, size), range, share);
    const minus = combine(wilder(falls, size), range, share);
    const apart = combine(plus, minus, (a, b) => share(Math.abs(a - b), a + b));
    return [wilder(apart, size), plus, minus];
  },
};
