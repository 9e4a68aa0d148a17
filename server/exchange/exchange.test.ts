// The exchange as a client sees it, over HTTP and WebSocket, with its books in PostgreSQL.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createExchangeStore } from '../adapters/database/exchange-store/exchange-store.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { startTestExchange } from '../testing/exchange.ts';
import type { Exchange } from './exchange.ts';

let database: TestDatabase;
let exchange: Exchange;

beforeEach(async () => {
  database = await createTestDatabase();
  exchange = await startTestExchange({ store: createExchangeStore(database.sql) });
  await exchange.setQuote('AAPL', 149.99, 150.01);
});
afterEach(async () => {
  await exchange.stop();
  await database.drop();
});

interface Json {
  [key: string]: unknown;
}

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; json: Json & Json[] }> {
  const response = await fetch(`${exchange.url}${path}`, {
    method,
    headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text ? JSON.parse(text) : null };
}

const bracket = {
  symbol: 'AAPL',
  qty: '57',
  side: 'buy',
  type: 'market',
  time_in_force: 'gtc',
  order_class: 'bracket',
  take_profit: { limit_price: '155' },
  stop_loss: { stop_price: '148.5' },
};

const legsOf = async (id: string): Promise<Json[]> =>
  (await call('GET', `/v2/orders/${id}?nested=true`)).json.legs as Json[];

describe('a bracket', () => {
  it('is answered as taken, fills at the ask, and its legs begin to work', async () => {
    const { status, json } = await call('POST', '/v2/orders', { ...bracket, client_order_id: 'first' });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: 'pending_new',
      client_order_id: 'first',
      order_class: 'bracket',
      filled_qty: '0',
    });
    expect((json.legs as Json[]).map((leg) => leg.status)).toEqual(['held', 'held']);
    const now = (await call('GET', '/v2/orders:by_client_order_id?client_order_id=first')).json;
    expect(now).toMatchObject({ status: 'filled', filled_qty: '57', filled_avg_price: '150.01' });
    expect((now.legs as Json[]).map((leg) => [leg.group_role, leg.status])).toEqual([
      ['take_profit', 'new'],
      ['stop_loss', 'new'],
    ]);
    expect((await call('GET', '/v2/account')).json.cash).toBe('91449.43');
    expect((await call('GET', '/v2/positions/AAPL')).json).toMatchObject({
      qty: '57',
      avg_entry_price: '150.01',
      qty_available: '0',
    });
  });

  it('keeps its legs held until the entry is completely filled', async () => {
    await exchange.setQuote('AAPL', 149.99, 150.01, 20);
    const { json } = await call('POST', '/v2/orders', bracket);
    expect((await legsOf(json.id as string)).map((leg) => leg.status)).toEqual(['held', 'held']);
    expect((await call('GET', `/v2/orders/${json.id}`)).json).toMatchObject({
      status: 'partially_filled',
      filled_qty: '20',
    });
    await exchange.setQuote('AAPL', 149.99, 150.02, 500);
    expect((await call('GET', `/v2/orders/${json.id}`)).json).toMatchObject({ status: 'filled', filled_qty: '57' });
    expect((await legsOf(json.id as string)).map((leg) => leg.status)).toEqual(['new', 'new']);
  });

  it('takes profit once, and cancels the stop', async () => {
    const { json } = await call('POST', '/v2/orders', bracket);
    await exchange.setQuote('AAPL', 155.1, 155.12);
    expect((await legsOf(json.id as string)).map((leg) => leg.status)).toEqual(['filled', 'canceled']);
    expect((await call('GET', '/v2/positions')).json).toEqual([]);
  });

  it('stops out on a trade at the stop, at the market', async () => {
    const { json } = await call('POST', '/v2/orders', bracket);
    await exchange.setQuote('AAPL', 147, 147.02);
    const legs = await legsOf(json.id as string);
    expect(legs.map((leg) => leg.status)).toEqual(['canceled', 'filled']);
    expect(legs[1]!.filled_avg_price).toBe('147');
  });

  it('ends as a whole when one of it is cancelled', async () => {
    const { json } = await call('POST', '/v2/orders', bracket);
    const [takeProfit] = await legsOf(json.id as string);
    expect((await call('DELETE', `/v2/orders/${takeProfit!.id}`)).status).toBe(204);
    expect((await legsOf(json.id as string)).map((leg) => leg.status)).toEqual(['canceled', 'canceled']);
    expect(await call('DELETE', `/v2/orders/${takeProfit!.id}`)).toMatchObject({ status: 422 });
  });
});

