// Value at risk: the loss that is not exceeded with a given confidence. The unit is that of the series: a fraction of returns, money of
// profits. (P. Jorion, "Value at Risk", 3rd edition 2007, chapter 5.) Simulated: see monte-carlo.ts.
import { inverseNormal } from './normal.ts';
import { largest, type Series } from './series.ts';
import { asLoss, requireTail, type TailOptions, tailRank, worstFirst } from './tail.ts';

/**
 * From what happened: the return at the rank of `tailRank`, as a loss, times √horizon. Null with fewer than 1 / (1 - confidence)
 * returns; of a constant series that constant. Throws a `RangeError` for a value that is not finite, or options that are not usable.
 */
export const historicalValueAtRisk = (series: Series, options: TailOptions): number | null =>
  sortedValueAtRisk(worstFirst(series), options);

/**
 * As `historicalValueAtRisk`, of values that `worstFirst` put in order: sort once, ask for many confidences. The worst of `count` values will do,
 * as far as the confidence reaches.
 */
export function sortedValueAtRisk(
  sorted: Float64Array,
  options: TailOptions,
  count: number = sorted.length,
): number | null {
  const growth = requireTail(options);
  const rank = tailRank(count, options.confidence);
  return rank === null ? null : asLoss(sorted[rank]!) * growth;
}

/**
 * As if returns were normal: (z deviation - mean) √horizon, with z from `inverseNormal`. The mean is 0 unless given: over days it is
 * small beside the deviation and hardly known, and one of a good year would make the risk look smaller (RiskMetrics Technical Document,
 * chapter 5). Throws a `RangeError` for a deviation below zero, for what is not finite, and for options that are not usable.
 */
export function parametricValueAtRisk(deviation: number, options: TailOptions, mean = 0): number {
  const growth = requireTail(options);
  requireNormal(deviation, mean);
  return (inverseNormal(options.confidence) * deviation - mean) * growth;
}

/**
 * Throws a `RangeError` unless both are usable and the deviation is not below zero. The deviation of a few usable numbers can lie a
 * little above the largest of them (√2 times, of two that are opposite), so what is usable here reaches further than in a series.
 */
export function requireNormal(deviation: number, mean: number): void {
  for (const value of [deviation, mean]) {
    if (!(Math.abs(value) <= 2 * largest)) throw new RangeError(`a deviation or mean is not a usable number: ${value}`);
  }
  if (deviation < 0) throw new RangeError(`a deviation is below zero: ${deviation}`);
}
