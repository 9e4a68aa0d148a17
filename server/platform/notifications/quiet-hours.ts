import type { NotificationKind, QuietHours } from '../../core/model/notification.ts';
import { dateIn, momentIn, startOfDay, wallClock } from '../../core/zoned-day.ts';

const clockTime = /^([01]\d|2[0-3]):[0-5]\d$/;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** What of quiet hours cannot be used, in words; null: nothing. */
export function quietProblem({ from, to, zone }: Pick<QuietHours, 'from' | 'to' | 'zone'>): string | null {
  if (!clockTime.test(from) || !clockTime.test(to)) return 'expected times of day, such as 22:00 and 07:00';
  if (from === to) return 'the quiet hours begin and end at the same time: switch them off, or choose another end';
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return null;
  } catch {
    return `${zone} is no time zone; expected one such as Europe/Berlin`;
  }
}

/** When the quiet hours that a moment is in are over, by the clocks of their zone; null: it is in none, or the kind breaks through. */
export function quietUntil(at: Date, quiet: QuietHours | null, kind: NotificationKind): Date | null {
  if (quiet === null || quiet.breaksThrough.includes(kind)) return null;
  const { from, to, zone } = quiet;
  const now = wallClock(at, zone).minutes;
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const overnight = begin > end;
  const inside = overnight ? now >= begin || now < end : now >= begin && now < end;
  if (!inside) return null;
  const today = dateIn(at, zone);
  const day = overnight && now >= begin ? dayAfter(at, zone) : today;
  const over = momentIn(day, to, zone);
  // Where clocks are put back, the end comes twice; the second one counts for who is between them.
  return over.getTime() > at.getTime() ? over : new Date(over.getTime() + hourMs);
}

const hourMs = 3_600_000;

/** Days have 23 to 25 hours: one and a half after a start is the middle of the next. */
const dayAfter = (at: Date, zone: string): string =>
  dateIn(new Date(startOfDay(at, zone).getTime() + 36 * hourMs), zone);
