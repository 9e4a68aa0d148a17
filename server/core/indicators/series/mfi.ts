// Money flow index (G. Quong and A. Soudack 1989): the part of the money that was traded at rising typical prices, from 0 to 100.
import { typicalPrices } from '../bar-values.ts';
import { combine, total } from '../moving.ts';
import { period, type Series, type SeriesIndicator } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'mfi',
  place: 'pane',
  parameters: [period(14)],
  lines: [{ name: 'index', kind: 'line' }],
  levels: [20, 80],
  warmUp: ([size = 0]) => size + 1,
  compute(bars, [size = 0]) {
    const prices = typicalPrices(bars);
    const flow = (direction: 1 | -1): Series =>
      prices.map((price, at) => {
        if (at === 0) return null;
        return Math.sign(price - prices[at - 1]!) === direction ? price * bars[at]!.volume : 0;
      });
    return [
      combine(total(flow(1), size), total(flow(-1), size), (up, down) =>
        up + down === 0 ? 50 : (100 * up) / (up + down),
      ),
    ];
  },
};
