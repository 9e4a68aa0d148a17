// Moving average convergence and divergence (G. Appel): a fast exponential average less a slow one, and an average of that as its signal.
import { closes } from '../bar-values.ts';
import { combine, exponential } from '../moving.ts';
import { period, type SeriesIndicator, settlePeriods } from '../series-indicator.ts';

const less = (a: number, b: number): number => a - b;

export const indicator: SeriesIndicator = {
  key: 'macd',
  place: 'pane',
  parameters: [period(12, 'fast'), period(26, 'slow'), period(9, 'signal')],
  lines: [
    { name: 'histogram', kind: 'histogram' },
    { name: 'macd', kind: 'line' },
    { name: 'signal', kind: 'line' },
  ],
  levels: [0],
  warmUp: ([fast = 0, slow = 0, signal = 0]) => (Math.max(fast, slow) + signal) * settlePeriods,
  compute(bars, [fast = 0, slow = 0, signal = 0]) {
    const line = combine(exponential(closes(bars), fast), exponential(closes(bars), slow), less);
    const average = exponential(line, signal);
    return [combine(line, average, less), line, average];
  },
};
