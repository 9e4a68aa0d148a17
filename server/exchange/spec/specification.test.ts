// The official specification, operation by operation: each is served, with every parameter that it documents tried and every answer held
// against its schema (by the client that asks), or it is named in docs/exchange.md as what this venue is not.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { assetIdOf } from '../api/assets.ts';
import type { TradingApiParts } from '../api/context.ts';
import { tradingApi } from '../api/trading.ts';
import type { Exchange } from '../exchange.ts';
import { call, type Json } from './checked-client.ts';
import { elsewhere, type Operation, operations, served } from './operations.ts';

let exchange: Exchange;
let clock: ManualClock;
const known: Record<string, string> = {};
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);
const market = (symbol: string, side = 'buy') => ({ symbol, qty: '10', side, type: 'market', time_in_force: 'day' });
const limit = { symbol: 'MSFT', qty: '1', side: 'buy', type: 'limit', limit_price: '300', time_in_force: 'gtc' };

beforeAll(async () => {
  clock = new ManualClock('2026-11-20T15:30:00.000Z');
  exchange = await startTestExchange({ clock });
  for (const symbol of ['AAPL', 'TSLA', 'NVDA']) await exchange.setQuote(symbol, 149.99, 150.01);
  await exchange.setQuote('MSFT', 409.9, 410.1);
  for (const symbol of ['AAPL', 'TSLA', 'NVDA']) await api('POST', '/v2/orders', market(symbol));
  known.id = (await api('POST', '/v2/orders', { ...limit, client_order_id: 'known' })).json.id as string;
  known.list = (await api('POST', '/v2/watchlists', { name: 'known', symbols: ['AAPL'] })).json.id as string;
});
afterAll(() => exchange.stop());

interface Try {
  /** Without its query, where that is its operation's path. */
  readonly path?: () => string;
  /** Queries, each a request of its own; `{id}` is a resting order's. */
  readonly queries?: readonly string[];
  readonly body?: unknown;
  readonly status?: number;
}

const moments = ['2026-11-20', '2026-11-20T10:00:00Z', '2026-11-20T10:00:00-05:00', '2026-11-20T10:00:00.123456789Z'];
const each = (name: string, values: readonly string[]): string[] =>
  values.map((value) => `${name}=${encodeURIComponent(value)}`);
const option = 'AAPL261218C00150000';
const dividends = 'ca_types=dividend&since=2026-11-01&until=2026-11-30';

const activityQueries = [
  ...each('date', moments.slice(0, 2)),
  ...each('until', moments),
  ...each('after', moments),
  ...each('page_size', ['1', '100']),
  'page_size=2&page_token=',
];

