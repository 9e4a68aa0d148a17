import { dayText, momentOf, newYork, wallTime } from '../calendar/civil-day.ts';
import type { AssetClass } from '../calendar/sessions.ts';
import { regularSession } from '../calendar/us-equities.ts';
import { barsIn, type Page, type Span, takePage, ticksIn } from '../market/bar-pages.ts';
import type { Bar } from '../market/bars.ts';
import type { Instrument } from '../market/instruments.ts';
import type { Market } from '../market/market.ts';
import type { DataPlan } from './data-plan.ts';
import { DataRefusal, invalid, limitIn, type QueryValues, spanIn, timeframeIn } from './market-query.ts';
import { auctionJson, barJson, orderBookJson, quoteJson, tradeJson, type Wire } from './market-wire.ts';

export interface MarketDataParts {
  readonly market: Market;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
  readonly plan: DataPlan;
}

export type Kind = 'bars' | 'quotes' | 'trades' | 'auctions';
export type LatestKind = Exclude<Kind, 'auctions'>;

interface Point {
  readonly at: Date;
  readonly shown: Wire;
}

/** Looks things up for the routes of the data API. */
export class MarketDesk {
  readonly #parts: MarketDataParts;
  readonly #bySymbol: ReadonlyMap<string, Instrument>;

  constructor(parts: MarketDataParts) {
    this.#parts = parts;
    this.#bySymbol = new Map(parts.market.instruments.map((instrument) => [instrument.symbol, instrument]));
  }

  /** The latest of one symbol; null: there is none. */
  latest(kind: LatestKind, symbol: string, feed: string): Wire | null {
    const { market } = this.#parts;
    const instrument = this.#bySymbol.get(symbol);
    if (!instrument) return null;
    if (kind === 'bars') {
      const bar = this.#lastMinute(symbol);
      return bar && barJson(bar, instrument);
    }
    if (kind === 'quotes') {
      const quote = market.quote(symbol);
      return quote && quoteJson(quote, instrument, feed);
    }
    const trade = market.lastTrade(symbol);
    return trade && tradeJson(trade, instrument, feed);
  }

  /** Null: nothing is known of the symbol. */
  snapshot(symbol: string, feed: string): Wire | null {
    const { market, now } = this.#parts;
    const instrument = this.#bySymbol.get(symbol);
    if (!instrument) return null;
    const { first, last } = market.history.days(symbol, now());
    const days: Bar[] = [];
    for (let day = last; day >= first && days.length < 2; day--) {
      const bar = market.history.dayBar(symbol, day, now());
      if (bar) days.push(bar);
    }
    const [dailyBar, prevDailyBar] = days;
    const all = {
      latestTrade: this.latest('trades', symbol, feed),
      latestQuote: this.latest('quotes', symbol, feed),
      minuteBar: this.latest('bars', symbol, feed),
      dailyBar: dailyBar ? barJson(dailyBar, instrument) : null,
      prevDailyBar: prevDailyBar ? barJson(prevDailyBar, instrument) : null,
    };
    const known = Object.entries(all).filter(([, value]) => value !== null);
    return known.length === 0 ? null : Object.fromEntries(known);
  }

