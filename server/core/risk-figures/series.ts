// What is true of every figure here. Data that cannot be meant (not finite, lengths that differ, a confidence of 2) throw a
// `RangeError`: the caller is wrong. Good data that do not settle the figure (too few, or all the same where it divides by their
// spread) answer null: nobody is wrong, and the figure is not known. No figure is ever NaN or infinite.

/** Numbers in order of time: a typed array or a plain one. */
export type Series = ArrayLike<number>;

/** Squares and sums of squares of anything up to here are finite. */
export const largest = 1e150;

/** Throws a `RangeError` that names the first value that is not finite, or beyond 1e150. */
export function requireFinite(series: Series, name: string): void {
  for (let i = 0; i < series.length; i++) {
    const value = series[i]!;
    if (!(Math.abs(value) <= largest)) throw new RangeError(`${name}[${i}] is not a usable number: ${value}`);
  }
}

/** Throws a `RangeError` unless the value is finite and above zero. */
export function requirePositive(value: number, name: string): void {
  if (!(value > 0 && value <= largest)) throw new RangeError(`${name} must be above zero: ${value}`);
}

/** Throws a `RangeError` unless the value is a whole number of at least `least`. */
export function requireCount(value: number, least: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be a whole number of at least ${least}: ${value}`);
  }
}

/**
 * Whether all values are the same; of an empty series, true. The spread of such a series is exactly zero, which sums of rounded
 * differences from a rounded mean do not always say.
 */
export function isConstant(series: Series): boolean {
  for (let i = 1; i < series.length; i++) if (series[i] !== series[0]) return false;
  return true;
}

/** The arithmetic mean; null of an empty series. Expects finite values. */
export function mean(series: Series): number | null {
  if (series.length === 0) return null;
  let sum = 0;
  for (let i = 0; i < series.length; i++) sum += series[i]!;
  return sum / series.length;
}
