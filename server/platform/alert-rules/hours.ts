import type { DayHours } from '../../core/model/alert-rule.ts';
import { wallClock } from '../../core/zoned-day.ts';

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Whether a moment is within hours of the day; hours that end before they begin go on past midnight. */
export function within({ from, until, zone }: DayHours, at: Date): boolean {
  const { minutes } = wallClock(at, zone);
  const [begin, end] = [minutesOf(from), minutesOf(until)];
  return begin < end ? minutes >= begin && minutes < end : minutes >= begin || minutes < end;
}