  orderBook(symbol: string): Wire | null {
    const quote = this.#parts.market.quote(symbol);
    return quote && orderBookJson(quote, this.#bySymbol.get(symbol)!);
  }

  /** One of those; a refusal where there is none of it. */
  one(symbol: string, name: string, of: (symbol: string) => Wire | null): Wire {
    const found = this.#isListed(symbol, 'us_equity') ? of(symbol) : null;
    if (!found) throw new DataRefusal(404, `no ${name} found for ${symbol}`);
    return found;
  }

  /** Of several symbols those that there is something of. */
  several(assetClass: AssetClass, symbols: readonly string[], of: (symbol: string) => Wire | null): Wire {
    const found = symbols
      .filter((symbol) => this.#isListed(symbol, assetClass))
      .map((symbol) => [symbol, of(symbol)] as const);
    return Object.fromEntries(found.filter(([, shown]) => shown !== null));
  }

  /** A page of history; symbols that are not listed have none. */
  async page(
    kind: Kind,
    assetClass: AssetClass,
    symbols: readonly string[],
    query: QueryValues,
    feed: string,
  ): Promise<Page<Wire>> {
    const { market, now, monotonicMs, plan } = this.#parts;
    const at = now();
    const timeframe = kind === 'bars' ? timeframeIn(query) : ({ unit: 'day', count: 1 } as const);
    const listed = symbols.filter((symbol) => this.#isListed(symbol, assetClass));
    const delayMs = feed === 'sip' ? plan.sipDelayMs : 0;
    const span = spanIn(query, at, market.history.zoneOf(listed[0] ?? ''), delayMs);
    const limit = limitIn(query);
    const points = (symbol: string, from: number | null): Iterable<Point> => {
      const instrument = this.#bySymbol.get(symbol)!;
      const part = from === null ? span : restOf(span, from);
      if (kind === 'quotes') return this.#quotes(instrument, part, at, feed);
      if (kind === 'trades') return this.#trades(instrument, part, at, feed);
      const bars = barsIn(market.history, symbol, timeframe, part, at);
      return kind === 'bars' ? shownBars(bars, instrument) : auctionsOf(bars, instrument, at);
    };
    try {
      const page = await takePage({
        symbols: listed,
        limit,
        token: query.page_token || null,
        points,
        timeOf: (point) => point.at.getTime(),
        monotonicMs,
      });
      const found = [...page.found].map(([symbol, own]) => [symbol, own.map(({ shown }) => shown)] as const);
      return { found: new Map(found), next: page.next };
    } catch (error) {
      if (error instanceof RangeError) throw invalid(error.message);
      throw error;
    }
  }

  #isListed(symbol: string, assetClass: AssetClass): boolean {
    return this.#bySymbol.get(symbol)?.assetClass === assetClass;
  }

  *#quotes(instrument: Instrument, span: Span, now: Date, feed: string): Generator<Point> {
    for (const { quote } of ticksIn(this.#parts.market.history, instrument.symbol, span, now)) {
      yield { at: quote.at, shown: quoteJson(quote, instrument, feed) };
    }
  }

  *#trades(instrument: Instrument, span: Span, now: Date, feed: string): Generator<Point> {
    for (const { trade } of ticksIn(this.#parts.market.history, instrument.symbol, span, now)) {
      // What a market that opens shows first may carry a trade from before.
      if (!trade || trade.at.getTime() < span.start || trade.at.getTime() > span.end) continue;
      yield { at: trade.at, shown: tradeJson(trade, instrument, feed) };
    }
  }

  #lastMinute(symbol: string): Bar | null {
    const { market, now } = this.#parts;
    const { first, last } = market.history.days(symbol, now());
    for (let day = last; day >= first; day--) {
      const bar = market.history.minuteBars(symbol, day, now()).at(-1);
      if (bar) return bar;
    }
    return null;
  }
}

/** What is left of a span from a moment on, in its direction. */
const restOf = (span: Span, from: number): Span =>
  span.descending ? { ...span, end: Math.min(span.end, from) } : { ...span, start: Math.max(span.start, from) };

function* shownBars(bars: Iterable<Bar>, instrument: Instrument): Generator<Point> {
  for (const bar of bars) yield { at: bar.at, shown: barJson(bar, instrument) };
}

/** The day's official open and close, which opening and closing auctions made; a close that has not been is none. */
function* auctionsOf(days: Iterable<Bar>, instrument: Instrument, now: Date): Generator<Point> {
  for (const bar of days) {
    const { day } = wallTime(bar.at.getTime(), newYork);
    const session = regularSession(day);
    if (!session) continue;
    const [open, close] = [session.open, session.close].map((minute) => new Date(momentOf(day, minute, newYork))) as [
      Date,
      Date,
    ];
    if (open > now) continue;
    const o = [auctionJson(open, bar.open, 'O', instrument)];
    const c = close > now ? [] : [auctionJson(close, bar.close, '6', instrument)];
    yield { at: bar.at, shown: { d: dayText(day), o, c } };
  }
}
