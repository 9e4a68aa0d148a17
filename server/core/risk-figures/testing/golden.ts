// What numpy and scipy said of made-up data: golden/risk_figures.py made the file, and nothing of this code had a part in it.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { money, price } from '../../decimal.ts';
import { type CommonDays, commonReturns, type DailyReturns } from '../alignment.ts';
import { type CloseSeries, closeSeries, type DailyClose } from '../close-series.ts';
import type { Exposure } from '../portfolio.ts';

interface Tail {
  readonly confidence: number;
  readonly historicalVar: number;
  readonly historicalEs: number;
  readonly parametricVar: number;
  readonly parametricEs: number;
  readonly parametricVarWithMean: number;
}

interface Golden {
  readonly closes: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  readonly returns: { readonly simple: readonly number[]; readonly log: readonly number[] };
  readonly table: {
    readonly symbols: readonly string[];
    readonly dates: readonly string[];
    readonly returns: readonly (readonly number[])[];
  };
  readonly volatility: {
    readonly sample: number;
    readonly annual: number;
    readonly weighted: number;
    readonly weighted97: number;
    readonly rolling20: readonly number[];
  };
  /** Two symbols, the correlation over all common days, how many, and the one over the last 60. */
  readonly correlations: readonly (readonly [string, string, number, number, number])[];
  readonly covariance: readonly (readonly number[])[];
  readonly cholesky: readonly (readonly number[])[];
  readonly tails: { readonly oneDay: readonly Tail[]; readonly tenDays: readonly Tail[] };
  readonly portfolio: {
    readonly held: Readonly<Record<string, string>>;
    readonly order: { readonly symbol: string; readonly value: string };
    readonly equity: string;
    readonly profits: readonly number[];
    readonly profitsAfter: readonly number[];
    readonly volatility: number;
    readonly deviation: number;
    readonly deviationAfter: number;
    readonly before: readonly Tail[];
    readonly after: readonly Tail[];
    readonly marginal: readonly number[];
    readonly component: readonly number[];
  };
  readonly inverseNormal: readonly (readonly [number, number])[];
  readonly repair: {
    readonly covariance: readonly (readonly number[])[];
    readonly repaired: readonly (readonly number[])[];
    readonly change: number;
  };
  readonly drawdown: {
    readonly equity: readonly string[];
    readonly fractions: readonly number[];
    readonly maximum: {
      readonly fraction: number;
      readonly peakIndex: number;
      readonly troughIndex: number;
      readonly recoveredIndex: number | null;
    };
  };
  readonly kelly: {
    readonly trades: readonly string[];
    readonly winRate: number;
    readonly payoffRatio: number;
    readonly full: number;
    readonly ofReturns: number;
  };
}

export const golden = JSON.parse(
  readFileSync(new URL('../golden/risk-figures.golden.json', import.meta.url), 'utf8'),
) as Golden;

/** The closes of a symbol of the golden file, as the product is given them. */
export const goldenCloses = (symbol: string): DailyClose[] =>
  golden.closes[symbol]!.map(([date, close]) => ({ date, close: price(close) }));

export const goldenSeries = (symbol: string): CloseSeries => closeSeries(symbol, goldenCloses(symbol));

/** The golden symbols on their common days, as numpy was given them unless told otherwise. */
export function goldenTable(options: CommonDays = { days: 250, atLeast: 250 }): DailyReturns {
  return commonReturns(golden.table.symbols.map(goldenSeries), options).table!;
}

export const goldenHeld = (): Exposure[] =>
  Object.entries(golden.portfolio.held).map(([symbol, value]) => ({ symbol, value: money(value) }));

export const goldenOrder = (): Exposure => ({
  symbol: golden.portfolio.order.symbol,
  value: money(golden.portfolio.order.value),
});

/** Within 1e-9 of what is expected, relative to it. */
export function expectNear(actual: number | null | undefined, expected: number, relative = 1e-9): void {
  expect(actual).toBeTypeOf('number');
  expect(Math.abs(actual! - expected), `${actual} is not within ${relative} of ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected),
  );
}

/** Each value near its own; returns near zero are what is left of a difference, and as exact as the closes they came from. */
export function expectAllNear(actual: ArrayLike<number>, expected: readonly number[], absolute = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    const apart = Math.abs(actual[i]! - value);
    expect(apart, `[${i}]: ${actual[i]} for ${value}`).toBeLessThanOrEqual(1e-9 * Math.abs(value) + absolute);
  });
}
