import { fromAmount } from '../risk-figures/amounts.ts';
import type { DailyReturnSeries } from './day-close.ts';

/** A month's return, a fraction. */
export interface MonthReturn {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly value: number;
}

/** A year's return, a fraction; the first and the last may be parts of one. */
export interface YearReturn {
  readonly year: number;
  readonly value: number;
}

/** Returns of each month and year in New York that has one: the days' returns linked, the product of (1 + r), less 1 (Bacon 2008, chapter 2). */
export function monthlyReturns({ index, closes }: DailyReturnSeries): {
  readonly months: readonly MonthReturn[];
  readonly years: readonly YearReturn[];
} {
  const lengthOf = { year: 4, month: 7 } as const;
  const linked = (by: keyof typeof lengthOf): Map<string, number> => {
    const found = new Map<string, number>();
    let from = 0;
    for (let i = 1; i < closes.length; i++) {
      const key = closes[i]!.day.slice(0, lengthOf[by]);
      if (closes[i - 1]!.day.slice(0, lengthOf[by]) !== key) from = i - 1;
      found.set(key, fromAmount(index[i]!) / fromAmount(index[from]!) - 1);
    }
    return found;
  };
  return {
    months: [...linked('month')].map(([key, value]) => ({
      year: Number(key.slice(0, 4)),
      month: Number(key.slice(5)),
      value,
    })),
    years: [...linked('year')].map(([key, value]) => ({ year: Number(key), value })),
  };
}
