// The averages and extremes that indicators of charts are made of. Values may begin with nulls; each answers null until it has enough.
import type { Series } from './series-indicator.ts';

/** Of each `size` values in a row. */
function over(values: Series, size: number, of: (window: readonly number[]) => number): Series {
  return values.map((_, at) => {
    if (at + 1 < size) return null;
    const window = values.slice(at + 1 - size, at + 1);
    return window.every((value): value is number => value !== null) ? of(window) : null;
  });
}

const meanOf = (window: readonly number[]): number => window.reduce((sum, value) => sum + value, 0) / window.length;

/** The mean of the last `size` values. */
export const simple = (values: Series, size: number): Series => over(values, size, meanOf);

/** The newest value counts `size` times, the oldest once. */
export const weighted = (values: Series, size: number): Series =>
  over(
    values,
    size,
    (window) => window.reduce((sum, value, at) => sum + value * (at + 1), 0) / ((size * (size + 1)) / 2),
  );

/** The deviation from the mean of the whole population, as Bollinger has it. */
export const deviation = (values: Series, size: number): Series =>
  over(values, size, (window) => {
    const mean = meanOf(window);
    return Math.sqrt(meanOf(window.map((value) => (value - mean) ** 2)));
  });

/** How far the values of a window are from its mean, on average. */
export const meanDeviation = (values: Series, size: number): Series =>
  over(values, size, (window) => {
    const mean = meanOf(window);
    return meanOf(window.map((value) => Math.abs(value - mean)));
  });

export const highest = (values: Series, size: number): Series => over(values, size, (window) => Math.max(...window));
export const lowest = (values: Series, size: number): Series => over(values, size, (window) => Math.min(...window));
export const total = (values: Series, size: number): Series =>
  over(values, size, (window) => window.reduce((sum, value) => sum + value, 0));

/** Starts with the mean of the first `size` values; then each new one pulls by `share`. */
function smoothed(values: Series, size: number, share: number): Series {
  const first = values.findIndex((value) => value !== null);
  let before: number | null = null;
  return values.map((value, at) => {
    if (value === null || first < 0 || at < first + size - 1) return null;
    before =
      before === null ? meanOf(values.slice(first, first + size) as number[]) : before + share * (value - before);
    return before;
  });
}

/** Exponential: each value pulls by 2 / (size + 1). Started by the simple mean, as TA-Lib does. */
export const exponential = (values: Series, size: number): Series => smoothed(values, size, 2 / (size + 1));

/** Wilder's (1978, "New Concepts in Technical Trading Systems"): each value pulls by 1 / size. */
export const wilder = (values: Series, size: number): Series => smoothed(values, size, 1 / size);

/** Two series, value by value; null where either has none. */
export const combine = (a: Series, b: Series, of: (a: number, b: number) => number): Series =>
  a.map((value, at) => {
    const other = b[at] ?? null;
    return value === null || other === null ? null : of(value, other);
  });
