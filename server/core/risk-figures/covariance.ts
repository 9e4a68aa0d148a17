import { column, type ReturnTable } from './return-table.ts';
import { mean, requireFinite } from './series.ts';

/** Covariances of the symbols' returns. `values` is square, symmetric, row after row: of symbols i and j at `i * symbols.length + j`. */
export interface CovarianceMatrix {
  readonly symbols: readonly string[];
  readonly values: Float64Array;
}

/**
 * The sample covariance, Σ(x - x̄)(y - ȳ) / (n - 1), of every two symbols of a table. Null with fewer than two rows. Throws a
 * `RangeError` for a return that is not finite. 100 symbols x 250 rows are 1.3 million products: make it once a table, and keep it.
 */
export function covarianceMatrix(table: ReturnTable): CovarianceMatrix | null {
  const { symbols, rows } = table;
  requireFinite(table.values, 'returns');
  if (rows < 2) return null;
  const size = symbols.length;
  const centered = new Float64Array(table.values.length);
  for (let i = 0; i < size; i++) {
    const returns = column(table, i);
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
  return { symbols, values };
}
