import { momentOf, newYork, wallTime } from '../calendar/civil-day.ts';
import { type AssetClass, agedOrdersMinute, type Sessions } from '../calendar/sessions.ts';
import type { OrderRequest, VenueOrder } from './model.ts';
import { isCrypto } from './quantity.ts';
import { refuse } from './refusal.ts';

const minuteMs = 60_000;
/** Alpaca ends orders good till cancelled after this many days. */
const longestLifeDays = 90;
/** Before its auction's orders can no longer be taken, as the exchanges have it. */
const lateForOpenMs = 2 * minuteMs;
const lateForCloseMs = 10 * minuteMs;
/** From 19:00 in New York on they are taken for the next auction. */
const takenAgainMinute = 1140;

export const classOf = (symbol: string): AssetClass => (isCrypto(symbol) ? 'crypto' : 'us_equity');

type Lived = Pick<VenueOrder, 'symbol' | 'timeInForce' | 'extendedHours'>;

/** Whether an order waits for an auction instead of the continuous trading between them. */
export const isForAuction = ({ timeInForce }: Pick<VenueOrder, 'timeInForce'>): boolean =>
  timeInForce === 'opg' || timeInForce === 'cls';

/** When orders work, and when they end, by the hours that the venue keeps. */
export class Hours {
  readonly sessions: Sessions;

  constructor(sessions: Sessions) {
    this.sessions = sessions;
  }

  /** Whether the order trades at a moment, as far as the hours go. Those for an auction never do: they trade in it. */
  trades(order: Lived, at: Date): boolean {
    return !isForAuction(order) && this.sessions.isOpen(at, classOf(order.symbol), order.extendedHours);
  }

  /** Which of Alpaca's prices an order is reckoned at. */
  priceBasis(symbol: string, at: Date): 'core' | 'extended' | 'closed' {
    if (this.sessions.alwaysOpen || isCrypto(symbol)) return 'core';
    const phase = this.sessions.phase(at);
    return phase === 'regular' ? 'core' : phase === 'closed' ? 'closed' : 'extended';
  }

  /** Whether a listing exchange answers at all: at night nobody there takes a stop order back. */
  isReachable(symbol: string, at: Date): boolean {
    if (this.sessions.alwaysOpen || isCrypto(symbol)) return true;
    const phase = this.sessions.phase(at);
    return phase !== 'closed' && phase !== 'overnight';
  }

  /**
   * When an order that came at `since` ends by itself. Day orders, and those of the moment that wait for their hours: at the close of the
   * session (with extended hours: of the hours after it), or at New York's midnight where the venue never closes. Those for an auction: at
   * it. Those good till cancelled: 90 days on at 16:15 in New York.
   */
  end({ symbol, timeInForce, extendedHours }: Lived, since: Date): Date {
    const today = wallTime(since.getTime(), newYork).day;
    const { sessions } = this;
    switch (timeInForce) {
      case 'gtc':
        return new Date(momentOf(today + longestLifeDays, agedOrdersMinute, newYork));
      case 'opg':
        return sessions.nextOpen(since, 'us_equity')!;
      case 'cls':
        return sessions.nextClose(since, 'us_equity')!;
      default: {
        const close = sessions.alwaysOpen ? null : sessions.nextClose(since, classOf(symbol), extendedHours);
        return close ?? new Date(momentOf(today + 1, 0, newYork));
      }
    }
  }

  /** Refuses an order for an auction that is about to be held, or was held today. A venue that never closes takes them at any time. */
  checkAuction({ timeInForce }: Pick<OrderRequest, 'timeInForce'>, at: Date): void {
    if (this.sessions.alwaysOpen || (timeInForce !== 'opg' && timeInForce !== 'cls')) return;
    const ms = at.getTime();
    const { day, minute } = wallTime(ms, newYork);
    const today = this.sessions.tradingDay(day);
    if (!today || minute >= takenAgainMinute) return;
    const from = timeInForce === 'opg' ? today.open - lateForOpenMs : today.close - lateForCloseMs;
    if (ms < from) return;
    throw refuse.unprocessable(`${timeInForce} orders are not accepted between ${wallClock(from)} and 19:00 ET`);
  }
}

function wallClock(ms: number): string {
  const { minute } = wallTime(ms, newYork);
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
