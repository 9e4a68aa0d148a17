// On-balance volume (J. Granville 1963): the volume of bars that rose, less that of bars that fell, from the first bar shown. Its height means
// nothing, only where it goes.
import type { SeriesIndicator } from '../series-indicator.ts';

export const indicator: SeriesIndicator = {
  key: 'obv',
  place: 'pane',
  parameters: [],
  lines: [{ name: 'volume', kind: 'line' }],
  levels: [],
  warmUp: () => 0,
  compute(bars) {
    let sum = 0;
    return [
      bars.map(({ close, volume }, at) => {
        const before = bars[at - 1]?.close ?? close;
        sum += Math.sign(close - before) * volume;
        return sum;
      }),
    ];
  },
};
