// Figures that set a return beside the risk it took. A year of risk-free money is taken to earn nothing: the figures are a little higher than
// with a bill's rate, and the same whatever that is. Ratios are floats; null: the data do not settle them.
import { fromAmount } from '../risk-figures/amounts.ts';
import { dayOf } from '../risk-figures/close-series.ts';
import { type MaximumDrawdown, maximumDrawdown } from '../risk-figures/drawdown.ts';
import { isConstant, mean } from '../risk-figures/series.ts';
import { annualised, sampleDeviation } from '../risk-figures/volatility.ts';
import type { DailyReturnSeries } from './day-close.ts';

/** Fewer daily returns than these say nothing about a Sharpe or a Sortino ratio, or how much equity moves. */
export const fewestReturns = 20;
/** Fewer calendar days than these are not made into a year: a week's luck would be a fortune. */
export const fewestDaysForAYear = 90;
/** The mean length of a Gregorian year in days, leap years counted. */
const daysPerYear = 365.25;

/** How much the returns move in a year: their sample deviation times the square root of the periods. A fraction. */
export function yearlyVolatility({ returns, periods }: DailyReturnSeries): number | null {
  const deviation = sampleDeviation(returns);
  return deviation === null ? null : annualised(deviation, periods);
}

/**
 * Mean over sample deviation of the returns, times the square root of the periods (W. F. Sharpe 1994, "The Sharpe Ratio", Journal of Portfolio
 * Management 21(1)). Null with fewer than two returns, and of returns that do not vary.
 */
export function sharpeRatio({ returns, periods }: DailyReturnSeries): number | null {
  if (returns.length < 2 || isConstant(returns)) return null;
  return (mean(returns)! / sampleDeviation(returns)!) * Math.sqrt(periods);
}

/**
 * Mean over downside deviation, the root of the mean of min(return, 0) squared over all returns, times the square root of the periods (F. A.
 * Sortino and L. N. Price 1994, "Performance Measurement in a Downside Risk Framework", Journal of Investing 3(3)). Null without a return
 * below zero: there is no downside to divide by.
 */
export function sortinoRatio({ returns, periods }: DailyReturnSeries): number | null {
  let squares = 0;
  for (const value of returns) squares += Math.min(value, 0) ** 2;
  if (squares === 0) return null;
  return (mean(returns)! / Math.sqrt(squares / returns.length)) * Math.sqrt(periods);
}

/** Calendar days from the first close to the last. */
export function calendarDays({ closes }: Pick<DailyReturnSeries, 'closes'>): number {
  return daysBetween(closes[0]!.day, closes.at(-1)!.day);
}

/** Calendar days from one date to another. */
export const daysBetween = (from: string, to: string): number => dayOf(to) - dayOf(from);

/**
 * The growth of a year that comes to the same: (last / first)^(365.25 / days) - 1, of the index that knows no payments (Bacon 2008, chapter 3).
 * Null of a day or less.
 */
export function yearlyGrowth(series: DailyReturnSeries): number | null {
  const days = calendarDays(series);
  if (days < 1) return null;
  const growth = fromAmount(series.index.at(-1)!) / fromAmount(series.index[0]!);
  // What was lost entirely has no rate.
  return growth > 0 ? growth ** (daysPerYear / days) - 1 : null;
}

/**
 * Growth of a year over the deepest drawdown (T. W. Young 1991, "Calmar Ratio: A Smoother Tool", Futures 20(1)), over the period that is looked
 * at. Null while nothing was lost.
 */
export function calmarRatio(series: DailyReturnSeries): number | null {
  const [growth, deepest] = [yearlyGrowth(series), maximumDrawdown(series.index)];
  if (growth === null || deepest === null || deepest.fraction.eq('0')) return null;
  return growth / fromAmount(deepest.fraction);
}

/** A drawdown by its days. */
export interface DatedDrawdown {
  readonly deepest: MaximumDrawdown;
  readonly peakDay: string;
  readonly troughDay: string;
  /** Null: not back yet. */
  readonly recoveredDay: string | null;
  /** Calendar days from the peak until it was reached again, or until now. */
  readonly days: number;
}

/** The deepest drawdown of the index by closes, with its days; null while nothing was lost. */
export function datedDrawdown({ index, closes }: DailyReturnSeries): DatedDrawdown | null {
  const deepest = maximumDrawdown(index);
  if (deepest === null || deepest.amount.eq('0')) return null;
  const dayAt = (at: number): string => closes[at]!.day;
  const recoveredDay = deepest.recoveredIndex === null ? null : dayAt(deepest.recoveredIndex);
  const peakDay = dayAt(deepest.peakIndex);
  return {
    ...{ deepest, peakDay, troughDay: dayAt(deepest.troughIndex), recoveredDay },
    days: daysBetween(peakDay, recoveredDay ?? closes.at(-1)!.day),
  };
}

/** Time below the highest close there had been. */
export interface UnderWater {
  /** The longest stretch from a highest close to the next that reaches it, or to the last close; calendar days. */
  readonly longestDays: number;
  /** The same of the stretch that is not over; 0: the last close is the highest. */
  readonly currentDays: number;
  /** Of all returns those that ended below, a fraction. */
  readonly share: number;
}

/** How long the index was below its highest close (Bacon 2008, chapter 4: the drawdown duration). */
export function underWater({ index, closes }: DailyReturnSeries): UnderWater {
  let [peakAt, longestDays, below] = [0, 0, 0];
  for (let i = 1; i < index.length; i++) {
    const days = daysBetween(closes[peakAt]!.day, closes[i]!.day);
    const back = index[i]!.gte(index[peakAt]!);
    if (!back) below++;
    // A peak that is followed by a higher one at once was never left.
    if (!back || i - peakAt > 1) longestDays = Math.max(longestDays, days);
    if (back) peakAt = i;
  }
  const currentDays = peakAt === index.length - 1 ? 0 : daysBetween(closes[peakAt]!.day, closes.at(-1)!.day);
  return { longestDays, currentDays, share: below / (index.length - 1) };
}
