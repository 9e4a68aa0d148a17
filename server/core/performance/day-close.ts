// What an account was worth at the end of each of its days, and the returns of those days. Money that was paid in or out is no return: it is
// taken out of the day on which it came.
import { type Big, decimal, type Money, money, rounding } from '../decimal.ts';
import { fromAmount } from '../risk-figures/amounts.ts';
import { dayOf, isWeekend } from '../risk-figures/close-series.ts';
import { periodsPerYear } from '../risk-figures/volatility.ts';

/** The end of a day in New York, by its date. */
export interface DayClose {
  readonly day: string;
  readonly equity: Money;
  /** Paid in since the close before, negative for what was paid out. */
  readonly paidIn: Money;
}

/** Returns between closes, and what 100 at the first close would have become. */
export interface DailyReturnSeries {
  /** The day of each return: one fewer than there are closes. */
  readonly days: readonly string[];
  /** Fractions: 0.01 is one percent. */
  readonly returns: Float64Array;
  /** The closes that were counted, the first before the first return. */
  readonly closes: readonly DayClose[];
  /** 100 at the first close, and what it had become at each; free of payments. */
  readonly index: readonly Money[];
  /** By which a figure of a day becomes one of a year: 252, or 365 where the account moved on a weekend. */
  readonly periods: number;
}

const start = money('100');
/** Digits that an index keeps: far more than are shown. */
const indexPlaces = 12;
const zero = decimal('0');
const one = decimal('1');

/**
 * The time-weighted return of each day, (close - paid in) / close before - 1: a payment counts from the end of its day (Bacon 2008, "Practical
 * Portfolio Performance Measurement and Attribution", 2nd edition, chapter 2). Where nothing was recorded for days, the first close after them
 * has the return of all of them.
 *
 * Weekends are left out unless the account moved on one, as one with coins does; a payment on a weekend counts on the day after it. Null with
 * fewer than two closes, and of an account that was worth nothing or less at a close: a share of nothing is not known.
 */
export function dailyReturns(closes: readonly DayClose[]): DailyReturnSeries | null {
  const weekends = movedOnWeekend(closes);
  const counted = weekends ? closes : withoutWeekends(closes);
  if (counted.length < 2 || counted.some(({ equity }) => equity.lte('0'))) return null;
  const index: Money[] = [start];
  const returns = new Float64Array(counted.length - 1);
  for (let i = 1; i < counted.length; i++) {
    const factor = growth(counted[i - 1]!, counted[i]!);
    returns[i - 1] = fromAmount(factor.minus(one));
    index.push(money(index[i - 1]!.times(factor).round(indexPlaces, rounding.halfEven)));
  }
  const periods = weekends ? periodsPerYear.coins : periodsPerYear.stocks;
  return { days: counted.slice(1).map(({ day }) => day), returns, closes: counted, index, periods };
}

const growth = (before: DayClose, now: DayClose): Big => now.equity.minus(now.paidIn).div(before.equity);

const onWeekend = ({ day }: DayClose): boolean => isWeekend(dayOf(day));

function movedOnWeekend(closes: readonly DayClose[]): boolean {
  return closes.some((now, i) => i > 0 && onWeekend(now) && !now.equity.minus(now.paidIn).eq(closes[i - 1]!.equity));
}

function withoutWeekends(closes: readonly DayClose[]): readonly DayClose[] {
  let waiting: Big = zero;
  return closes.flatMap((close) => {
    if (onWeekend(close)) {
      waiting = waiting.plus(close.paidIn);
      return [];
    }
    const paidIn = money(close.paidIn.plus(waiting));
    waiting = zero;
    return [{ ...close, paidIn }];
  });
}

/** What the returns come to over all of them: 0.2 is 20 %. */
export const totalReturn = ({ index }: DailyReturnSeries): Big => index.at(-1)!.div(start).minus(one);
