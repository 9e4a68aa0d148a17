import { type Bar, requireBars } from '../../core/indicators/bar.ts';
import { isPair } from '../../core/pairs.ts';
import type { ReadBars } from '../../core/ports/bar-history.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { marketZone, startOfDay } from '../../core/zoned-day.ts';
import type { SessionBook } from './sessions.ts';

/** A day's bar is asked for this long after the day: who pays nothing sees what all exchanges did a quarter of an hour later. */
export const settleMs = 20 * 60_000;

/** Bars are too old to use when a day is missing and the last one ended longer ago than this. */
export const staleMs = 4 * 86_400_000;

/** A day that is over and missing is asked for again, so often and for so long; then it has not been traded. */
const lateEveryMs = 30 * 60_000;
const lateForMs = 6 * 3_600_000;

/** Coins' days begin in Chicago, by Alpaca's bars. */
const coinZone = 'America/Chicago';
const noonMs = 36 * 3_600_000;

/** The daily bars that are ready in memory. */
export interface DailyBars {
  /** Keeps the finished ones; throws a `RangeError` for bars that cannot be meant. */
  put(symbol: string, read: ReadBars): void;
  /** Those that may be used now; null: none, or they are too old. */
  usable(symbol: string): readonly Bar[] | null;
  /** Since when a symbol's last finished day could be read; null: it has been. */
  dueSince(symbol: string): Date | null;
  /** All that was put, whatever its age. */
  kept(symbol: string): readonly Bar[];
  symbols(): readonly string[];
  /** Drops all but these. */
  keepOnly(symbols: ReadonlySet<string>): void;
  /** Those whose day is over and seen by all. */
  finished(symbol: string, bars: readonly Bar[]): readonly Bar[];
}

export function createDailyBars(sessions: SessionBook, clock: Pick<Clock, 'now'>): DailyBars {
  const known = new Map<string, ReadBars>();
  /** When the last bars' days are over, by the calendar as it was read: every decision asks it of all that is held. */
  const ends = new Map<string, { readonly bar: Bar; readonly calendar: Date | null; readonly end: number }>();

  function lastEndOf(symbol: string, bar: Bar): number {
    const calendar = sessions.readAt();
    const kept = ends.get(symbol);
    if (kept?.bar === bar && kept.calendar === calendar) return kept.end;
    const end = endOf(symbol, bar);
    ends.set(symbol, { bar, calendar, end });
    return end;
  }

  /** When a bar's day is over. */
  function endOf(symbol: string, { at }: Bar): number {
    const zone = isPair(symbol) ? coinZone : marketZone;
    const session = isPair(symbol) ? null : sessions.session(at);
    const hours = session === 'closed' ? null : session;
    return (hours?.closesAt ?? startOfDay(new Date(at.getTime() + noonMs), zone)).getTime();
  }

  /** When the last day ended that all can see now. */
  function lastEnd(symbol: string): number {
    const seen = new Date(clock.now().getTime() - settleMs);
    if (isPair(symbol)) return startOfDay(seen, coinZone).getTime();
    return (sessions.lastClose(seen) ?? startOfDay(seen, marketZone)).getTime();
  }

  const finished = (symbol: string, bars: readonly Bar[]): readonly Bar[] => {
    const seen = clock.now().getTime() - settleMs;
    return bars.filter((bar) => endOf(symbol, bar) <= seen);
  };

  return {
    finished,
    put(symbol, read) {
      requireBars(read.bars);
      known.set(symbol, read);
    },
    usable(symbol) {
      const bars = known.get(symbol)?.bars;
      const last = bars?.at(-1);
      if (bars === undefined || last === undefined) return null;
      const end = lastEndOf(symbol, last);
      if (clock.now().getTime() - end <= staleMs) return bars;
      // After a long closure, what was last is still the last there is.
      const close = sessions.lastClose(new Date(clock.now().getTime() - settleMs));
      return !isPair(symbol) && close !== null && close.getTime() <= end ? bars : null;
    },
    dueSince(symbol) {
      const end = lastEnd(symbol);
      const due = end + settleMs;
      const read = known.get(symbol);
      if (read === undefined || read.readAt.getTime() < due) return new Date(due);
      const last = read.bars.at(-1);
      const now = clock.now().getTime();
      const late = last !== undefined && endOf(symbol, last) < end && now - due < lateForMs;
      return late && now - read.readAt.getTime() >= lateEveryMs ? new Date(due) : null;
    },
    kept: (symbol) => known.get(symbol)?.bars ?? [],
    symbols: () => [...known.keys()],
    keepOnly(symbols) {
      for (const symbol of known.keys()) if (!symbols.has(symbol)) known.delete(symbol);
      for (const symbol of ends.keys()) if (!symbols.has(symbol)) ends.delete(symbol);
    },
  };
}
