// What indicators take from bars, one value a bar.
import { combine, wilder } from './moving.ts';
import type { Series, SeriesBar } from './series-indicator.ts';

export const closes = (bars: readonly SeriesBar[]): Series => bars.map(({ close }) => close);
export const highs = (bars: readonly SeriesBar[]): Series => bars.map(({ high }) => high);
export const lows = (bars: readonly SeriesBar[]): Series => bars.map(({ low }) => low);

/** The mean of high, low and close. */
export const typicalPrices = (bars: readonly SeriesBar[]): number[] =>
  bars.map(({ high, low, close }) => (high + low + close) / 3);

/** Wilder's true range; the first bar has none, as there is no close before it. */
export const ranges = (bars: readonly SeriesBar[]): Series =>
  bars.map(({ high, low }, at) => {
    const before = bars[at - 1]?.close;
    return before === undefined ? null : Math.max(high, before) - Math.min(low, before);
  });

/** The average true range by Wilder. */
export const averageRanges = (bars: readonly SeriesBar[], size: number): Series => wilder(ranges(bars), size);

/** A middle with a band of so many widths on either side: upper, middle, lower. */
export const band = (middle: Series, width: Series, multiple: number): readonly [Series, Series, Series] => [
  combine(middle, width, (m, w) => m + multiple * w),
  middle,
  combine(middle, width, (m, w) => m - multiple * w),
];