/** By operation, as the specification writes it. */
const tries: Readonly<Record<string, readonly Try[]>> = {
  'GET /v2/account': [{}],
  'GET /v2/account/configurations': [{}],
  'PATCH /v2/account/configurations': [
    { body: { trade_confirm_email: 'none', no_shorting: true, max_margin_multiplier: '2' } },
    { body: { no_shorting: false, max_margin_multiplier: '4', fractional_trading: true, suspend_trade: false } },
    { body: { disable_overnight_trading: false, max_options_trading_level: 1, ptp_no_exception_entry: false } },
  ],
  'GET /v2/account/portfolio/history': [
    {
      queries: [
        ...each('period', ['1D', '7D', '1W', '1M', '1A']),
        ...each('timeframe', ['1Min', '5Min', '15Min', '1H', '1D']).map((query) => `${query}&period=1D`),
        ...each('start', [...moments, '1763640000']),
        ...each('end', [...moments, '1763640000']),
        ...each('extended_hours', ['true', 'false']),
        ...each('cashflow_types', ['ALL', 'NONE', 'JNLC,CSD,CSW']),
      ],
    },
  ],
  'GET /v2/account/activities': [
    {
      queries: [
        '',
        ...activityQueries,
        ...each('activity_types', ['FILL', 'DIV,CSD']),
        ...each('category', ['trade_activity', 'non_trade_activity']),
        `order_id=${assetIdOf('AAPL')}`,
      ],
    },
  ],
  'GET /v2/account/activities/{activity_type}': [
    { path: () => '/v2/account/activities/FILL', queries: [...activityQueries, `order_id=${assetIdOf('AAPL')}`] },
    { path: () => '/v2/account/activities/CFEE' },
  ],
  'GET /v2/assets': [
    {
      queries: [
        ...each('status', ['active', 'inactive']),
        ...each('asset_class', ['us_equity', 'crypto', 'us_option']),
        ...each('exchange', ['NASDAQ', 'NYSE', 'ARCA', 'CRYPTO']),
        ...each('attributes', ['ptp_no_exception,ipo', 'has_options', 'fractional_eh_enabled']),
      ],
    },
  ],
  'GET /v2/assets/{symbol_or_asset_id}': [
    { path: () => '/v2/assets/AAPL' },
    { path: () => `/v2/assets/${assetIdOf('AAPL')}` },
    { path: () => '/v2/assets/BTC%2FUSD' },
    { path: () => '/v2/assets/NOPE', status: 404 },
  ],
  'GET /v2/calendar': [
    {
      queries: [
        ...each('start', ['2026-11-20', '2026-11-20T00:00:00Z']).map((query) => `${query}&end=2026-11-27`),
        ...each('date_type', ['TRADING', 'SETTLEMENT']).map((query) => `${query}&start=2026-11-20&end=2026-11-27`),
      ],
    },
  ],
  'GET /v2/clock': [{}],
  'GET /v2/corporate_actions/announcements': [
    {
      queries: [
        ...each('date_type', ['declaration_date', 'ex_date', 'record_date', 'payable_date']),
        'symbol=AAPL',
        'cusip=037833100',
      ].map((query) => `${dividends}&${query}`),
    },
  ],
  'GET /v2/corporate_actions/announcements/{id}': [
    { path: () => `/v2/corporate_actions/announcements/${assetIdOf('AAPL')}`, status: 404 },
  ],
  'GET /v2/options/contracts': [
    {
      queries: [
        'underlying_symbols=AAPL,SPY&show_deliverables=true&status=active&type=call&style=american&ppind=true&limit=100',
        'expiration_date=2026-12-18&root_symbol=AAPL&strike_price_gte=100&strike_price_lte=200&page_token=',
        'expiration_date_gte=2026-12-18&expiration_date_lte=2026-12-31',
      ],
    },
  ],
  'GET /v2/options/contracts/{symbol_or_id}': [{ path: () => `/v2/options/contracts/${option}`, status: 404 }],
  'GET /v2/orders': [
    {
      queries: [
        '',
        ...each('limit', ['1', '500']),
        ...each('after', moments),
        ...each('until', moments),
        ...each('nested', ['true', 'false']),
        'symbols=AAPL,MSFT',
        'side=buy',
        'side=sell',
        ...each('asset_class', ['us_equity', 'crypto', 'us_option', 'us_equity,crypto', 'all']),
        'before_order_id={id}',
        'after_order_id={id}',
      ],
    },
  ],
  'POST /v2/orders': [
    { body: market('AAPL') },
    { body: limit },
    { body: { ...limit, order_class: 'bracket', take_profit: { limit_price: 500 }, stop_loss: { stop_price: 200 } } },
    { body: { ...market('NOPE') }, status: 422 },
    { body: { ...market('AAPL'), qty: '1000000' }, status: 403 },
  ],
  'GET /v2/orders/{order_id}': [{ path: () => `/v2/orders/${known.id}`, queries: each('nested', ['true', 'false']) }],
  'GET /v2/orders:by_client_order_id': [{ queries: ['client_order_id=known'] }],
  'PATCH /v2/orders/{order_id}': [{ path: () => `/v2/orders/${known.id}`, body: { qty: '2', limit_price: '301' } }],
  'DELETE /v2/orders/{order_id}': [
    { path: () => `/v2/orders/${known.id}`, status: 422 },
    { path: () => `/v2/orders/${known.next}`, status: 204 },
  ],
  'DELETE /v2/orders': [{ status: 207 }, { status: 207 }],
  'GET /v2/positions': [{}],
  'GET /v2/positions/{symbol_or_asset_id}': [
    { path: () => '/v2/positions/AAPL' },
    { path: () => `/v2/positions/${assetIdOf('AAPL')}` },
  ],
  'DELETE /v2/positions/{symbol_or_asset_id}': [
    { path: () => '/v2/positions/AAPL', queries: ['qty=2', 'percentage=50', ''] },
  ],
  'DELETE /v2/positions': [
    { path: () => '/v2/positions', queries: ['cancel_orders=true', 'cancel_orders=false'], status: 207 },
  ],
  'POST /v2/positions/{symbol_or_contract_id}/do-not-exercise': [
    { path: () => `/v2/positions/${option}/do-not-exercise`, status: 404 },
  ],
  'POST /v2/positions/{symbol_or_contract_id}/exercise': [
    { path: () => `/v2/positions/${option}/exercise`, status: 404 },
  ],
  'GET /v2/watchlists': [{}],
  'POST /v2/watchlists': [{ body: { name: 'second', symbols: ['AAPL', 'MSFT'] } }, { body: { name: 'empty' } }],
  'GET /v2/watchlists/{watchlist_id}': [{ path: () => `/v2/watchlists/${known.list}` }],
  'PUT /v2/watchlists/{watchlist_id}': [
    { path: () => `/v2/watchlists/${known.list}`, body: { name: 'renamed', symbols: ['MSFT'] } },
  ],
  'POST /v2/watchlists/{watchlist_id}': [
    { path: () => `/v2/watchlists/${known.list}`, body: { symbol: 'AAPL' } },
    { path: () => `/v2/watchlists/${known.list}`, body: { symbol: 'BTC/USD' } },
  ],
  'DELETE /v2/watchlists/{watchlist_id}/{symbol}': [
    { path: () => `/v2/watchlists/${known.list}/AAPL` },
    { path: () => `/v2/watchlists/${known.list}/BTC%2FUSD` },
  ],
  'DELETE /v2/watchlists/{watchlist_id}': [
    { path: () => `/v2/watchlists/${known.list}`, status: 204 },
    { path: () => `/v2/watchlists/${known.list}`, status: 404 },
  ],
  'GET /v2/watchlists:by_name': [{ queries: ['name=second'] }],
  'PUT /v2/watchlists:by_name': [{ queries: ['name=second'], body: { name: 'second', symbols: ['AAPL'] } }],
  'POST /v2/watchlists:by_name': [{ queries: ['name=second'], body: { symbol: 'TSLA' } }],
  'DELETE /v2/watchlists:by_name': [{ queries: ['name=second'], status: 204 }],
  'GET /v3/calendar/{market}': [
    { path: () => '/v3/calendar/NYSE', queries: ['', 'start=2026-11-20&end=2026-11-27', 'timezone=UTC'] },
    { path: () => '/v3/calendar/XNAS' },
    { path: () => '/v3/calendar/LSE', status: 400 },
  ],
  'GET /v3/clock': [{ queries: ['', 'markets=NYSE,XNAS', ...each('time', moments.slice(1))] }],
};

