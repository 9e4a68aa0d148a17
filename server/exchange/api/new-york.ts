const zone = 'America/New_York';
const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'longOffset',
  weekday: 'short',
});

const partsOf = (at: Date): Record<string, string> =>
  Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));

const offsetOf = (parts: Record<string, string>): string => parts.timeZoneName!.replace('GMT', '') || '+00:00';

/** RFC 3339 with New York's offset, as Alpaca's clock writes it. */
export function newYorkTime(at: Date): string {
  const p = partsOf(at);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}${offsetOf(p)}`;
}

/** The calendar day in New York. */
export function newYorkDay(at: Date): { date: string; weekend: boolean } {
  const p = partsOf(at);
  return { date: `${p.year}-${p.month}-${p.day}`, weekend: p.weekday === 'Sat' || p.weekday === 'Sun' };
}

const dayMs = 86_400_000;

/** A wall time in New York on a day, with the offset that holds there then. */
function wall(date: string, time: string): string {
  const noon = new Date(`${date}T16:00:00Z`);
  return `${date}T${time}${offsetOf(partsOf(noon))}`;
}

/** The next regular open and close. Exchange holidays are not looked at: this venue trades round the clock. */
export function sessionTimes(now: Date): { nextOpen: string; nextClose: string } {
  const next = (time: string): string => {
    for (let at = now.getTime(); ; at += dayMs) {
      const { date, weekend } = newYorkDay(new Date(at));
      const candidate = wall(date, time);
      if (!weekend && new Date(candidate) > now) return candidate;
    }
  };
  return { nextOpen: next('09:30:00'), nextClose: next('16:00:00') };
}

/** Weekdays between two dates, at most a year of them. */
export function calendarDays(start: string | undefined, end: string | undefined, now: Date): Record<string, string>[] {
  const from = new Date(`${start ?? newYorkDay(now).date}T16:00:00Z`).getTime();
  const to = Math.min(new Date(`${end ?? newYorkDay(now).date}T16:00:00Z`).getTime(), from + 366 * dayMs);
  const days: Record<string, string>[] = [];
  for (let at = from; at <= to; at += dayMs) {
    const { date, weekend } = newYorkDay(new Date(at));
    if (!weekend) {
      days.push({
        date,
        open: '09:30',
        close: '16:00',
        session_open: '0400',
        session_close: '2000',
        settlement_date: date,
      });
    }
  }
  return days;
}