describe('refusals', () => {
  it.each([
    ['a spent client order id', { ...bracket, client_order_id: 'spent' }, 422, 'client_order_id must be unique'],
    ['more than the money buys', { ...bracket, qty: '9000' }, 403, 'insufficient buying power'],
    ['a price off the grid', { ...bracket, take_profit: { limit_price: '155.001' } }, 422, /sub-penny/],
    [
      'a stop above the entry',
      { ...bracket, stop_loss: { stop_price: '151' } },
      422,
      /stop_loss.stop_price must be <= base_price/,
    ],
    ['an unknown asset', { ...bracket, symbol: 'NOPE' }, 422, 'asset "NOPE" not found'],
    ['no quantity', { ...bracket, qty: undefined }, 422, 'qty or notional is required'],
    ['a negative quantity', { ...bracket, qty: '-5' }, 422, 'qty must be > 0'],
    ['a strange side', { ...bracket, side: 'up' }, 422, 'invalid side'],
    ['no body', null, 400, 'failed to decode request body'],
  ])('%s', async (_, body, status, message) => {
    await call('POST', '/v2/orders', { ...bracket, qty: '1', client_order_id: 'spent' });
    const before = (await call('GET', '/v2/account')).json.cash;
    const answer = await call('POST', '/v2/orders', body);
    expect(answer.status).toBe(status);
    expect(answer.json.message).toMatch(message);
    expect((await call('GET', '/v2/account')).json.cash).toBe(before);
  });

  it('selling shares that protective legs hold', async () => {
    await call('POST', '/v2/orders', bracket);
    const sell = { symbol: 'AAPL', qty: '57', side: 'sell', type: 'market', time_in_force: 'day' };
    expect(await call('POST', '/v2/orders', sell)).toMatchObject({
      status: 403,
      json: { code: 40_310_000, available: '0', existing_qty: '57', held_for_orders: '57' },
    });
  });

  it('wrong keys, unknown orders and unknown paths', async () => {
    expect((await fetch(`${exchange.url}/v2/account`)).status).toBe(401);
    expect(await call('GET', '/v2/orders/01234567-89ab-4def-8123-456789abcdef')).toMatchObject({
      status: 404,
      json: { code: 40_410_000 },
    });
    expect((await call('GET', '/v2/nothing')).json.message).toBe('endpoint not found.');
  });
});

it('continues after a restart: orders, groups, positions and cash', async () => {
  const { json } = await call('POST', '/v2/orders', bracket);
  const resting = await call('POST', '/v2/orders', {
    symbol: 'AAPL',
    qty: '5',
    side: 'buy',
    type: 'limit',
    limit_price: '140',
    time_in_force: 'gtc',
    order_class: 'bracket',
    take_profit: { limit_price: '150' },
    stop_loss: { stop_price: '130' },
  });
  expect(resting.status).toBe(200);
  const account = (await call('GET', '/v2/account')).json;
  await exchange.stop();
  exchange = await startTestExchange({ store: createExchangeStore(database.sql) });
  // A market that stands still stands where it stood: at another price a leg might have been filled by nothing but the restart.
  expect(exchange.market.quote('AAPL')).toMatchObject({ bid: 1_499_900, ask: 1_500_100 });
  expect((await call('GET', '/v2/account')).json.cash).toBe(account.cash);
  await exchange.setQuote('AAPL', 155.1, 155.12);
  expect((await legsOf(json.id as string)).map((leg) => leg.status)).toEqual(['filled', 'canceled']);
  await exchange.setQuote('AAPL', 139.9, 140);
  expect((await call('GET', `/v2/orders/${resting.json.id}`)).json).toMatchObject({ status: 'filled' });
});

it('fills resting orders of one price in the order they came', async () => {
  const limit = { symbol: 'AAPL', qty: '30', side: 'buy', type: 'limit', limit_price: '149', time_in_force: 'day' };
  const first = (await call('POST', '/v2/orders', limit)).json.id;
  const second = (await call('POST', '/v2/orders', limit)).json.id;
  await exchange.setQuote('AAPL', 148.9, 149, 40);
  expect((await call('GET', `/v2/orders/${first}`)).json.filled_qty).toBe('30');
  expect((await call('GET', `/v2/orders/${second}`)).json.filled_qty).toBe('10');
});

it('tells the stream of the entry’s fill, with its execution, and of the legs', async () => {
  const socket = new WebSocket(exchange.streamUrl);
  const told: Json[] = [];
  const enough = Promise.withResolvers<void>();
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { stream: string; data: Json };
    if (message.stream === 'authorization')
      socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
    if (message.stream === 'listening') void call('POST', '/v2/orders', bracket);
    if (message.stream === 'trade_updates' && told.push(message.data) === 4) enough.resolve();
  });
  socket.on('open', () =>
    socket.send(
      JSON.stringify({ action: 'authenticate', data: { key_id: exchange.keyId, secret_key: exchange.secretKey } }),
    ),
  );
  await enough.promise;
  socket.close();
  expect(told.map((update) => update.event)).toEqual(['new', 'fill', 'new', 'new']);
  const fills = (await call('GET', '/v2/account/activities/FILL')).json;
  expect(fills).toHaveLength(1);
  expect(fills[0]!.id).toContain(told[1]!.execution_id as string);
  expect(told[1]).toMatchObject({ price: '150.01', qty: '57', position_qty: '57' });
});
