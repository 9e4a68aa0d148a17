// The exchange's books in PostgreSQL: exact, whole after a restart, and a client order id stays spent when its order is long gone.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Exchange } from '../../../exchange/exchange.ts';
import { call, type Json } from '../../../exchange/spec/checked-client.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { startTestExchange } from '../../../testing/exchange.ts';
import { createExchangeStore } from './exchange-store.ts';

let database: TestDatabase;
let exchange: Exchange;
/** Of final orders and of fills no more than two come back. */
const start = () =>
  startTestExchange({
    store: createExchangeStore(database.sql, 2),
    market: { kind: 'scripted' },
    startingCash: 20_000_000,
  });
const api = (method: string, path: string, body?: unknown) => call(exchange, method, path, body);
const get = async (path: string) => (await api('GET', path)).json;
const buy = (qty: string, more: Json = {}) =>
  api('POST', '/v2/orders', { symbol: 'AAPL', side: 'buy', type: 'market', time_in_force: 'day', qty, ...more });

beforeEach(async () => {
  database = await createTestDatabase();
  exchange = await start();
  await exchange.setQuote('AAPL', 150.01, 150.03, 1_000_000);
  await exchange.setQuote('BTC/USD', 59_990, 60_000, 50);
});
afterEach(async () => {
  await exchange.stop();
  await database.drop();
});

it('keeps amounts that no double holds, to the last digit', async () => {
  await buy('66666.123456789');
  await api('POST', '/v2/orders', {
    symbol: 'BTCUSD',
    side: 'buy',
    type: 'market',
    time_in_force: 'gtc',
    qty: '1.123456789',
  });
  const paths = ['/v2/positions', '/v2/account/activities', '/v2/orders?status=all'];
  const shown = () => Promise.all(paths.map(get));
  const exact = () => exchange.venue.command(({ state }) => [...state.accounts.values()][0]!.cash);
  const [before, cash] = [await shown(), await exact()];
  // 66,666.123456789 x 150.03 and 1.123456789 x 60,000 dollars, in ten-trillionths.
  expect(cash).toBe(20_000_000n * 10n ** 13n - 66_666_123_456_789n * 1_500_300n - 1_123_456_789n * 600_000_000n);
  await exchange.stop();
  exchange = await start();
  await exchange.setQuote('AAPL', 150.01, 150.03, 1_000_000);
  await exchange.setQuote('BTC/USD', 59_990, 60_000, 50);
  expect(await exact()).toBe(cash);
  expect(await shown()).toEqual(before);
  const rows = await database.sql`select data->>'cash' as cash from exchange.accounts`;
  expect(rows[0]!.cash).toBe(cash.toString());
});

it('takes no client order id twice, however long ago its order was', async () => {
  for (const client_order_id of ['one', 'two', 'three', 'four']) await buy('1', { client_order_id });
  const refused = { status: 422, json: { code: 40_010_001, message: 'client_order_id must be unique' } };
  expect(await buy('1', { client_order_id: 'one' })).toMatchObject(refused);
  await exchange.stop();
  exchange = await start();
  await exchange.setQuote('AAPL', 150.01, 150.03);
  const cash = (await get('/v2/account')).cash;
  for (const client_order_id of ['one', 'four']) expect(await buy('1', { client_order_id })).toMatchObject(refused);
  expect((await get('/v2/account')).cash).toBe(cash);
  expect((await buy('1', { client_order_id: 'five' })).status).toBe(200);
});

it('spends a client order id only with an order that was taken', async () => {
  expect((await buy('9999999', { client_order_id: 'mine' })).status).toBe(422);
  expect((await buy('999999', { client_order_id: 'mine' })).status).toBe(403);
  const resting = { type: 'limit', limit_price: '100', time_in_force: 'gtc' };
  expect((await buy('1', { client_order_id: 'mine', ...resting })).status).toBe(200);
  // While the first one is open the code is another.
  expect(await buy('1', { client_order_id: 'mine' })).toMatchObject({ status: 422, json: { code: 42_210_000 } });
});
