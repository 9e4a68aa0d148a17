import type { Price, Quantity } from '../decimal.ts';

/** What a symbol did between `at` and the next bar. */
export interface Bar {
  /** Where the bar starts. */
  readonly at: Date;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  /** Shares traded. */
  readonly volume: Quantity;
}

/**
 * Throws a `RangeError` for bars that cannot be meant: out of order, a price not above zero, a high under the low, an open or close outside
 * of them, or a volume below zero. An indicator looks at its bars first, as a stop from a broken bar would be a wrong order.
 */
export function requireBars(bars: readonly Bar[]): void {
  for (const [i, { at, open, high, low, close, volume }] of bars.entries()) {
    const before = bars[i - 1];
    if (Number.isNaN(at.getTime()) || (before && at.getTime() <= before.at.getTime())) {
      throw new RangeError(`bar ${i} does not come after the bar before it`);
    }
    if (low.lte('0')) throw new RangeError(`bar ${i} has a low that is not above zero: ${low}`);
    if (high.lt(open) || high.lt(close) || low.gt(open) || low.gt(close)) {
      throw new RangeError(`bar ${i} has an open or a close outside of its low ${low} and high ${high}`);
    }
    if (volume.lt('0')) throw new RangeError(`bar ${i} has a volume below zero: ${volume}`);
  }
}

/** Throws a `RangeError` unless a period is a whole number of bars, at least one. */
export function requirePeriod(period: number): void {
  if (!Number.isSafeInteger(period) || period < 1)
    throw new RangeError(`a period must be a whole number of bars: ${period}`);
}
