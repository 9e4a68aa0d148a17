/** A calendar day as the number of days since 1970-01-01. */
export type CivilDay = number;

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** The day of a date; months from 1. Days past the month's end run over into the next one. */
export const civilDay = (year: number, month: number, date: number): CivilDay =>
  Date.UTC(year, month - 1, date) / dayMs;

/** `2026-11-20`. */
export const dayText = (day: CivilDay): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** Reads `2026-11-20`, or the date of an RFC 3339 time as it is written; null when it is neither. */
export function readDay(text: string): CivilDay | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:$|[T ])/.exec(text);
  if (!match) return null;
  const day = civilDay(Number(match[1]), Number(match[2]), Number(match[3]));
  return dayText(day) === match[0].slice(0, 10) ? day : null;
}

/** 0 is Sunday. */
export const weekdayOf = (day: CivilDay): number => (((day + 4) % 7) + 7) % 7;

export const yearOf = (day: CivilDay): number => new Date(day * dayMs).getUTCFullYear();

/** Months since year 0, so that months can be counted across years. */
export function monthOf(day: CivilDay): number {
  const date = new Date(day * dayMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The `nth` weekday (0: Sunday) of a month, from 1; negative: from the month's end. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): CivilDay {
  if (nth > 0) {
    const first = civilDay(year, month, 1);
    return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1);
  }
  const last = civilDay(year, month + 1, 0);
  return last - ((weekdayOf(last) - weekday + 7) % 7) + 7 * (nth + 1);
}

/** A zone of the United States that observes daylight saving time. */
export interface UsZone {
  readonly name: string;
  /** Minutes east of Greenwich in winter. */
  readonly standard: number;
}
export const newYork: UsZone = { name: 'America/New_York', standard: -300 };
/** Alpaca's days of crypto begin at midnight in Chicago. */
export const chicago: UsZone = { name: 'America/Chicago', standard: -360 };

const changes = new Map<number, { readonly begins: CivilDay; readonly ends: CivilDay }>();

/** Daylight saving time of a year: since 2007 by the Energy Policy Act of 2005, before that as from 1987 on. */
function daylightOf(year: number): { readonly begins: CivilDay; readonly ends: CivilDay } {
  let change = changes.get(year);
  if (!change) {
    change =
      year >= 2007
        ? { begins: nthWeekday(year, 3, 0, 2), ends: nthWeekday(year, 11, 0, 1) }
        : { begins: nthWeekday(year, 4, 0, 1), ends: nthWeekday(year, 10, 0, -1) };
    changes.set(year, change);
  }
  return change;
}

/** Minutes east of Greenwich at a moment (milliseconds since 1970). Right from 1987 on. */
export function offsetAt(ms: number, zone: UsZone): number {
  // Both changes are at 2:00 wall time, which in standard time is 2:00 in spring and 1:00 in autumn.
  const standard = ms + zone.standard * minuteMs;
  const { begins, ends } = daylightOf(new Date(standard).getUTCFullYear());
  const summer = standard >= begins * dayMs + 120 * minuteMs && standard < ends * dayMs + 60 * minuteMs;
  return zone.standard + (summer ? 60 : 0);
}

/** The day and the minute of the day that a wall clock in the zone shows. */
export function wallTime(ms: number, zone: UsZone): { readonly day: CivilDay; readonly minute: number } {
  const local = ms + offsetAt(ms, zone) * minuteMs;
  const day = Math.floor(local / dayMs);
  return { day, minute: Math.floor((local - day * dayMs) / minuteMs) };
}

/** The moment at which a wall clock in the zone shows a minute of a day; of two such moments the first. */
export function momentOf(day: CivilDay, minute: number, zone: UsZone): number {
  const inWinter = day * dayMs + (minute - zone.standard) * minuteMs;
  const inSummer = inWinter - 60 * minuteMs;
  return offsetAt(inSummer, zone) === zone.standard + 60 ? inSummer : inWinter;
}

/** RFC 3339 with the zone's offset, to the second. */
export function zonedText(ms: number, zone: UsZone): string {
  const offset = offsetAt(ms, zone);
  const hours = String(Math.abs(offset) / 60).padStart(2, '0');
  return `${new Date(ms + offset * minuteMs).toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${hours}:00`;
}
