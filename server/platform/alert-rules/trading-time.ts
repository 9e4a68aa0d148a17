import type { MarketFacts } from '../../core/model/market-facts.ts';
import { dateIn, marketZone, startOfDay } from '../../core/zoned-day.ts';

const hourMs = 3_600_000;
/** Longer than anybody waits: what is older counts as this old. */
const mostDays = 400;

/**
 * How long stocks were traded between two moments, in milliseconds. Days that the calendar does not reach count as weekdays with regular hours,
 * from 9:30 to 16:00 in New York.
 */
export function tradingMsBetween(from: Date, until: Date, market: Pick<MarketFacts, 'session'>): number {
  let total = 0;
  let day = startOfDay(from, marketZone);
  for (let count = 0; count < mostDays && day < until; count++) {
    const session = sessionOf(day, market);
    if (session !== null) {
      const begins = Math.max(session.opensAtMs, from.getTime());
      const ends = Math.min(session.closesAtMs, until.getTime());
      total += Math.max(0, ends - begins);
    }
    // Days in New York have 23 to 25 hours.
    day = startOfDay(new Date(day.getTime() + 26 * hourMs), marketZone);
  }
  return total;
}

function sessionOf(
  day: Date,
  market: Pick<MarketFacts, 'session'>,
): { readonly opensAtMs: number; readonly closesAtMs: number } | null {
  const known = market.session(new Date(day.getTime() + 12 * hourMs));
  if (known === 'closed') return null;
  if (known !== null) return { opensAtMs: known.opensAt.getTime(), closesAtMs: known.closesAt.getTime() };
  const weekday = new Date(`${dateIn(day, marketZone)}T00:00:00Z`).getUTCDay();
  // Clocks change on Sundays: on a weekday the session is so long after midnight.
  return weekday === 0 || weekday === 6
    ? null
    : { opensAtMs: day.getTime() + 9.5 * hourMs, closesAtMs: day.getTime() + 16 * hourMs };
}
