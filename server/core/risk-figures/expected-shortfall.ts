// Expected shortfall: the mean loss of the days that are at least as bad as the value at risk, hence never less than it. Units as there.
// (C. Acerbi and D. Tasche 2002, "On the coherence of expected shortfall".) Simulated: see monte-carlo.ts.
import { inverseNormal, normalDensity } from './normal.ts';
import type { Series } from './series.ts';
import { asLoss, requireTail, type TailOptions, tailMean, tailRank, worstFirst } from './tail.ts';
import { requireNormal } from './value-at-risk.ts';

/**
 * From what happened: the mean of the return at the rank of `tailRank` and all worse ones, as a loss, times √horizon: of 250 days the
 * mean of 13 at 95%, of 3 at 99%. Null with fewer than 1 / (1 - confidence) returns. Throws a `RangeError` for a value that is not
 * finite, or options that are not usable.
 */
export const historicalExpectedShortfall = (series: Series, options: TailOptions): number | null =>
  sortedExpectedShortfall(worstFirst(series), options);

/** As `historicalExpectedShortfall`, of values that `worstFirst` put in order; the worst of `count` will do, as in `sortedValueAtRisk`. */
export function sortedExpectedShortfall(
  sorted: Float64Array,
  options: TailOptions,
  count: number = sorted.length,
): number | null {
  const growth = requireTail(options);
  const rank = tailRank(count, options.confidence);
  if (rank === null) return null;
  // The mean of equal numbers may round to the better side of them.
  return asLoss(Math.min(tailMean(sorted, rank), sorted[rank]!)) * growth;
}

/**
 * As if returns were normal: (deviation φ(z) / (1 - confidence) - mean) √horizon (A. McNeil, R. Frey and P. Embrechts, "Quantitative
 * Risk Management", 2nd edition 2015, section 2.3). The mean is 0 unless given, as in `parametricValueAtRisk`, and so are the errors.
 */
export function parametricExpectedShortfall(deviation: number, options: TailOptions, mean = 0): number {
  const growth = requireTail(options);
  requireNormal(deviation, mean);
  const { confidence } = options;
  return ((deviation * normalDensity(inverseNormal(confidence))) / (1 - confidence) - mean) * growth;
}
