import type { MarketFacts } from '../../core/model/market-facts.ts';
import type { HeartbeatSettings } from '../../core/model/sequence.ts';
import { dateIn, marketZone, startOfDay } from '../../core/zoned-day.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** The regular session of US stocks, where the calendar does not reach: from 9:30 to 16:00 in New York on weekdays. */
const opensAfterMs = 9.5 * hourMs;
const closesAfterMs = 16 * hourMs;
/** The market is never closed for so long; what is not due by then is not counted further. */
const mostDays = 400;

/**
 * The moment by which a strategy that was heard of at `since` must be heard of again: so many minutes later, of those that count. Days that the
 * calendar does not reach count as weekdays with regular hours: not to know is no reason to call nobody.
 */
export function expectedBy(
  since: Date,
  minutes: number,
  when: HeartbeatSettings['when'],
  market: Pick<MarketFacts, 'session'>,
): Date {
  let leftMs = minutes * minuteMs;
  if (when === 'always') return new Date(since.getTime() + leftMs);
  let at = since;
  for (let day = 0; day < mostDays; day++) {
    const hours = sessionOf(at, market);
    if (hours !== null) {
      const from = Math.max(hours.opensAt, at.getTime());
      const open = Math.max(0, hours.closesAt - from);
      if (leftMs <= open) return new Date(from + leftMs);
      leftMs -= open;
    }
    at = nextDay(at);
  }
  return at;
}

/** Null: there is none on that day. */
function sessionOf(at: Date, market: Pick<MarketFacts, 'session'>): { opensAt: number; closesAt: number } | null {
  const known = market.session(at);
  if (known === 'closed') return null;
  if (known !== null) return { opensAt: known.opensAt.getTime(), closesAt: known.closesAt.getTime() };
  const start = startOfDay(at, marketZone).getTime();
  const weekday = new Date(`${dateIn(at, marketZone)}T00:00:00Z`).getUTCDay();
  // Clocks change on Sundays: on a weekday the session is so long after midnight.
  return weekday === 0 || weekday === 6 ? null : { opensAt: start + opensAfterMs, closesAt: start + closesAfterMs };
}

/** The first moment of the day after, in New York: days there have 23 to 25 hours. */
const nextDay = (at: Date): Date => {
  const start = startOfDay(at, marketZone);
  return startOfDay(new Date(start.getTime() + 26 * hourMs), marketZone);
};
