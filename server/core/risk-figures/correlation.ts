// Whether two symbols move together.
import { pairOfReturns } from './alignment.ts';
import type { CloseSeries } from './close-series.ts';
import { isConstant, mean, requireFinite, type Series } from './series.ts';

/** A correlation from -1 to 1, and of how many pairs of returns. */
export interface Correlation {
  readonly value: number;
  readonly observations: number;
}

/**
 * Pearson's correlation of two series that are aligned: Σ(x - x̄)(y - ȳ) / √(Σ(x - x̄)² Σ(y - ȳ)²), kept within [-1, 1] where rounding
 * would carry it over. Null with fewer than three pairs, as two points always lie on a line, and when either series is constant.
 * Throws a `RangeError` for lengths that differ, or a value that is not finite.
 */
export function correlation(x: Series, y: Series): Correlation | null {
  requirePair(x, y);
  if (x.length < 3 || isConstant(x) || isConstant(y)) return null;
  const [meanX, meanY] = [mean(x)!, mean(y)!];
  let [products, squaresX, squaresY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [fromX, fromY] = [x[i]! - meanX, y[i]! - meanY];
    products += fromX * fromY;
    squaresX += fromX * fromX;
    squaresY += fromY * fromY;
  }
  const spread = Math.sqrt(squaresX) * Math.sqrt(squaresY);
  // Differences so small that their squares vanish say nothing.
  if (spread === 0) return null;
  return { value: Math.max(-1, Math.min(1, products / spread)), observations: x.length };
}

/** The correlation of two symbols' simple returns over the days that both have, the last `days` of them; null as `correlation`. */
export function correlationOfCloses(a: CloseSeries, b: CloseSeries, days?: number): Correlation | null {
  const pair = pairOfReturns(a, b, days);
  return pair && correlation(pair.a, pair.b);
}

/** Correlations of every symbol with every other, for a heat map. */
export interface CorrelationMatrix {
  readonly symbols: readonly string[];
  /** `cells[i][j]` is of `symbols[i]` and `symbols[j]`; symmetric; null where it is not known. */
  readonly cells: readonly (readonly (Correlation | null)[])[];
}

/**
 * Each pair over the last `days` returns that both have, so that a young listing shortens its own cells only. Such a matrix need not be
 * positive semi-definite: for simulation take `covarianceMatrix` of a common table.
 */
export function correlationMatrix(series: readonly CloseSeries[], days?: number): CorrelationMatrix {
  const cells: (Correlation | null)[][] = series.map(() => new Array<Correlation | null>(series.length).fill(null));
  for (let i = 0; i < series.length; i++) {
    for (let j = i; j < series.length; j++) {
      const found = correlationOfCloses(series[i]!, series[j]!, days);
      // A series with itself is 1 whatever rounding says.
      const cell = found !== null && i === j ? { ...found, value: 1 } : found;
      cells[i]![j] = cell;
      cells[j]![i] = cell;
    }
  }
  return { symbols: series.map(({ symbol }) => symbol), cells };
}

function requirePair(x: Series, y: Series): void {
  if (x.length !== y.length) throw new RangeError(`series of ${x.length} and ${y.length} values are not aligned`);
  requireFinite(x, 'x');
  requireFinite(y, 'y');
}
