/** The zone in which US markets count their days. */
export const marketZone = 'America/New_York';

const formats = new Map<string, Intl.DateTimeFormat>();

/** The moment at which the day that `at` falls in began in an IANA zone; a day that skips midnight begins at its first moment. */
export function startOfDay(at: Date, zone: string): Date {
  const day = dateIn(at, zone);
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
  return new Date(reached);
}

/** The calendar date of a moment in an IANA zone, as `2026-11-20`. */
export function dateIn(at: Date, zone: string): string {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(zone, format);
  }
  return format.format(at);
}

const hourMs = 3_600_000;
