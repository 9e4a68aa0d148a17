// Stochastic oscillator (G. Lane): where the close stands in the range of the last bars, from 0 to 100, smoothed, and the average of that.
import { closes, highs, lows } from '../bar-values.ts';
import { combine, highest, lowest, simple } from '../moving.ts';
import { period, type SeriesIndicator } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'stochastic',
  place: 'pane',
  parameters: [period(14), period(3, 'smoothing'), period(3, 'signal')],
  lines: [
    { name: 'k', kind: 'line' },
    { name: 'd', kind: 'line' },
  ],
  levels: [20, 80],
  warmUp: ([size = 0, smoothing = 0, signal = 0]) => size + smoothing + signal,
  compute(bars, [size = 0, smoothing = 0, signal = 0]) {
    const [top, bottom] = [highest(highs(bars), size), lowest(lows(bars), size)];
    const above = combine(closes(bars), bottom, (close, low) => close - low);
    const width = combine(top, bottom, (high, low) => high - low);
    // Where nothing moved, it stands in the middle.
    const raw = combine(above, width, (part, whole) => (whole === 0 ? 50 : (100 * part) / whole));
    const k = simple(raw, smoothing);
    return [k, simple(k, signal)];
  },
};
