import { dateIn, marketZone, startOfDay } from '../../core/zoned-day.ts';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const dayMs = 86_400_000;
/** Half past nine. The clocks change on Sundays, when no session is held. */
const openingMs = 9.5 * 3_600_000;

/**
 * The length of a bar in seconds from a timeframe as scripts write it: "5m", "1h", "4H", "1D", "30s", TradingView's own
 * `{{interval}}` ("5", "60", "D", "1W", "15S"), where a bare number is minutes; null: not a timeframe. A capital "M" is months,
 * as in TradingView's intervals ("1M"), and counts 30 days here.
 */
export function barSecondsOf(timeframe: string | null): number | null {
  const match = /^(\d{0,4})\s*(s|sec|m|min|h|d|w|M|S|H|D|W)?$/.exec(timeframe?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === undefined)) return null;
  const count = match[1] === '' ? 1 : Number(match[1]);
  if (count === 0) return null;
  const unit = match[2];
  if (unit === undefined) return count * 60;
  if (unit === 'M') return count * 30 * 86_400;
  return count * unitSeconds[unit[0]!.toLowerCase()]!;
}

/**
 * The bar that a moment falls in, from `start`, up to but not including `end`, as a chart of US stocks draws it: bars within a day are
 * counted from the opening at 9:30 in New York, bars of whole days in days of New York, and weeks begin on Monday.
 */
export function barOf(at: Date, barSeconds: number): { readonly start: Date; readonly end: Date } {
  const barMs = barSeconds * 1000;
  if (barMs % dayMs !== 0) {
    const opening = startOfDay(at, marketZone).getTime() + openingMs;
    const start = opening + Math.floor((at.getTime() - opening) / barMs) * barMs;
    return { start: new Date(start), end: new Date(start + barMs) };
  }
  const days = barMs / dayMs;
  const day = Date.parse(`${dateIn(at, marketZone)}T00:00:00Z`) / dayMs;
  // 5 January 1970, day 4 of the epoch, was a Monday.
  const first = Math.floor((day - 4) / days) * days + 4;
  return { start: startOfMarketDay(first), end: startOfMarketDay(first + days) };
}

/** When a day began in New York, counted from 1 January 1970. Noon in UTC is that same date there. */
const startOfMarketDay = (day: number): Date => startOfDay(new Date((day + 0.5) * dayMs), marketZone);
