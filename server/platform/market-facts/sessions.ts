import type { Session } from '../../core/model/market-facts.ts';
import type { DaySession, ReadSessions } from '../../core/ports/bar-history.ts';
import { dateIn, marketZone } from '../../core/zoned-day.ts';

/** The sessions of stocks that are known. Coins have none: they are always open. */
export interface SessionBook {
  put(read: ReadSessions): void;
  /** When they were read; null: never. */
  readAt(): Date | null;
  /** The last day that is known. */
  until(): string | null;
  session(at: Date): Session | 'closed' | null;
  /** The last close up to a moment; null: not known. */
  lastClose(at: Date): Date | null;
}

export function createSessionBook(): SessionBook {
  let read: ReadSessions | null = null;
  let byDay = new Map<string, DaySession>();
  let until: string | null = null;

  const reaches = (day: string): boolean => read !== null && until !== null && day >= read.from && day <= until;

  return {
    put(next) {
      read = next;
      byDay = new Map(next.sessions.map((one) => [one.day, one]));
      until = next.sessions.at(-1)?.day ?? null;
    },
    readAt: () => read?.readAt ?? null,
    until: () => until,
    session(at) {
      const day = dateIn(at, marketZone);
      return reaches(day) ? (byDay.get(day) ?? 'closed') : null;
    },
    lastClose(at) {
      if (!reaches(dateIn(at, marketZone))) return null;
      return read!.sessions.findLast((one) => one.closesAt <= at)?.closesAt ?? null;
    },
  };
}
