import { type Context, Hono } from 'hono';
import type { DataPlan } from './data-plan.ts';
import { type Kind, type MarketDataParts, MarketDesk } from './market-desk.ts';
import { conditionNames, exchangeNames, tapeNames } from './market-meta.ts';
import { DataRefusal, invalid, type Source, sourceIn, symbolIn, symbolsIn } from './market-query.ts';
import type { Wire } from './market-wire.ts';

export type { MarketDataParts } from './market-desk.ts';

const latestKinds = ['bars', 'quotes', 'trades'] as const;
const kinds = [...latestKinds, 'auctions'] as const;
const singular = { bars: 'bar', quotes: 'quote', trades: 'trade' } as const;
/** Crypto trades at several places; here they are all one. */
const locations = ['us', 'us-1', 'us-2', 'eu-1', 'bs-1'];

/** Alpaca's market data API: stocks at /v2/stocks, crypto at /v1beta3/crypto. */
export function marketDataApi(parts: MarketDataParts): Hono {
  const api = new Hono();
  const desk = new MarketDesk(parts);
  api.onError((error, c) => {
    if (error instanceof DataRefusal) return c.json({ message: error.message }, error.status);
    throw error;
  });
  // Before the routes of one symbol, for whose name they would be taken.
  api.get('/v2/stocks/meta/exchanges', (c) => c.json(exchangeNames));
  api.get('/v2/stocks/meta/conditions/:ticktype', (c) => {
    const conditions = conditionNames[c.req.param('ticktype')];
    if (!conditions) throw invalid(`invalid ticktype: ${c.req.param('ticktype')}`);
    const tape = c.req.query('tape');
    if (!tape) throw invalid('tape is required');
    if (!tapeNames.includes(tape)) throw invalid(`invalid tape: ${tape}`);
    return c.json(conditions);
  });
  stockRoutes(api, desk, parts.plan);
  cryptoRoutes(api, desk);
  return api;
}

function stockRoutes(api: Hono, desk: MarketDesk, plan: DataPlan): void {
  const listOf = (c: Context): string[] => symbolsIn(c.req.query('symbols'), 'us_equity');
  const nameOf = (c: Context): string => symbolIn(c.req.param('symbol') ?? '', 'us_equity');
  const historyOf = (c: Context, kind: Kind): Source =>
    sourceIn(c.req.query(), kind === 'auctions' ? 'auctions' : 'history', plan);
  const latestOf = (c: Context): Source => sourceIn(c.req.query(), 'latest', plan);
  for (const kind of latestKinds) {
    api.get(`/v2/stocks/${kind}/latest`, (c) => {
      const source = latestOf(c);
      const latest = desk.several('us_equity', listOf(c), (symbol) => desk.latest(kind, symbol, source.feed));
      return c.json({ [kind]: latest, ...inCurrency(source) });
    });
    api.get(`/v2/stocks/:symbol/${kind}/latest`, (c) => {
      const [source, symbol] = [latestOf(c), nameOf(c)];
      const name = singular[kind];
      const latest = desk.one(symbol, name, () => desk.latest(kind, symbol, source.feed));
      return c.json({ symbol, [name]: latest, ...inCurrency(source) });
    });
  }
  for (const kind of kinds) {
    api.get(`/v2/stocks/${kind}`, async (c) => {
      const source = historyOf(c, kind);
      const { found, next } = await desk.page(kind, 'us_equity', listOf(c), c.req.query(), source.feed);
      return c.json({ [kind]: Object.fromEntries(found), next_page_token: next, ...inCurrency(source) });
    });
    api.get(`/v2/stocks/:symbol/${kind}`, async (c) => {
      const [source, symbol] = [historyOf(c, kind), nameOf(c)];
      const { found, next } = await desk.page(kind, 'us_equity', [symbol], c.req.query(), source.feed);
      return c.json({ symbol, [kind]: found.get(symbol) ?? [], next_page_token: next, ...inCurrency(source) });
    });
  }
  api.get('/v2/stocks/snapshots', (c) => {
    const { feed } = latestOf(c);
    return c.json(desk.several('us_equity', listOf(c), (symbol) => desk.snapshot(symbol, feed)));
  });
  api.get('/v2/stocks/:symbol/snapshot', (c) => {
    const [source, symbol] = [latestOf(c), nameOf(c)];
    const snapshot = desk.one(symbol, 'snapshot', () => desk.snapshot(symbol, source.feed));
    return c.json({ symbol, ...snapshot, ...inCurrency(source) });
  });
}

function cryptoRoutes(api: Hono, desk: MarketDesk): void {
  const listOf = (c: Context): string[] => {
    const location = c.req.param('loc') ?? '';
    if (!locations.includes(location)) throw invalid(`Invalid location: ${location}`);
    return symbolsIn(c.req.query('symbols'), 'crypto');
  };
  const latest = (c: Context, of: (symbol: string) => Wire | null): Wire => desk.several('crypto', listOf(c), of);
  for (const kind of latestKinds) {
    api.get(`/v1beta3/crypto/:loc/latest/${kind}`, (c) =>
      c.json({ [kind]: latest(c, (symbol) => desk.latest(kind, symbol, '')) }),
    );
    api.get(`/v1beta3/crypto/:loc/${kind}`, async (c) => {
      const { found, next } = await desk.page(kind, 'crypto', listOf(c), c.req.query(), '');
      return c.json({ [kind]: Object.fromEntries(found), next_page_token: next });
    });
  }
  api.get('/v1beta3/crypto/:loc/snapshots', (c) =>
    c.json({ snapshots: latest(c, (symbol) => desk.snapshot(symbol, '')) }),
  );
  api.get('/v1beta3/crypto/:loc/latest/orderbooks', (c) =>
    c.json({ orderbooks: latest(c, (symbol) => desk.orderBook(symbol)) }),
  );
}

const inCurrency = ({ currency }: Source): Wire => (currency === null ? {} : { currency });
