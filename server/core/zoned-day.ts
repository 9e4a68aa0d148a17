/** The zone in which US markets count their days. */
export const marketZone = 'America/New_York';

const formats = new Map<string, Intl.DateTimeFormat>();

/** The moment at which the day that `at` falls in began in an IANA zone; a day that skips midnight begins at its first moment. */
export function startOfDay(at: Date, zone: string): Date {
  const since = at.getTime() - (last?.start ?? 0);
  if (last?.zone === zone && since >= 0 && since < surelyMs) return new Date(last.start);
  const day = dateIn(at, zone);
  const key = `${zone} ${day}`;
  let start = starts.get(key);
  if (start === undefined) {
    start = searchStart(day, zone);
    if (starts.size >= mostStarts) starts.clear();
    starts.set(key, start);
  }
  last = { zone, start };
  return new Date(start);
}

/** The day that was asked for last: a decision asks for it several times, and its date alone takes longer than a rule. */
let last: { readonly zone: string; readonly start: number } | null = null;
/** A day is no shorter than this where clocks are put ahead; an hour less, to be sure. */
const surelyMs = 22 * 3_600_000;

/** Days whose start was searched for: decisions ask for today's over and over. */
const starts = new Map<string, number>();
const mostStarts = 512;

function searchStart(day: string, zone: string): number {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  // Offsets reach from -12 h to +14 h: the day begins within these hours around UTC's midnight. Days are counted by Intl alone,
  // so the first moment that has this date is searched for, and no offset is computed by hand.
  const midnightUtc = Date.UTC(year, month - 1, date);
  let before = midnightUtc - 15 * hourMs;
  let reached = midnightUtc + 13 * hourMs;
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2);
    if (dateIn(new Date(middle), zone) < day) before = middle;
    else reached = middle;
  }
  return reached;
}

/** The calendar date of a moment in an IANA zone, as `2026-11-20`. */
export function dateIn(at: Date, zone: string): string {
  // No zone's day begins within a quarter of an hour, since there are time zones.
  const quarter = Math.floor(at.getTime() / 900_000);
  if (lastDate?.quarter !== quarter || lastDate.zone !== zone) lastDate = { zone, quarter, day: readDate(at, zone) };
  return lastDate.day;
}

/** The quarter of an hour that was asked for last. */
let lastDate: { readonly zone: string; readonly quarter: number; readonly day: string } | null = null;

function readDate(at: Date, zone: string): string {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(zone, format);
  }
  return format.format(at);
}

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export type Weekday = (typeof weekdays)[number];

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The day of the week, and the minutes since midnight. */
export interface WallClock {
  readonly weekday: Weekday;
  readonly minutes: number;
}

/** The minute that was asked for last. */
let lastClock: { readonly zone: string; readonly minute: number; readonly shown: WallClock } | null = null;

/** What a clock on a wall of the zone shows. Offsets are whole minutes, since there are time zones. */
export function wallClock(at: Date, zone: string): WallClock {
  const minute = Math.floor(at.getTime() / 60_000);
  if (lastClock?.minute !== minute || lastClock.zone !== zone) lastClock = { zone, minute, shown: readClock(at, zone) };
  return lastClock.shown;
}

function readClock(at: Date, zone: string): WallClock {
  let format = clocks.get(zone);
  if (format === undefined) {
    const parts = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...parts });
    clocks.set(zone, format);
  }
  // "Fri 12:00"; the weekday and the hour are apart by what a version of ICU puts there.
  const shown = format.format(at);
  const minutes = Number(shown.slice(-5, -3)) * 60 + Number(shown.slice(-2));
  return { weekday: shown.slice(0, 3) as Weekday, minutes };
}

/** The moment at which the week of a moment began in an IANA zone: its Monday. */
export function startOfWeek(at: Date, zone: string): Date {
  const day = startOfDay(at, zone);
  const sinceMonday = (new Date(`${dateIn(at, zone)}T00:00:00Z`).getUTCDay() + 6) % 7;
  // The middle of that day, whatever the clocks did since.
  return startOfDay(new Date(day.getTime() - sinceMonday * 24 * hourMs + 12 * hourMs), zone);
}

/**
 * The moment at which a zone's clocks show a date and a time (`2026-11-20`, `09:30`); the first such moment where there are two, and the first
 * after it where clocks skip it.
 */
export function momentIn(date: string, time: string, zone: string): Date {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  const wanted = hours * 60 + minutes;
  // By its date, not by a moment of it: at noon of UTC the next day has begun from UTC+12 on.
  const start = searchStart(date, zone);
  const first = wallClock(new Date(start), zone).minutes;
  // Where clocks skip midnight, the day begins after it.
  if (wanted <= first) return new Date(start);
  const guess = start + (wanted - first) * minuteMs;
  const shown = wallClock(new Date(guess), zone).minutes;
  const there = guess + (wanted - shown) * minuteMs;
  if (wallClock(new Date(there), zone).minutes === wanted) return new Date(there);
  // Skipped: clocks go from before it to after it at one moment between the two.
  let before = Math.min(there, guess);
  let reached = Math.max(there, guess);
  while (reached - before > 1) {
    const middle = Math.floor((before + reached) / 2);
    if (wallClock(new Date(middle), zone).minutes < wanted) before = middle;
    else reached = middle;
  }
  return new Date(reached);
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
