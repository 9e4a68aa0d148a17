// Risk by simulation: many possible days, drawn from a normal distribution with the covariances of the history. A simulated table is used
// like a table of history: `holdPortfolio` and `profitsWith` work on it unchanged.
import { covarianceFactor } from './cholesky.ts';
import type { CovarianceMatrix } from './covariance.ts';
import { type ReturnTable, returnTable } from './return-table.ts';
import { seededNormal } from './seeded-normal.ts';
import { requireCount, type Series } from './series.ts';
import { asLoss, requireTail, type TailOptions, tailMean, tailRank, worstFirst } from './tail.ts';

/** How many days to draw, and from which seed (a whole number from 0 to 2³² - 1). */
export interface DrawOptions {
  readonly draws: number;
  readonly seed: number;
}

/** A table whose rows are draws. */
export interface SimulatedReturns extends ReturnTable {
  /** The largest change to a correlation that made the covariances usable; 0: none was needed. */
  readonly repaired: number;
}

/**
 * Draws daily returns with mean 0 and the given covariances, as L z with independent normal z and L from `covarianceFactor` (P. Glasserman,
 * "Monte Carlo Methods in Financial Engineering", 2003, section 2.3.3). The same covariances, draws and seed give the same table.
 * 10,000 draws of 100 symbols are 8 MB and take tenths of a second: make it once a day, for the risk page, never within a decision.
 *
 * Throws a `RangeError` for covariances that `covarianceFactor` refuses, and for draws or a seed that are none.
 */
export function simulatedReturns(covariances: CovarianceMatrix, { draws, seed }: DrawOptions): SimulatedReturns {
  requireCount(draws, 1, 'draws');
  const { symbols, values: factor, repaired } = covarianceFactor(covariances);
  const size = symbols.length;
  const normal = seededNormal(seed);
  const independent = new Float64Array(size);
  const values = new Float64Array(size * draws);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < size; i++) independent[i] = normal();
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += factor[i * size + j]! * independent[j]!;
      values[i * draws + draw] = sum;
    }
  }
  return { ...returnTable(symbols, draws, values), repaired };
}

/** A figure that was drawn, and how far it is from the true one: within 1.96 standard errors in 95 of 100 seeds. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/** Draws in the tail below which neither figure nor error mean anything. */
const leastInTail = 10;

/**
 * The value at risk of simulated profits, by the same quantile as the historical. Its standard error is half the distance between the
 * order statistics √(n p (1 - p)) ranks to either side, p = 1 - confidence, which needs no density (Glasserman 2003, chapter 9).
 *
 * Null with fewer than 10 / (1 - confidence) draws. Throws a `RangeError` for a value that is not finite, or options that are not usable.
 */
export function simulatedValueAtRisk(profits: Series, options: TailOptions): Estimate | null {
  const growth = requireTail(options);
  const sorted = worstFirst(profits);
  const rank = simulatedRank(sorted.length, options.confidence);
  if (rank === null) return null;
  const { confidence } = options;
  const step = Math.ceil(Math.sqrt(sorted.length * confidence * (1 - confidence)));
  const [worse, better] = [Math.max(rank - step, 0), Math.min(rank + step, sorted.length - 1)];
  return {
    value: asLoss(sorted[rank]!) * growth,
    standardError: ((sorted[better]! - sorted[worse]!) / (better - worse)) * step * growth,
  };
}

/**
 * The expected shortfall of simulated profits: the mean of the tail. Its standard error is √((s² + confidence (ES - VaR)²) / k), of the k
 * values in the tail and their variance s² (B. J. Manistre and G. H. Hancock 2005, "Variance of the CTE Estimator", North American
 * Actuarial Journal 9(2), 129-156). Null and errors as `simulatedValueAtRisk`.
 */
export function simulatedExpectedShortfall(profits: Series, options: TailOptions): Estimate | null {
  const growth = requireTail(options);
  const sorted = worstFirst(profits);
  const rank = simulatedRank(sorted.length, options.confidence);
  if (rank === null) return null;
  const center = Math.min(tailMean(sorted, rank), sorted[rank]!);
  let squares = 0;
  for (let i = 0; i <= rank; i++) squares += (sorted[i]! - center) ** 2;
  const beyond = options.confidence * (center - sorted[rank]!) ** 2;
  return {
    value: asLoss(center) * growth,
    standardError: Math.sqrt((squares / rank + beyond) / (rank + 1)) * growth,
  };
}

function simulatedRank(draws: number, confidence: number): number | null {
  return draws * (1 - confidence) < leastInTail - 1e-9 ? null : tailRank(draws, confidence);
}
