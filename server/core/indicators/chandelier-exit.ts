// Chandelier exit: a stop that hangs some true ranges under the highest price, or stands over the lowest. (C. Le Beau, in A. Elder 2002,
// "Come Into My Trading Room": 22 bars and 3 ranges are the usual choice.)
import type { Big, Price } from '../decimal.ts';
import { averageTrueRange, type Smoothing } from './average-true-range.ts';
import type { Bar } from './bar.ts';
import { highestHigh, lowestLow } from './swing.ts';

/** How a chandelier hangs. */
export interface ChandelierOptions {
  readonly side: 'long' | 'short';
  /** Bars, for the extreme and for the range alike. */
  readonly period: number;
  /** True ranges between extreme and stop, above zero. */
  readonly multiple: Big;
  readonly smoothing?: Smoothing;
}

/**
 * The stop at the last bar: highest high - multiple x ATR for a long position, lowest low + multiple x ATR for a short one. A price that is not
 * rounded to a tick. Null with fewer than period + 1 bars, and where the stop of a long position would not be above zero. Throws a
 * `RangeError` for a multiple that is not above zero, a period that is none, and bars that `requireBars` refuses.
 */
export function chandelierExit(bars: readonly Bar[], options: ChandelierOptions): Price | null {
  const { side, period, multiple, smoothing } = options;
  if (multiple.lte('0')) throw new RangeError(`a multiple of the true range must be above zero: ${multiple}`);
  const range = averageTrueRange(bars, period, smoothing);
  const extreme = side === 'long' ? highestHigh(bars, period) : lowestLow(bars, period);
  if (range === null || extreme === null) return null;
  const distance = range.times(multiple);
  const stop = (side === 'long' ? extreme.minus(distance) : extreme.plus(distance)) as Price;
  return stop.gt('0') ? stop : null;
}
