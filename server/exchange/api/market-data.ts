import { Hono } from 'hono';
import type { Bar, Bars } from '../market/bars.ts';
import type { MarketQuote, MarketTrade, SimulatedMarket } from '../market/market.ts';
import { refuse } from '../venue/refusal.ts';

const price = (ticks: number): number => ticks / 10_000;
const minutesOf: Readonly<Record<string, number>> = {
  '1Min': 1,
  '1T': 1,
  '5Min': 5,
  '5T': 5,
  '15Min': 15,
  '15T': 15,
  '30Min': 30,
  '1Hour': 60,
  '1H': 60,
  '1Day': 1440,
  '1D': 1440,
};

export const quoteJson = (quote: MarketQuote, exchange = 'V'): Record<string, unknown> => ({
  t: quote.at.toISOString(),
  ax: exchange,
  ap: price(quote.ask),
  as: quote.askSize,
  bx: exchange,
  bp: price(quote.bid),
  bs: quote.bidSize,
  c: ['R'],
  z: 'C',
});

export const tradeJson = (trade: MarketTrade): Record<string, unknown> => ({
  t: trade.at.toISOString(),
  x: 'V',
  p: price(trade.price),
  s: trade.size,
  c: ['@'],
  i: trade.at.getTime(),
  z: 'C',
});

export const barJson = (bar: Bar): Record<string, unknown> => ({
  t: bar.at.toISOString(),
  o: price(bar.open),
  h: price(bar.high),
  l: price(bar.low),
  c: price(bar.close),
  v: bar.volume,
  n: bar.trades,
  vw: bar.volume === 0 ? price(bar.close) : Math.round(bar.turnover / bar.volume) / 10_000,
});

/** Alpaca's stock data API: latest quotes, trades and bars, snapshots, and the bars since this venue opened. */
export function marketDataApi(market: SimulatedMarket, bars: Bars, now: () => Date): Hono {
  const api = new Hono();
  const listed = new Set(market.instruments.map((instrument) => instrument.symbol));
  const latest = {
    quotes: (symbol: string) => maybe(market.quote(symbol), quoteJson),
    trades: (symbol: string) => maybe(market.lastTrade(symbol), tradeJson),
    bars: (symbol: string) => maybe(bars.latest(symbol), barJson),
  };
  const several = (symbols: string | undefined, of: (symbol: string) => unknown): Record<string, unknown> => {
    const wanted = (symbols ?? '')
      .split(',')
      .filter(Boolean)
      .map((symbol) => symbol.toUpperCase());
    if (wanted.length === 0) throw refuse.malformed('symbols is required');
    return Object.fromEntries(
      wanted.map((symbol) => [symbol, of(symbol)] as const).filter(([, value]) => value !== null),
    );
  };
  const one = (name: string): string => {
    const symbol = name.toUpperCase();
    if (!listed.has(symbol)) throw refuse.notFound(`no data for ${symbol}`);
    return symbol;
  };
  const snapshot = (symbol: string) =>
    listed.has(symbol)
      ? {
          latestTrade: latest.trades(symbol),
          latestQuote: latest.quotes(symbol),
          minuteBar: latest.bars(symbol),
          dailyBar: maybe(bars.range(symbol, new Date(0), now(), 1440).at(-1) ?? null, barJson),
          prevDailyBar: null,
        }
      : null;
  const singular = { quotes: 'quote', trades: 'trade', bars: 'bar' } as const;
  for (const kind of ['quotes', 'trades', 'bars'] as const) {
    api.get(`/v2/stocks/${kind}/latest`, (c) => c.json({ [kind]: several(c.req.query('symbols'), latest[kind]) }));
    api.get(`/v2/stocks/:symbol/${kind}/latest`, (c) => {
      const symbol = one(c.req.param('symbol'));
      return c.json({ symbol, [singular[kind]]: latest[kind](symbol) });
    });
  }
  const history = (symbol: string, query: Record<string, string>) => {
    const width = minutesOf[query.timeframe ?? '1Min'];
    if (width === undefined) throw refuse.malformed('invalid timeframe');
    const from = query.start ? new Date(query.start) : new Date(now().getTime() - 86_400_000);
    const to = query.end ? new Date(query.end) : now();
    if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) throw refuse.malformed('invalid start or end');
    const limit = Math.min(10_000, Math.max(1, Number(query.limit ?? 1000) || 1000));
    const found = bars.range(symbol, from, to, width).map(barJson);
    return query.sort === 'desc' ? found.reverse().slice(0, limit) : found.slice(0, limit);
  };
  api.get('/v2/stocks/bars', (c) =>
    c.json({
      bars: several(c.req.query('symbols'), (symbol) => (listed.has(symbol) ? history(symbol, c.req.query()) : null)),
      next_page_token: null,
    }),
  );
  api.get('/v2/stocks/:symbol/bars', (c) => {
    const symbol = one(c.req.param('symbol'));
    return c.json({ symbol, bars: history(symbol, c.req.query()), next_page_token: null });
  });
  api.get('/v2/stocks/snapshots', (c) => c.json(several(c.req.query('symbols'), snapshot)));
  api.get('/v2/stocks/:symbol/snapshot', (c) => {
    const symbol = one(c.req.param('symbol'));
    return c.json({ symbol, ...snapshot(symbol) });
  });
  return api;
}

const maybe = <T>(value: T | null, show: (value: T) => Record<string, unknown>): Record<string, unknown> | null =>
  value === null ? null : show(value);
