import type { Correlation } from './correlation.ts';
import { column, type ReturnTable } from './return-table.ts';
import { isConstant, mean, requireFinite } from './series.ts';

/** Covariances of the symbols' returns. `values` is square, symmetric, row after row: of symbols i and j at `i * symbols.length + j`. */
export interface CovarianceMatrix {
  readonly symbols: readonly string[];
  readonly values: Float64Array;
}

/** Covariances of a table of history, in which symbols are looked up. */
export interface SampleCovariance extends CovarianceMatrix {
  /** Where a symbol stands in `symbols`. */
  readonly index: ReadonlyMap<string, number>;
  /** The rows that they were made from. */
  readonly observations: number;
}

/**
 * The sample covariance, Σ(x - x̄)(y - ȳ) / (n - 1), of every two symbols of a table. Null with fewer than two rows. Throws a
 * `RangeError` for a return that is not finite. 100 symbols x 250 rows are 1.3 million products: make it once a table, and keep it.
 */
export function covarianceMatrix(table: ReturnTable): SampleCovariance | null {
  const { symbols, index, rows } = table;
  requireFinite(table.values, 'returns');
  if (rows < 2) return null;
  const size = symbols.length;
  const centered = new Float64Array(table.values.length);
  for (let i = 0; i < size; i++) {
    const returns = column(table, i);
    // What does not move has a covariance of exactly zero, also where its mean is rounded.
    if (isConstant(returns)) continue;
    const center = mean(returns)!;
    for (let t = 0; t < rows; t++) centered[i * rows + t] = returns[t]! - center;
  }
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let t = 0; t < rows; t++) sum += centered[i * rows + t]! * centered[j * rows + t]!;
      values[i * size + j] = values[j * size + i] = sum / (rows - 1);
    }
  }
  return { symbols, index, values, observations: rows };
}

/**
 * The correlation of two symbols from covariances that are kept: two look-ups, for a decision that asks for many, where `correlation` is a
 * pass over the rows. Null for a symbol that has no column, with fewer than three observations, and for one that does not move.
 */
export function correlationBetween(covariances: SampleCovariance, a: string, b: string): Correlation | null {
  const { symbols, index, values, observations } = covariances;
  const [i, j] = [index.get(a), index.get(b)];
  if (i === undefined || j === undefined || observations < 3) return null;
  const size = symbols.length;
  const spread = Math.sqrt(values[i * size + i]!) * Math.sqrt(values[j * size + j]!);
  if (spread === 0) return null;
  return { value: Math.max(-1, Math.min(1, values[i * size + j]! / spread)), observations };
}