const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;

it('has 58 operations, and each is served and tried or named as what this venue is not', () => {
  expect(operations).toHaveLength(58);
  expect(Object.keys(tries).sort()).toEqual(served.map(nameOf).sort());
  const letter = readFileSync(new URL('../../../docs/exchange.md', import.meta.url), 'utf8');
  const isNot = letter.slice(letter.indexOf('## What it is not'));
  for (const path of elsewhere) expect(isNot).toContain(path);
});

it('has every route that this venue has, but for two that clients know from before it', () => {
  // Only the addresses are read of it.
  const routes = tradingApi({} as TradingApiParts).routes.map(({ method, path }) => `${method} ${path}`);
  const plain = (text: string): string => text.replaceAll(/\/(\{\w+\}|:\w+(\{\.\+\})?)/g, '/*');
  const specified = new Set(operations.map((one) => plain(nameOf(one))));
  expect([...new Set(routes)].filter((route) => !specified.has(plain(route)))).toEqual([
    'DELETE /v2/watchlists:by_name/:symbol{.+}',
    'GET /v2/events/trades',
  ]);
});

it('and what it is not is answered with 404', async () => {
  for (const { method, path } of operations.filter((one) => !served.includes(one))) {
    const { status, json } = await api(method, path.replaceAll(/\{\w+\}/g, 'x'), method === 'GET' ? undefined : {});
    expect([path, status, json.code]).toEqual([path, 404, 40_410_000]);
  }
});

// In an order in which what a later one needs is not yet gone.
const order = Object.keys(tries);
describe.each([...served].sort((a, b) => order.indexOf(nameOf(a)) - order.indexOf(nameOf(b))))(
  '$method $path',
  (operation) => {
    const { method, path, query } = operation;
    const asked = tries[nameOf(operation)]!;
    const values: Record<string, Set<string>> = {};
    for (const [name, value] of asked.flatMap(({ queries = [] }) =>
      queries.flatMap((q) => [...new URLSearchParams(q)]),
    )) {
      values[name] = (values[name] ?? new Set()).add(value);
    }
    // What the specification lists, nobody need write down.
    const listed = Object.entries(query).flatMap(([name, allowed]) =>
      typeof allowed === 'string'
        ? []
        : allowed.filter((value) => !values[name]?.has(value)).map((v) => [name, v] as const),
    );

    it('has every parameter tried', () => {
      const missing = Object.keys(query).filter((name) => !values[name] && !listed.some(([of]) => of === name));
      expect(missing).toEqual([]);
      expect(Object.keys(values).filter((name) => !(name in query) && name !== 'client_order_id')).toEqual([]);
    });

    it('answers as specified', async () => {
      for (const { path: at = () => path, queries = [''], body, status = 200 } of asked) {
        for (const one of queries) {
          const answer = await api(method, `${at()}${one && `?${one.replace('{id}', known.id!)}`}`, body);
          expect(answer.status, `${one} ${JSON.stringify(answer.json)}`).toBe(status);
          if (method === 'PATCH' && path.startsWith('/v2/orders')) known.next = (answer.json as Json).id as string;
        }
      }
      const [first] = asked;
      for (const [name, value] of listed) {
        const base = first!.path?.() ?? path;
        const answer = await api(method, `${base}?${name}=${encodeURIComponent(value)}`);
        expect([name, value, answer.status]).toEqual([name, value, 200]);
      }
    });
  },
);
