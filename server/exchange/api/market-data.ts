import { type Context, Hono } from 'hono';
import type { AssetClass } from '../calendar/sessions.ts';
import { barsIn, type Page, type Span, takePage, ticksIn } from '../market/bar-pages.ts';
import type { Bar } from '../market/bars.ts';
import type { Instrument } from '../market/instruments.ts';
import type { Market, MarketQuote, MarketTrade } from '../market/market.ts';
import { refuse } from '../venue/refusal.ts';
import { feedIn, invalid, limitIn, type QueryValues, spanIn, symbolsIn, timeframeIn } from './market-query.ts';
import { barJson, orderBookJson, quoteJson, tradeJson } from './market-wire.ts';

export interface MarketDataParts {
  readonly market: Market;
  readonly now: () => Date;
  readonly monotonicMs: () => number;
}

type Wire = Record<string, unknown>;
type Kind = 'bars' | 'quotes' | 'trades';
const kinds = ['bars', 'quotes', 'trades'] as const;
const singular = { bars: 'bar', quotes: 'quote', trades: 'trade' } as const;

/** Alpaca's market data API: stocks at /v2/stocks, crypto at /v1beta3/crypto. */
export function marketDataApi(parts: MarketDataParts): Hono {
  const api = new Hono();
  const desk = new DataDesk(parts);
  for (const kind of kinds) {
    api.get(`/v2/stocks/${kind}/latest`, (c) => c.json({ [kind]: desk.latestOf(kind, 'us_equity', c.req.query()) }));
    api.get(`/v2/stocks/${kind}`, async (c) => {
      const { found, next } = await desk.page(kind, 'us_equity', symbolsIn(c.req.query('symbols')), c.req.query());
      return c.json({ [kind]: Object.fromEntries(found), next_page_token: next });
    });
    api.get(`/v2/stocks/:symbol/${kind}/latest`, (c) => {
      const { symbol } = desk.stock(c);
      return c.json({ symbol, [singular[kind]]: desk.latest(kind, symbol, feedIn(c.req.query())) });
    });
    api.get(`/v2/stocks/:symbol/${kind}`, async (c) => {
      const { symbol } = desk.stock(c);
      const { found, next } = await desk.page(kind, 'us_equity', [symbol], c.req.query());
      return c.json({ symbol, [kind]: found.get(symbol) ?? [], next_page_token: next });
    });
    api.get(`/v1beta3/crypto/:loc/latest/${kind}`, (c) => {
      locationOf(c);
      return c.json({ [kind]: desk.latestOf(kind, 'crypto', c.req.query()) });
    });
    api.get(`/v1beta3/crypto/:loc/${kind}`, async (c) => {
      locationOf(c);
      const { found, next } = await desk.page(kind, 'crypto', symbolsIn(c.req.query('symbols')), c.req.query());
      return c.json({ [kind]: Object.fromEntries(found), next_page_token: next });
    });
  }
  api.get('/v2/stocks/snapshots', (c) => c.json(desk.snapshots('us_equity', c.req.query())));
  api.get('/v2/stocks/:symbol/snapshot', (c) => {
    const { symbol } = desk.stock(c);
    return c.json({ symbol, ...desk.snapshot(symbol, feedIn(c.req.query())) });
  });
  api.get('/v1beta3/crypto/:loc/snapshots', (c) => {
    locationOf(c);
    return c.json({ snapshots: desk.snapshots('crypto', c.req.query()) });
  });
  api.get('/v1beta3/crypto/:loc/latest/orderbooks', (c) => {
    locationOf(c);
    return c.json({ orderbooks: desk.orderBooks(c.req.query()) });
  });
  api.get('/v2/stocks/meta/exchanges', (c) => c.json(exchangeNames));
  api.get('/v2/stocks/meta/conditions/:ticktype', (c) => {
    const names = conditionNames[c.req.param('ticktype')];
    if (!names) throw invalid('ticktype must be trade or quote');
    return c.json(names);
  });
  return api;
}

/** Looks things up for the routes. */
class DataDesk {
  readonly #parts: MarketDataParts;
  readonly #bySymbol: ReadonlyMap<string, Instrument>;

  constructor(parts: MarketDataParts) {
    this.#parts = parts;
    this.#bySymbol = new Map(parts.market.instruments.map((instrument) => [instrument.symbol, instrument]));
  }

  /** The stock that a path names. */
  stock(c: Context): Instrument {
    const [symbol] = symbolsIn(c.req.param('symbol'));
    const instrument = this.#bySymbol.get(symbol!);
    if (instrument?.assetClass !== 'us_equity') throw refuse.notFound(`no data for ${symbol}`);
    return instrument;
  }

