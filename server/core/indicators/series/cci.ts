// Commodity channel index (D. Lambert 1980): how far the typical price is from its mean, in 0.015 of the mean deviation.
import { typicalPrices } from '../bar-values.ts';
import { combine, meanDeviation, simple } from '../moving.ts';
import { period, type SeriesIndicator } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'cci',
  place: 'pane',
  parameters: [period(20)],
  lines: [{ name: 'index', kind: 'line' }],
  levels: [-100, 100],
  warmUp: ([size = 0]) => size,
  compute(bars, [size = 0]) {
    const prices = typicalPrices(bars);
    const away = combine(prices, simple(prices, size), (price, mean) => price - mean);
    return [combine(away, meanDeviation(prices, size), (far, usual) => (usual === 0 ? 0 : far / (0.015 * usual)))];
  },
};
