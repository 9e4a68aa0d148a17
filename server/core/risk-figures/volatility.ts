// How much a series of returns (or of profits) moves. A deviation has the unit of its series: a fraction of returns, money of profits.
import { isConstant, mean, requireCount, requireFinite, requirePositive, type Series } from './series.ts';

/** Periods in a year: days on which US stocks trade, and days on which coins do. */
export const periodsPerYear = { stocks: 252, coins: 365 } as const;

/** The decay of RiskMetrics for daily data. */
export const riskMetricsDecay = 0.94;

/**
 * The sample variance, Σ(x - mean)² / (n - 1). Null with fewer than two values; of a constant series exactly 0. Throws a `RangeError`
 * for a value that is not finite.
 */
export function sampleVariance(series: Series): number | null {
  requireFinite(series, 'series');
  if (series.length < 2) return null;
  if (isConstant(series)) return 0;
  const center = mean(series)!;
  let squares = 0;
  for (let i = 0; i < series.length; i++) squares += (series[i]! - center) ** 2;
  return squares / (series.length - 1);
}

/** The sample standard deviation, the square root of `sampleVariance`; null and errors as there. */
export function sampleDeviation(series: Series): number | null {
  const variance = sampleVariance(series);
  return variance === null ? null : Math.sqrt(variance);
}

/**
 * A deviation per period as one per year: times √periods, which supposes that returns of different days have nothing to do with each
 * other. Throws a `RangeError` for a deviation below zero or periods that are not above zero.
 */
export function annualised(deviation: number, periods: number): number {
  requirePositive(periods, 'periods');
  if (!(deviation >= 0 && Number.isFinite(deviation))) throw new RangeError(`not a deviation: ${deviation}`);
  return deviation * Math.sqrt(periods);
}

/**
 * The exponentially weighted deviation: the square root of Σ w[i] x[i]², where weights fall by `decay` from the newest value to the
 * oldest and add up to 1. Around zero, not around the mean (RiskMetrics Technical Document, 4th edition 1996, chapter 5), and
 * with the weights of a finite history made to add up, so that no starting value has to be invented.
 *
 * Null of an empty series. Throws a `RangeError` for a value that is not finite, or a decay that does not lie between 0 and 1.
 */
export function weightedDeviation(series: Series, decay: number = riskMetricsDecay): number | null {
  requireFinite(series, 'series');
  if (!(decay > 0 && decay < 1)) throw new RangeError(`a decay must lie between 0 and 1: ${decay}`);
  if (series.length === 0) return null;
  let [squares, weights, weight] = [0, 0, 1];
  for (let i = series.length - 1; i >= 0; i--) {
    squares += weight * series[i]! ** 2;
    weights += weight;
    weight *= decay;
  }
  return Math.sqrt(squares / weights);
}

/**
 * The sample deviation of each window of `length` values, the first ending at `series[length - 1]`: `series.length - length + 1` of
 * them. Null when the series is shorter than the window. Throws a `RangeError` for a window under two values.
 */
export function rollingDeviation(series: Series, length: number): Float64Array | null {
  requireCount(length, 2, 'length');
  const values = Float64Array.from(series);
  requireFinite(values, 'series');
  if (values.length < length) return null;
  return Float64Array.from(
    { length: values.length - length + 1 },
    (_, i) => sampleDeviation(values.subarray(i, i + length))!,
  );
}
