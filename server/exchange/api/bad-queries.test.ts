// Every parameter of every operation of the specification, in the path and in the query, tried with whatever does not belong there: an answer
// as specified or a catalogued 4xx each time (the client that asks sees to both), and the account as it was.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExchangeStore } from '../../adapters/database/exchange-store/exchange-store.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import type { Exchange } from '../exchange.ts';
import { call } from '../spec/checked-client.ts';
import { operation, served } from '../spec/operations.ts';

let database: TestDatabase;
let exchange: Exchange;
const known: Record<string, string> = {};
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);

beforeAll(async () => {
  database = await createTestDatabase();
  exchange = await startTestExchange({ store: createExchangeStore(database.sql) });
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await exchange.setQuote('MSFT', 409.9, 410.1);
  const order = { symbol: 'AAPL', qty: '10', side: 'buy', type: 'market', time_in_force: 'day' };
  await api('POST', '/v2/orders', order);
  await api('POST', '/v2/orders', {
    ...order,
    symbol: 'MSFT',
    type: 'limit',
    limit_price: '300',
    time_in_force: 'gtc',
  });
  known.watchlist_id = (await api('POST', '/v2/watchlists', { name: 'known', symbols: ['AAPL'] })).json.id as string;
});
afterAll(async () => {
  await exchange.stop();
  await database.drop();
});

async function books(): Promise<unknown> {
  const paths = ['/v2/account', '/v2/orders?status=all', '/v2/positions', '/v2/account/activities', '/v2/watchlists'];
  return Promise.all([...paths, '/v2/account/configurations'].map(async (path) => (await api('GET', path)).json));
}

const strange = [
  'né 株 😀',
  'a\0b',
  '%00',
  "'; drop table orders --",
  '\n',
  '<x>',
  '{}',
  '[]',
  'NaN',
  '-1',
  '0x10',
  '1e999',
];
const huge = ['9'.repeat(41), 'x'.repeat(3000), `2026-01-01T${'0'.repeat(500)}Z`];
const wrong = [...strange, ...huge, ' ', 'null', 'undefined'];
/** Of those, what is a moment to nobody. */
const dates = ['2026-13-01', '2026-02-30', '0000-00-00', '2026-01-01T25:00:00Z', '20260101', '1.5', 'yesterday'];

/** Parameters whose every text is a right one: a name that nothing may have, or a list of such. */
const names = new Set([
  'symbols',
  'client_order_id',
  'name',
  'attributes',
  'exchange',
  'symbol',
  'cusip',
  // Of what there is none of here, nothing is read.
  ...Object.keys(operation('GET', '/v2/options/contracts').query),
  ...Object.keys(operation('GET', '/v2/corporate_actions/announcements').query).filter((name) => name !== 'until'),
]);

const reads = served.filter(
  ({ method, path, query }) => method === 'GET' && Object.keys(query).length > 0 && !path.includes('corporate'),
);

describe.each(reads)('$path', ({ method, path, query }) => {
  const at = path
    .replace('{activity_type}', 'FILL')
    .replace('{market}', 'NYSE')
    .replace(/\{\w+\}/, 'AAPL');

  it.each(Object.keys(query))('with a wrong %s', async (name) => {
    const before = await books();
    const kind = query[name]!;
    const tried = kind === 'date-time' || kind === 'date' ? [...wrong, ...dates] : wrong;
    const taken: string[] = [];
    for (const value of tried) {
      // One that needs another one to be read at all has it.
      const beside = name === 'end' && path.includes('calendar') ? '&start=2026-01-01' : '';
      const { status } = await api(method, `${at}?${name}=${encodeURIComponent(value)}${beside}`);
      if (status < 400) taken.push(value);
    }
    if (!names.has(name)) expect(taken.filter((value) => value.trim() !== '')).toEqual([]);
    expect(await books()).toEqual(before);
  });
});

describe('a position is not closed', () => {
  it.each(['qty', 'percentage'])('by a wrong %s', async (name) => {
    const before = await books();
    for (const value of [...wrong, '0', '-0', '1000000', '0.0000000001', '1,5', '١', ' 1', '+']) {
      const { status } = await api('DELETE', `/v2/positions/AAPL?${name}=${encodeURIComponent(value)}`);
      expect([value, status >= 400]).toEqual([value, true]);
    }
    expect((await api('DELETE', '/v2/positions/AAPL?qty=1&percentage=1')).status).toBe(422);
    expect(await books()).toEqual(before);
  });

  it('by a word for whether orders are to be cancelled', async () => {
    const before = await books();
    for (const value of wrong.filter((word) => word.trim() !== '')) {
      expect((await api('DELETE', `/v2/positions?cancel_orders=${encodeURIComponent(value)}`)).status).toBe(422);
    }
    expect(await books()).toEqual(before);
  });
});

const withPath = served.filter(({ path }) => path.includes('{'));

it.each(withPath)('$method $path of nothing that there is', async ({ method, path }) => {
  const before = await books();
  const body = method === 'GET' || method === 'DELETE' ? undefined : { name: 'other', symbol: 'MSFT', qty: '5' };
  for (const value of [...wrong, 'NOPE', '00000000-0000-4000-8000-000000000000']) {
    const text = encodeURIComponent(value);
    // A name that is wholly blank is an address without one.
    if (value.trim() === '') continue;
    const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    for (const part of parts) {
      const at = path.replace(/\{(\w+)\}/g, (_all, name: string) => (name === part ? text : (known[name] ?? 'AAPL')));
      const { status } = await api(method, at, body);
      expect([at, status >= 400 && status < 500]).toEqual([at, true]);
    }
  }
  expect(await books()).toEqual(before);
});
