import { type CivilDay, civilDay, momentOf, monthOf, type UsZone, wallTime, weekdayOf } from '../calendar/civil-day.ts';

/** The span of a bar: minutes within a day, or days, weeks or months by the calendar. */
export type Timeframe =
  | { readonly unit: 'minute'; readonly count: number }
  | { readonly unit: 'day' | 'week' | 'month'; readonly count: number };

/** Reads `5Min`, `1Hour`, `1Day`, `1Week`, `3Month` and their short forms as Alpaca has them; null for what it has not. */
export function readTimeframe(text: string): Timeframe | null {
  const match = /^(\d{1,2})(Min|T|Hour|H|Day|D|Week|W|Month|M)$/.exec(text);
  if (!match) return null;
  const count = Number(match[1]);
  switch (match[2]) {
    case 'Min':
    case 'T':
      return count >= 1 && count <= 59 ? { unit: 'minute', count } : null;
    case 'Hour':
    case 'H':
      return count >= 1 && count <= 23 ? { unit: 'minute', count: count * 60 } : null;
    case 'Day':
    case 'D':
      return count === 1 ? { unit: 'day', count } : null;
    case 'Week':
    case 'W':
      return count === 1 ? { unit: 'week', count } : null;
    default:
      return [1, 2, 3, 4, 6, 12].includes(count) ? { unit: 'month', count } : null;
  }
}

/** The first day of the span of days in which a day lies. Weeks begin on Mondays; months are counted from January. */
export function spanOf(day: CivilDay, { unit, count }: Timeframe): CivilDay {
  if (unit === 'week') return day - ((weekdayOf(day) + 6) % 7);
  if (unit !== 'month') return day;
  const month = monthOf(day);
  const first = month - (month % count);
  return civilDay(Math.floor(first / 12), (first % 12) + 1, 1);
}

/** The first day of the span after the one that begins on `first`. */
export function nextSpan(first: CivilDay, { unit, count }: Timeframe): CivilDay {
  if (unit === 'week') return first + 7;
  if (unit !== 'month') return first + 1;
  const month = monthOf(first) + count;
  return civilDay(Math.floor(month / 12), (month % 12) + 1, 1);
}

/** The moment at which the span of minutes begins in which `at` lies; spans are counted from midnight in the zone. */
export function minuteSpan(at: number, minutes: number, zone: UsZone): number {
  const { minute } = wallTime(at, zone);
  return at - (at % 60_000) - (minute % minutes) * 60_000;
}

/** The first moment of a day. */
export const dayStart = (day: CivilDay, zone: UsZone): Date => new Date(momentOf(day, 0, zone));