  latest(kind: Kind, symbol: string, feed: string): Wire | null {
    const { market } = this.#parts;
    const instrument = this.#bySymbol.get(symbol)!;
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

  latestOf(kind: Kind, assetClass: AssetClass, query: QueryValues): Record<string, Wire> {
    const feed = feedIn(query);
    return this.#several(assetClass, query, (symbol) => this.latest(kind, symbol, feed));
  }

  snapshot(symbol: string, feed: string): Wire {
    const { market, now } = this.#parts;
    const { history } = market;
    const instrument = this.#bySymbol.get(symbol)!;
    const { first, last } = history.days(symbol, now());
    const days: Bar[] = [];
    for (let day = last; day >= first && days.length < 2; day--) {
      const bar = history.dayBar(symbol, day, now());
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
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
  }

  snapshots(assetClass: AssetClass, query: QueryValues): Record<string, Wire> {
    const feed = feedIn(query);
    return this.#several(assetClass, query, (symbol) => this.snapshot(symbol, feed));
  }

  orderBooks(query: QueryValues): Record<string, Wire> {
    return this.#several('crypto', query, (symbol) => {
      const quote = this.#parts.market.quote(symbol);
      return quote && orderBookJson(quote, this.#bySymbol.get(symbol)!);
    });
  }

  /** A page of history; symbols that are not listed have none. */
  async page(kind: Kind, assetClass: AssetClass, symbols: readonly string[], query: QueryValues): Promise<Page<Wire>> {
    const { market, now, monotonicMs } = this.#parts;
    const at = now();
    const feed = feedIn(query);
    const listed = symbols.filter((symbol) => this.#bySymbol.get(symbol)?.assetClass === assetClass);
    const zone = market.history.zoneOf(listed[0] ?? '');
    const span = spanIn(query, at, zone);
    const timeframe = kind === 'bars' ? timeframeIn(query) : null;
    const of = (symbol: string, from: number | null): Iterable<Bar | MarketQuote | MarketTrade> => {
      const part: Span =
        from === null
          ? span
          : span.descending
            ? { ...span, end: from }
            : { ...span, start: Math.max(span.start, from) };
      if (timeframe) return barsIn(market.history, symbol, timeframe, part, at);
      const ticks = ticksIn(market.history, symbol, part, at);
      return kind === 'quotes' ? quotesOf(ticks) : tradesOf(ticks);
    };
    try {
      const page = await takePage({
        symbols: listed,
        limit: limitIn(query),
        token: query.page_token || null,
        points: of,
        timeOf: (point) => point.at.getTime(),
        monotonicMs,
      });
      const show = (symbol: string, point: Bar | MarketQuote | MarketTrade): Wire => {
        const instrument = this.#bySymbol.get(symbol)!;
        if ('open' in point) return barJson(point, instrument);
        return 'bid' in point ? quoteJson(point, instrument, feed) : tradeJson(point, instrument, feed);
      };
      const found = [...page.found].map(
        ([symbol, points]) => [symbol, points.map((point) => show(symbol, point))] as const,
      );
      return { found: new Map(found), next: page.next };
    } catch (error) {
      if (error instanceof RangeError) throw invalid(error.message);
      throw error;
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

  #several(assetClass: AssetClass, query: QueryValues, of: (symbol: string) => Wire | null): Record<string, Wire> {
    const found = symbolsIn(query.symbols)
      .filter((symbol) => this.#bySymbol.get(symbol)?.assetClass === assetClass)
      .map((symbol) => [symbol, of(symbol)] as const);
    return Object.fromEntries(found.filter((pair): pair is [string, Wire] => pair[1] !== null));
  }
}

function* quotesOf(ticks: Iterable<{ readonly quote: MarketQuote }>): Generator<MarketQuote> {
  for (const { quote } of ticks) yield quote;
}

function* tradesOf(ticks: Iterable<{ readonly trade: MarketTrade | null }>): Generator<MarketTrade> {
  for (const { trade } of ticks) if (trade) yield trade;
}

/** Crypto has several places; here they are all one. */
function locationOf(c: Context): void {
  if (!['us', 'us-1', 'us-2', 'eu-1', 'bs-1'].includes(c.req.param('loc') ?? '')) throw invalid('invalid location');
}

const exchangeNames = { N: 'New York Stock Exchange', P: 'NYSE Arca', Q: 'NASDAQ OMX', V: 'IEX' };
const conditionNames: Readonly<Record<string, Record<string, string>>> = {
  trade: { '@': 'Regular Sale', I: 'Odd Lot Trade' },
  quote: { R: 'Regular, Two Sided Open' },
};
