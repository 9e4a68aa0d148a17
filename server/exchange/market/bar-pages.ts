import { type CivilDay, wallTime } from '../calendar/civil-day.ts';
import { type Bar, merge } from './bars.ts';
import type { MarketHistory, MarketTick } from './market.ts';
import { dayStart, minuteSpan, nextSpan, spanOf, type Timeframe } from './timeframe.ts';

/** What is asked for of one symbol's past: from `start` to `end`, both included, in either direction. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly descending: boolean;
}

const minuteMs = 60_000;

/** Bars that start within the span, in its direction, made as they are taken. */
export function* barsIn(
  history: MarketHistory,
  symbol: string,
  timeframe: Timeframe,
  span: Span,
  now: Date,
): Generator<Bar> {
  const zone = history.zoneOf(symbol);
  const known = history.days(symbol, now);
  const within = (bar: Bar): boolean => bar.at.getTime() >= span.start && bar.at.getTime() <= span.end;
  const first = Math.max(known.first, dayOf(span.start));
  const last = Math.min(known.last, dayOf(span.end));
  if (timeframe.unit === 'minute') {
    for (const day of daysFrom(first, last, span.descending)) {
      if (timeframe.count % history.widthMinutes(symbol, day) !== 0) continue;
      const bars = inMinutes(history.minuteBars(symbol, day, now), timeframe.count).filter(within);
      yield* span.descending ? bars.reverse() : bars;
    }
    return;
  }
  const spans: CivilDay[] = [];
  for (let at = spanOf(first, timeframe); at <= last; at = nextSpan(at, timeframe)) spans.push(at);
  if (span.descending) spans.reverse();
  for (const begins of spans) {
    const bars: Bar[] = [];
    for (let day = begins; day < nextSpan(begins, timeframe) && day <= known.last; day++) {
      const bar = day < known.first ? null : history.dayBar(symbol, day, now);
      if (bar) bars.push(bar);
    }
    const bar = merge(bars, dayStart(begins, zone));
    if (bar && within(bar)) yield bar;
  }

  function dayOf(ms: number): CivilDay {
    // Far beyond what is known, where a date has no meaning left, its own borders do.
    const clamped = Math.min(
      Math.max(ms, dayStart(known.first, zone).getTime()),
      dayStart(known.last + 2, zone).getTime(),
    );
    return wallTime(clamped, zone).day;
  }

  function inMinutes(bars: readonly Bar[], minutes: number): Bar[] {
    if (minutes === 1) return [...bars];
    const groups = new Map<number, Bar[]>();
    for (const bar of bars) {
      const start = minuteSpan(bar.at.getTime(), minutes, zone);
      const group = groups.get(start) ?? [];
      group.push(bar);
      groups.set(start, group);
    }
    return [...groups].map(([start, group]) => merge(group, new Date(start))!);
  }
}

/** Moments of a symbol within the span, in its direction. */
export function* ticksIn(history: MarketHistory, symbol: string, span: Span, now: Date): Generator<MarketTick> {
  const zone = history.zoneOf(symbol);
  const known = history.days(symbol, now);
  const from = Math.max(span.start, dayStart(known.first, zone).getTime());
  const to = Math.min(span.end, now.getTime());
  const first = from - (from % minuteMs);
  const last = to - (to % minuteMs);
  const step = span.descending ? -minuteMs : minuteMs;
  for (let at = span.descending ? last : first; at >= first && at <= last; at += step) {
    const ticks = history.ticks(symbol, at, now).filter(({ quote }) => {
      const ms = quote.at.getTime();
      return ms >= from && ms <= to;
    });
    yield* span.descending ? [...ticks].reverse() : ticks;
  }
}

function* daysFrom(first: CivilDay, last: CivilDay, descending: boolean): Generator<CivilDay> {
  for (let i = 0; i <= last - first; i++) yield descending ? last - i : first + i;
}

/** One page of data points of several symbols, symbol after symbol, and where the next page begins. */
export interface Page<T> {
  readonly found: ReadonlyMap<string, readonly T[]>;
  /** Null: that was all. */
  readonly next: string | null;
}

/** The work of this many milliseconds is done before others have their turn. */
const turnMs = 15;

export interface Pages<T> {
  readonly symbols: readonly string[];
  readonly limit: number;
  /** What an earlier page answered as `next`; throws a `RangeError` when it is none of ours. */
  readonly token: string | null;
  /** Of one symbol, in the direction asked for; `from`: from that moment on (backwards: down from it). */
  readonly points: (symbol: string, from: number | null) => Iterable<T>;
  readonly timeOf: (point: T) => number;
  /** Monotonic. */
  readonly monotonicMs: () => number;
}

/** Takes a page; others have their turn meanwhile. */
export async function takePage<T>({ symbols, limit, token, points, timeOf, monotonicMs }: Pages<T>): Promise<Page<T>> {
  const sorted = [...new Set(symbols)].sort();
  const from = token === null ? null : readToken(token);
  const found = new Map<string, T[]>();
  let count = 0;
  let turn = monotonicMs();
  for (const symbol of sorted) {
    if (from && symbol < from.symbol) continue;
    const own: T[] = [];
    // Points of one moment belong to the page that began with it: those that were told already are passed over.
    let skip = from?.symbol === symbol ? from.skip : 0;
    let [moment, same] = [Number.NaN, 0];
    for (const point of points(symbol, from?.symbol === symbol ? from.at : null)) {
      const at = timeOf(point);
      same = at === moment ? same + 1 : 0;
      moment = at;
      if (skip > 0) {
        skip -= 1;
        continue;
      }
      if (count === limit) {
        if (own.length > 0) found.set(symbol, own);
        return { found, next: tokenOf(symbol, at, same) };
      }
      own.push(point);
      count += 1;
      if (monotonicMs() - turn > turnMs) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        turn = monotonicMs();
      }
    }
    if (own.length > 0) found.set(symbol, own);
  }
  return { found, next: null };
}

const tokenOf = (symbol: string, at: number, skip: number): string =>
  Buffer.from(`${symbol}|${new Date(at).toISOString()}|${skip}`).toString('base64');

function readToken(token: string): { readonly symbol: string; readonly at: number; readonly skip: number } {
  const [symbol, time, skip] = Buffer.from(token, 'base64').toString('utf8').split('|');
  const at = Date.parse(time ?? '');
  if (!symbol || Number.isNaN(at) || !/^\d{1,6}$/.test(skip ?? '')) throw new RangeError('invalid page_token');
  return { symbol, at, skip: Number(skip) };
}
