import { newYork, wallTime } from '../calendar/civil-day.ts';
import type { Sessions, TradingDay } from '../calendar/sessions.ts';

export type Timeframe = '1Min' | '5Min' | '15Min' | '1H' | '1D';
export type Reporting = 'market_hours' | 'extended_hours' | 'continuous';

/** What is asked for, understood: `from` and `to` are what the request says, before they are moved to the sessions. */
export interface PortfolioRequest {
  readonly from: Date;
  readonly to: Date;
  readonly timeframe: Timeframe;
  readonly reporting: Reporting;
  /** The gain of each point is counted from the point's trading day's beginning, or always from the base. */
  readonly resetDaily: boolean;
}

/** Equity in dollars, at a moment and from then on. */
export interface EquityPoint {
  readonly at: number;
  readonly equity: number;
}

export interface PortfolioSeries {
  /** Seconds since 1970. */
  readonly timestamp: number[];
  readonly equity: number[];
  readonly profit_loss: number[];
  readonly profit_loss_pct: number[];
  readonly base_value: number;
  /** The trading day at whose close the base was; null when there was none. */
  readonly baseDay: number | null;
}

const minuteMs = 60_000;
const widths = { '1Min': minuteMs, '5Min': 5 * minuteMs, '15Min': 15 * minuteMs, '1H': 60 * minuteMs } as const;

/** A window of the series: the time it is labelled with, the end at which equity is read, and the trading day it belongs to. */
interface Window {
  readonly label: number;
  readonly end: number;
  readonly day: TradingDay;
}

/**
 * The series of a request over what is known of an account's equity (in order, the first point being its beginning). Days are labelled
 * with the end of their session and intraday windows with their beginning, as Alpaca's recorded answers are; of a window that is not over
 * yet, the newest equity is given. Before the account began its equity is 0.
 */
export function portfolioSeries(
  request: PortfolioRequest,
  known: readonly EquityPoint[],
  sessions: Sessions,
  now: Date,
): PortfolioSeries {
  const equityAt = (ms: number): number | null => {
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (known[middle]!.at <= ms) low = middle + 1;
      else high = middle;
    }
    return known[low - 1]?.equity ?? null;
  };
  const windows = (request.timeframe === '1D' ? days(request, sessions, now) : intraday(request, sessions, now)).filter(
    ({ label, day }) => (request.timeframe === '1D' ? day.open : label) <= now.getTime(),
  );
  const before = windows[0] ? tradingDayBefore(windows[0].day.day, sessions) : null;
  const atClose = before && equityAt(before.close);
  const values = windows.map(({ end }) => equityAt(end) ?? 0);
  // Without a close before it, the first value that there is is what the others are compared with.
  const first = values.find((value) => value !== 0) ?? known[0]?.equity ?? 0;
  const base = atClose ?? first;

  const gains = windows.map(({ day }, index) => {
    const value = values[index]!;
    if (value === 0) return { gain: 0, from: 0 };
    let from = base;
    if (request.resetDaily) {
      if (request.timeframe === '1D') from = index === 0 ? base : values[index - 1]! || base;
      else from = equityAt(tradingDayBefore(day.day, sessions).close) ?? first;
    }
    return { gain: value - from, from };
  });
  return {
    timestamp: windows.map(({ label }) => Math.floor(label / 1000)),
    equity: values.map(cents),
    profit_loss: gains.map(({ gain }) => cents(gain)),
    profit_loss_pct: gains.map(({ gain, from }) => (from === 0 ? 0 : Math.round((gain / from) * 1e6) / 1e6)),
    base_value: cents(base),
    baseDay: atClose === null ? null : before!.day,
  };
}

const cents = (value: number): number => Math.round(value * 100) / 100;

function days({ from, to }: PortfolioRequest, sessions: Sessions, now: Date): Window[] {
  const windows: Window[] = [];
  const last = Math.min(to.getTime(), now.getTime());
  const lastDay = wallTime(last, newYork).day;
  for (let day = wallTime(from.getTime(), newYork).day; day <= lastDay; day++) {
    const found = sessions.tradingDay(day);
    if (found) windows.push({ label: found.afterClose, end: found.afterClose, day: found });
  }
  return windows;
}

function intraday(request: PortfolioRequest, sessions: Sessions, now: Date): Window[] {
  const { from, to, timeframe, reporting } = request;
  const width = widths[timeframe as keyof typeof widths];
  const windows: Window[] = [];
  const last = Math.min(to.getTime(), now.getTime());
  const begin = wallTime(from.getTime(), newYork).day;
  const end = wallTime(last, newYork).day;
  if (reporting === 'continuous') {
    for (let at = Math.floor(from.getTime() / width) * width; at <= last; at += width) {
      const day = wallTime(at, newYork).day;
      windows.push({
        label: at,
        end: at + width - 1,
        day: sessions.tradingDay(day) ?? tradingDayBefore(day, sessions),
      });
    }
    return windows;
  }
  for (let number = begin; number <= end; number++) {
    const day = sessions.tradingDay(number);
    if (!day) continue;
    const [opens, closes] = reporting === 'market_hours' ? [day.open, day.close] : [day.preOpen, day.afterClose];
    // The closing moment itself is a point, as in Alpaca's answers.
    for (let at = opens; at <= closes; at += width) {
      if (at + width <= from.getTime() || at > last) continue;
      windows.push({ label: at, end: at + width - 1, day });
    }
  }
  return windows;
}

function tradingDayBefore(day: number, sessions: Sessions): TradingDay {
  for (let one = day - 1; ; one--) {
    const found = sessions.tradingDay(one);
    if (found) return found;
  }
}
