// The life of an order as a client sees it, over HTTP and the order stream, while a clock goes through a day of New York.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestExchange } from '../testing/exchange.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createMemoryExchangeStore } from '../testing/memory-exchange-store.ts';
import type { Exchange } from './exchange.ts';

type Json = Record<string, unknown>;

let clock: ManualClock;
let exchange: Exchange;
let socket: WebSocket;
let told: { event: string; order: Json }[];
const store = createMemoryExchangeStore;

async function start(books = store()): Promise<void> {
  exchange = await startTestExchange({ store: books, clock, alwaysOpen: false, market: { kind: 'scripted' } });
  told = [];
  socket = new WebSocket(exchange.streamUrl);
  const listening = Promise.withResolvers<void>();
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { stream: string; data: { event: string; order: Json } };
    if (message.stream === 'authorization') {
      socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
    }
    if (message.stream === 'listening') listening.resolve();
    if (message.stream === 'trade_updates') told.push(message.data);
  });
  socket.on('open', () => {
    const { keyId: key, secretKey: secret } = exchange;
    socket.send(JSON.stringify({ action: 'auth', key, secret }));
  });
  await listening.promise;
}

async function stop(): Promise<void> {
  socket.close();
  await exchange.stop();
}

async function call(method: string, path: string, body?: Json): Promise<{ status: number; json: Json }> {
  const headers = { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey };
  const response = await fetch(`${exchange.url}${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text ? JSON.parse(text) : null };
}

const until = (moment: string): Promise<void> =>
  clock.advance(new Date(moment).getTime() - clock.now().getTime()).then(() => exchange.venue.idle());
const events = (id: unknown): string[] => told.filter(({ order }) => order.id === id).map(({ event }) => event);
const limit = { symbol: 'AAPL', qty: '5', side: 'buy', type: 'limit', limit_price: '140', time_in_force: 'day' };

beforeEach(async () => {
  clock = new ManualClock('2026-11-20T13:00:00Z');
  await start();
  await exchange.setQuote('AAPL', 149.99, 150.01);
});
afterEach(stop);

it('is answered accepted before the open, told of as new at it, and expired at the close', async () => {
  const { json } = await call('POST', '/v2/orders', limit);
  expect(json).toMatchObject({ status: 'accepted', expires_at: '2026-11-20T21:00:00.000Z', expired_at: null });
  await expect(call('PATCH', `/v2/orders/${json.id}`, { limit_price: '141' })).resolves.toMatchObject({
    status: 422,
    json: { code: 42_210_000, message: 'cannot replace order in accepted status' },
  });
  await until('2026-11-20T14:30:00Z');
  expect((await call('POST', '/v2/orders', limit)).json.status).toBe('pending_new');
  expect((await call('GET', `/v2/orders/${json.id}`)).json.status).toBe('new');
  await until('2026-11-20T21:00:00Z');
  await expect.poll(() => events(json.id)).toEqual(['accepted', 'new', 'expired']);
  expect((await call('GET', `/v2/orders/${json.id}`)).json).toMatchObject({
    status: 'expired',
    expired_at: '2026-11-20T21:00:00.000Z',
  });
  expect(await call('DELETE', `/v2/orders/${json.id}`)).toMatchObject({
    status: 422,
    json: { message: 'order is already in "expired" state' },
  });
});

it('ends when the session is made to close early', async () => {
  await until('2026-11-20T15:00:00Z');
  const { json } = await call('POST', '/v2/orders', limit);
  const fault = await fetch(`${exchange.url}/admin/awkward`, {
    method: 'POST',
    headers: { authorization: `Bearer ${exchange.adminKey}` },
    body: JSON.stringify({ kind: 'early_close', inSeconds: 600 }),
  });
  expect(fault.status).toBe(201);
  await until('2026-11-20T15:10:00Z');
  await expect.poll(() => events(json.id)).toEqual(['new', 'expired']);
  expect((await call('POST', '/v2/orders', limit)).json.status).toBe('accepted');
});

it('trails the price, shows its mark, and is moved by PATCH', async () => {
  await until('2026-11-20T15:00:00Z');
  await call('POST', '/v2/orders', { ...limit, type: 'market', limit_price: undefined });
  await exchange.setQuote('AAPL', 149.99, 150.01);
  const trailing = { symbol: 'AAPL', qty: '5', side: 'sell', type: 'trailing_stop', time_in_force: 'gtc' };
  for (const [body, message] of [
    [trailing, 'trailing stop orders must specify one of trail_price or trail_percent'],
    [{ ...trailing, trail_price: '1', trail_percent: '1' }, 'must specify one of'],
    [{ ...trailing, trail_price: '1', time_in_force: 'ioc' }, 'invalid time_in_force'],
    [{ ...limit, trail_price: '1' }, 'limit orders must not have trail_price'],
  ] as const) {
    const refused = await call('POST', '/v2/orders', body);
    expect([refused.status, refused.json.message]).toEqual([422, expect.stringContaining(message)]);
  }
  const { json } = await call('POST', '/v2/orders', { ...trailing, trail_percent: '1.5' });
  expect(json).toMatchObject({ trail_percent: '1.5', trail_price: null, hwm: '150', stop_price: '147.75' });
  await exchange.setQuote('AAPL', 159.99, 160.01);
  expect((await call('GET', `/v2/orders/${json.id}`)).json).toMatchObject({ hwm: '160', stop_price: '157.6' });
  const next = await call('PATCH', `/v2/orders/${json.id}`, { trail: '2' });
  expect(next.json).toMatchObject({ trail_percent: '2', stop_price: '156.8', replaces: json.id });
  await exchange.setQuote('AAPL', 156.69, 156.71);
  await expect.poll(() => events(next.json.id)).toEqual(['new', 'fill']);
});

it('cancels whatever is open, each with its status, and closes positions with their orders cancelled first', async () => {
  await until('2026-11-20T15:00:00Z');
  const bracket = { ...limit, type: 'market', limit_price: undefined, order_class: 'bracket', time_in_force: 'gtc' };
  await call('POST', '/v2/orders', {
    ...bracket,
    take_profit: { limit_price: '160' },
    stop_loss: { stop_price: '140' },
  });
  await call('POST', '/v2/orders', limit);
  const closed = await call('DELETE', '/v2/positions?cancel_orders=true');
  expect([closed.status, closed.json]).toMatchObject([207, [{ symbol: 'AAPL', status: 200 }]]);
  expect((await call('GET', '/v2/positions')).json).toEqual([]);
  expect((await call('GET', '/v2/orders')).json).toEqual([]);
  const { json } = await call('POST', '/v2/orders', limit);
  expect(await call('DELETE', '/v2/orders')).toEqual({ status: 207, json: [{ id: json.id, status: 200, body: null }] });
  expect((await call('DELETE', '/v2/orders/00000000-0000-4000-8000-000000000000')).status).toBe(404);
});
