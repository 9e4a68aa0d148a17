// The bad end of a distribution of returns or profits, and how far ahead one looks. Value at risk is where it begins, expected shortfall
// its mean. Both are losses: a positive number is money lost, a negative one says that even the bad days earned.
import { requireFinite, requirePositive, type Series } from './series.ts';

/** How sure, and over how long. */
export interface TailOptions {
  /** The share of days that are better than the tail: 0.95, 0.99. */
  readonly confidence: number;
  /** Days ahead, 1 if not said. A loss of one day grows with the square root of time, as if days had nothing to do with each other. */
  readonly horizonDays?: number;
}

/** Throws a `RangeError` unless the confidence lies in [0.5, 1) and the horizon above zero. Answers the factor √horizon. */
export function requireTail({ confidence, horizonDays = 1 }: TailOptions): number {
  if (!(confidence >= 0.5 && confidence < 1)) {
    throw new RangeError(`a confidence must be at least 0.5 and under 1: ${confidence}`);
  }
  requirePositive(horizonDays, 'horizonDays');
  return Math.sqrt(horizonDays);
}

/** From the worst to the best. Throws a `RangeError` for a value that is not finite. */
export function worstFirst(series: Series): Float64Array {
  requireFinite(series, 'series');
  return Float64Array.from(series).sort();
}

/**
 * The worst `count` of the values, from the worst on. As the first of `worstFirst`, and quicker where few are asked for. Throws a `RangeError`
 * for a value that is not finite.
 */
export function worstOf(series: Series, count: number): Float64Array {
  requireFinite(series, 'series');
  if (count > fewEnough) return Float64Array.from(series).sort().subarray(0, count);
  const worst = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < series.length; i++) {
    const value = series[i]!;
    if (!(value < worst[count - 1]!)) continue;
    let at = count - 1;
    for (; at > 0 && worst[at - 1]! > value; at--) worst[at] = worst[at - 1]!;
    worst[at] = value;
  }
  return worst.subarray(0, Math.min(count, series.length));
}

/** Up to here it is quicker to keep the worst seen so far than to sort all. */
const fewEnough = 32;

/** 1 - 0.95 is a little over 0.05, and 1 - 0.9 a little under 0.1: ranks at a whole number must not hang on it. */
const rounding = 1e-9;

/**
 * Which of `count` values, counted from the worst as 0, is the quantile at 1 - confidence: `floor((count - 1) (1 - confidence))`, the
 * definition that numpy calls 'lower'. It is a day that really happened, no mixture of two, and never a smaller loss than the
 * interpolated ('linear') one; of 250 days it is the 13th worst at 95% and the 3rd worst at 99%.
 *
 * Null when there are fewer than 1 / (1 - confidence) values: the worst of them would stand for a tail that they do not reach.
 */
export function tailRank(count: number, confidence: number): number | null {
  const share = 1 - confidence;
  if (count * share < 1 - rounding) return null;
  return Math.floor((count - 1) * share + rounding);
}

/** The mean of the values from the worst to the one at `rank`, of values from the worst to the best. */
export function tailMean(sorted: Float64Array, rank: number): number {
  let sum = 0;
  for (let i = 0; i <= rank; i++) sum += sorted[i]!;
  return sum / (rank + 1);
}

/** A return as a loss; never minus zero. */
export const asLoss = (value: number): number => 0 - value;
