// A factor L of a covariance matrix, so that L times independent normal numbers has those covariances.
import type { CovarianceMatrix } from './covariance.ts';
import { requireFinite } from './series.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** The lower triangle L with L Lᵀ = the covariances, square, row after row. */
export interface CovarianceFactor {
  readonly symbols: readonly string[];
  readonly values: Float64Array;
  /** The largest change that the repair made to any correlation; 0: the matrix was positive definite as it came. */
  readonly repaired: number;
}

/** On the scale of correlations: below this a pivot is rounding, and the matrix is not safely positive definite. */
const leastPivot = 1e-10;

/**
 * Factors a covariance matrix (Cholesky: Golub and Van Loan 2013, section 4.2). One that is not positive definite, as with more symbols
 * than days, with two symbols that are one, or with covariances from different days, is repaired first: eigenvalues of the correlations
 * that are below 1e-8 are raised to it, and the diagonal is brought back to 1, so that every variance stays what it was (the spectral
 * method of Rebonato and Jäckel 1999, "The most general methodology to create a valid correlation matrix"). A symbol without variance
 * has a row of zeros.
 *
 * Throws a `RangeError` for a matrix that is not square, symmetric and finite, or has a variance below zero.
 */
export function covarianceFactor({ symbols, values: covariances }: CovarianceMatrix): CovarianceFactor {
  const size = symbols.length;
  requireCovariances(covariances, size);
  const deviations = Float64Array.from({ length: size }, (_, i) => Math.sqrt(covariances[i * size + i]!));
  const correlations = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const scale = deviations[i]! * deviations[j]!;
      // What has no variance is left out by standing alone; its deviation of zero takes it out again below.
      correlations[i * size + j] = i === j ? 1 : scale === 0 ? 0 : covariances[i * size + j]! / scale;
    }
  }
  const { factor, repaired } = factorOrRepair(correlations, size);
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) factor[i * size + j]! *= deviations[i]!;
  return { symbols, values: factor, repaired };
}

function factorOrRepair(correlations: Float64Array, size: number): { factor: Float64Array; repaired: number } {
  const factor = cholesky(correlations, size);
  if (factor !== null) return { factor, repaired: 0 };
  const { values, vectors } = symmetricEigen(correlations, size);
  // Bringing the diagonal back shrinks the smallest eigenvalue again: a matrix that is far off needs a higher floor.
  for (let floor = 1e-8; ; floor *= 10) {
    const near = rebuilt(values, vectors, size, floor);
    const found = cholesky(near, size);
    if (found !== null) return { factor: found, repaired: largestDifference(near, correlations) };
  }
}

/** V max(Λ, floor) Vᵀ, scaled to a diagonal of ones. */
function rebuilt(values: Float64Array, vectors: Float64Array, size: number, floor: number): Float64Array {
  const raised = values.map((value) => Math.max(value, floor));
  const near = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += vectors[i * size + k]! * raised[k]! * vectors[j * size + k]!;
      near[i * size + j] = near[j * size + i] = sum;
    }
  }
  const scales = Float64Array.from({ length: size }, (_, i) => Math.sqrt(near[i * size + i]!));
  return near.map((value, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return i === j ? 1 : value / (scales[i]! * scales[j]!);
  });
}

/** The lower triangle, or null when a pivot is too small to divide by. */
function cholesky(matrix: Float64Array, size: number): Float64Array | null {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) rest -= lower[i * size + k]! * lower[j * size + k]!;
      if (i !== j) lower[i * size + j] = rest / lower[j * size + j]!;
      else if (rest > leastPivot) lower[i * size + i] = Math.sqrt(rest);
      else return null;
    }
  }
  return lower;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

function requireCovariances(values: Float64Array, size: number): void {
  if (values.length !== size * size) throw new RangeError(`${values.length} covariances are not ${size} x ${size}`);
  requireFinite(values, 'covariances');
  for (let i = 0; i < size; i++) {
    if (values[i * size + i]! < 0) throw new RangeError(`a variance is below zero: ${values[i * size + i]}`);
    for (let j = 0; j < i; j++) {
      if (values[i * size + j] !== values[j * size + i]) throw new RangeError('the covariances are not symmetric');
    }
  }
}
