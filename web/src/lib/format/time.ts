import { said } from './words.ts';

/** Where the exchanges are whose hours count. */
export const newYork = 'America/New_York';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, kind: 'clock' | 'date' | 'day'): Intl.DateTimeFormat {
  const key = `${kind} ${zone}`;
  let found = formats.get(key);
  if (!found) {
    const options: Intl.DateTimeFormatOptions =
      kind === 'clock'
        ? { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
        : kind === 'date'
          ? { day: 'numeric', month: 'short', year: 'numeric' }
          : { year: 'numeric', month: '2-digit', day: '2-digit' };
    try {
      found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    } catch {
      found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    }
    formats.set(key, found);
  }
  return found;
}

/** "New York" of "America/New_York". */
export const zoneName = (zone: string): string => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;

export const clockTime = (iso: string, zone: string): string => format(zone, 'clock').format(new Date(iso));

/** "14:03:22 London, 09:03:22 New York": a moment in a zone, and at the exchanges where that is another. */
export function inBothZones(iso: string, zone: string, nowMs: number): string {
  const here = `${absoluteTime(iso, zone, nowMs)} ${zoneName(zone)}`;
  return zone === newYork ? here : `${here}, ${absoluteTime(iso, newYork, nowMs)} ${zoneName(newYork)}`;
}

export const calendarDate = (iso: string, zone: string): string => format(zone, 'date').format(new Date(iso));

/** The absolute half: the clock today, the date as well on other days. */
export function absoluteTime(iso: string, zone: string, nowMs: number): string {
  const at = new Date(iso);
  const day = format(zone, 'day');
  const clock = clockTime(iso, zone);
  return day.format(at) === day.format(nowMs) ? clock : `${calendarDate(iso, zone)} ${clock}`;
}

/** The relative half: "now", "12 s ago", "4 min ago", "3 h ago", "2 days ago". */
export function relativeTime(iso: string, nowMs: number): string {
  const seconds = Math.round((nowMs - Date.parse(iso)) / 1000);
  if (seconds < -1) return said('soon');
  if (seconds < 2) return said('now');
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

/** The moment at which a day such as "2026-11-20" begins in a zone, as ISO text; of a text that is no day, empty. */
export function startOfDay(day: string, zone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight)) return '';
  let at = midnight;
  // Twice: the first step may land on the other side of a change of the clocks.
  for (let step = 0; step < 2; step++) {
    const [dayShown = '', month = '', year = ''] = format(zone, 'day').format(at).split('/');
    at += midnight - Date.parse(`${year}-${month}-${dayShown}T${format(zone, 'clock').format(at)}Z`);
  }
  return new Date(at).toISOString();
}

/** The day after a day such as "2026-11-20". */
export const dayAfter = (day: string): string => {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? '' : new Date(at + 86_400_000).toISOString().slice(0, 10);
};
