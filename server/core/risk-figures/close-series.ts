// The daily closes of one symbol, checked once and kept in typed arrays, so that no figure has to look at decimals or dates again.
import type { Price } from '../decimal.ts';
import type { Bar } from '../indicators/bar.ts';
import { dateIn } from '../zoned-day.ts';
import { closesAsNumbers } from './returns.ts';

/** The close of one day. `date` is the market's own day, as `2026-11-20`; the close is adjusted for splits. */
export interface DailyClose {
  readonly date: string;
  readonly close: Price;
}

/** Closes in order of time. `days` counts from 1970-01-01, and is as long as `closes`. */
export interface CloseSeries {
  readonly symbol: string;
  readonly days: Int32Array;
  readonly closes: Float64Array;
}

const dayMs = 86_400_000;
const datePattern = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The closes of daily bars, each on the day that the bar began in a zone: `marketZone` for stocks; for coins it is right as well, where their
 * days begin at midnight in Chicago. Two bars of one day are refused by `closeSeries`.
 */
export const dailyCloses = (bars: readonly Pick<Bar, 'at' | 'close'>[], zone: string): DailyClose[] =>
  bars.map(({ at, close }) => ({ date: dateIn(at, zone), close }));

/** Reads daily closes. Throws a `RangeError` for a date that does not exist, dates that do not ascend, and a close not above zero. */
export function closeSeries(symbol: string, daily: readonly DailyClose[]): CloseSeries {
  const closes = closesAsNumbers(daily.map(({ close }) => close));
  const days = new Int32Array(daily.length);
  for (let i = 0; i < daily.length; i++) {
    days[i] = dayOf(daily[i]!.date);
    if (i > 0 && days[i]! <= days[i - 1]!) {
      throw new RangeError(`${symbol}: ${daily[i]!.date} does not come after ${daily[i - 1]!.date}`);
    }
  }
  return { symbol, days, closes };
}

/** Days from 1970-01-01 to a date such as `2026-11-20`. Throws a `RangeError` for one that does not exist. */
export function dayOf(date: string): number {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
  const at = new Date(Date.UTC(year, month - 1, day));
  // Date.UTC takes 30 February for 2 March, and the year 20 for 1920.
  const exists = at.getUTCDate() === day && at.getUTCMonth() === month - 1 && at.getUTCFullYear() === year;
  if (!exists || !datePattern.test(date)) throw new RangeError(`not a date: ${JSON.stringify(date)}`);
  return at.getTime() / dayMs;
}

/** The date of a day, as `2026-11-20`. */
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** Saturday or Sunday, when stocks have no close and coins have one. */
export const isWeekend = (day: number): boolean => {
  const weekday = (((day + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday.
  return weekday === 0 || weekday === 6;
};
