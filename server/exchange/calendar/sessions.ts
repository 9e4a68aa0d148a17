import { type CivilDay, momentOf, newYork, wallTime } from './civil-day.ts';
import { regularSession } from './us-equities.ts';

export type AssetClass = 'us_equity' | 'crypto';

/** Of a US equity, in New York: pre 4:00, regular 9:30, after 16:00 to 20:00, overnight from Sunday's to Friday's evening. */
export type Phase = 'pre' | 'regular' | 'after' | 'overnight' | 'closed';

/** A trading day's moments, in milliseconds since 1970. */
export interface TradingDay {
  readonly day: CivilDay;
  readonly preOpen: number;
  readonly open: number;
  readonly close: number;
  readonly afterClose: number;
}

/** When what is traded; the venue's only source of opening hours. */
export interface Sessions {
  /** Equities trade round the clock, whatever the calendar says. */
  readonly alwaysOpen: boolean;
  /** Whether orders of the class trade. `extended`: an order that allows the hours before and after the regular session too. */
  isOpen(at: Date, assetClass: AssetClass, extended?: boolean): boolean;
  /** Where a moment stands in the equities' day, by the calendar, even when the venue is always open. */
  phase(at: Date): Phase;
  /** The next moment after `at` at which the regular session (or the extended one) opens by the calendar; null: it never closes. */
  nextOpen(at: Date, assetClass: AssetClass, extended?: boolean): Date | null;
  /** The next moment after `at` at which it closes by the calendar: when a day order ends. Null: it never closes. */
  nextClose(at: Date, assetClass: AssetClass, extended?: boolean): Date | null;
  /** The trading day of a date; null on one without trading. */
  tradingDay(day: CivilDay): TradingDay | null;
  /**
   * Ends the regular session under way at a moment of it, and the hours after it as much earlier. What it answers undoes that; null: no
   * session is under way then.
   */
  closeEarly(at: Date): (() => void) | null;
  /** The next moment after `at` at which anything begins or ends: a phase, a day in New York, or the life of aged orders at 16:15. */
  nextEdge(at: Date): Date;
  /** Calls back whenever the hours were changed; what it answers ends that. */
  onChange(listener: () => void): () => void;
}

/** When Alpaca ends orders that were good till cancelled and have grown too old: 16:15 in New York. */
export const agedOrdersMinute = 975;

const preOpenMinute = 240;
/** After hours last four hours: to 20:00, and to 17:00 on a half-day. */
const afterMinutes = 240;
const overnightMinute = 1200;

/** The hours of US equities and of crypto. `alwaysOpen` opens equities round the clock. */
export function createSessions({ alwaysOpen = false }: { readonly alwaysOpen?: boolean } = {}): Sessions {
  const days = new Map<CivilDay, TradingDay | null>();
  const listeners = new Set<() => void>();
  const change = (day: CivilDay, hours: TradingDay): void => {
    days.set(day, hours);
    for (const listener of listeners) listener();
  };
  const tradingDay = (day: CivilDay): TradingDay | null => {
    let found = days.get(day);
    if (found === undefined) {
      const regular = regularSession(day);
      const moment = (minute: number): number => momentOf(day, minute, newYork);
      found = regular && {
        day,
        preOpen: moment(preOpenMinute),
        open: moment(regular.open),
        close: moment(regular.close),
        afterClose: moment(regular.close + afterMinutes),
      };
      days.set(day, found);
    }
    return found;
  };
  const phase = (at: Date): Phase => {
    const ms = at.getTime();
    const { day, minute } = wallTime(ms, newYork);
    const today = tradingDay(day);
    if (today && ms >= today.preOpen && ms < today.afterClose) {
      return ms < today.open ? 'pre' : ms < today.close ? 'regular' : 'after';
    }
    // The night before a trading day belongs to it.
    if (minute < preOpenMinute && today) return 'overnight';
    if (minute >= overnightMinute && tradingDay(day + 1)) return 'overnight';
    return 'closed';
  };
  const next = (at: Date, of: (day: TradingDay) => number): Date => {
    const ms = at.getTime();
    for (let day = wallTime(ms, newYork).day; ; day++) {
      const found = tradingDay(day);
      if (found && of(found) > ms) return new Date(of(found));
    }
  };
  return {
    alwaysOpen,
    closeEarly(at) {
      const ms = at.getTime();
      const { day } = wallTime(ms, newYork);
      const today = tradingDay(day);
      if (alwaysOpen || !today || ms < today.open || ms >= today.close) return null;
      change(day, { ...today, close: ms, afterClose: ms + (today.afterClose - today.close) });
      return () => change(day, today);
    },
    nextEdge(at) {
      const ms = at.getTime();
      const { day } = wallTime(ms, newYork);
      const edges = [day, day + 1].flatMap((one) => {
        const hours = tradingDay(one);
        return [
          ...[0, preOpenMinute, agedOrdersMinute, overnightMinute].map((minute) => momentOf(one, minute, newYork)),
          ...(hours ? [hours.preOpen, hours.open, hours.close, hours.afterClose] : []),
        ];
      });
      return new Date(Math.min(...edges.filter((edge) => edge > ms)));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tradingDay,
    phase,
    isOpen(at, assetClass, extended = false) {
      if (assetClass === 'crypto' || alwaysOpen) return true;
      const now = phase(at);
      return extended ? now !== 'closed' : now === 'regular';
    },
    nextOpen: (at, assetClass, extended = false) =>
      assetClass === 'crypto' ? null : next(at, (day) => (extended ? day.preOpen : day.open)),
    nextClose: (at, assetClass, extended = false) =>
      assetClass === 'crypto' ? null : next(at, (day) => (extended ? day.afterClose : day.close)),
  };
}
