/** Eigenvalues and eigenvectors: `vectors[i * size + k]` is the i-th part of the vector that belongs to `values[k]`. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

const mostSweeps = 60;

/**
 * The eigenvalues and orthonormal eigenvectors of a symmetric matrix (square, row after row), in no order, by Jacobi's cyclic rotations:
 * Golub and Van Loan, "Matrix Computations", 4th edition 2013, section 8.5. It converges quadratically; ten sweeps are many. Throws a
 * `RangeError` when it does not converge, which a matrix of finite, symmetric values has no way of bringing about.
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  let whole = 0;
  for (const value of a) whole += value * value;

  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += a[p * size + q]! ** 2;
    if (off <= 1e-30 * whole)
      return { values: Float64Array.from({ length: size }, (_, i) => a[i * size + i]!), vectors };
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  throw new RangeError('the eigenvalues of a matrix were not found: it is not symmetric, or not finite');
}

/** Turns rows and columns p and q so that the value at (p, q) vanishes. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (apq === 0) return;
  const tau = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.hypot(1, tau));
  const cos = 1 / Math.hypot(1, t);
  const sin = t * cos;
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [a[k * size + p]!, a[k * size + q]!];
    a[k * size + p] = cos * kp - sin * kq;
    a[k * size + q] = sin * kp + cos * kq;
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [a[p * size + k]!, a[q * size + k]!];
    a[p * size + k] = cos * pk - sin * qk;
    a[q * size + k] = sin * pk + cos * qk;
    const [vp, vq] = [vectors[k * size + p]!, vectors[k * size + q]!];
    vectors[k * size + p] = cos * vp - sin * vq;
    vectors[k * size + q] = sin * vp + cos * vq;
  }
}
