// Each fault as a client sees it, over real connections. The market stands still unless a test moves it.
import { Agent, request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Awkward, awkwardOf } from '../../testing/awkward.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import type { Exchange } from '../exchange.ts';

let exchange: Exchange;
let awkward: Awkward;
let agent: Agent;

beforeEach(async () => {
  exchange = await startTestExchange();
  awkward = awkwardOf(exchange);
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await exchange.setQuote('MSFT', 399.99, 400.01);
});
afterEach(async () => {
  agent.destroy();
  await exchange.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** Over one kept connection; rejects with the socket's error. */
function call(method: string, path: string, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey };
    const asked = httpRequest(`${exchange.url}${path}`, { method, agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => {
        const json = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {};
        resolve({ status: response.statusCode!, headers: response.headers, text, json });
      });
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const order = (change: object = {}) => ({
  symbol: 'AAPL',
  qty: '10',
  side: 'buy',
  type: 'market',
  time_in_force: 'day',
  ...change,
});
const place = (change: object = {}) => call('POST', '/v2/orders', order(change));
const find = (clientOrderId: string) => call('GET', `/v2/orders:by_client_order_id?client_order_id=${clientOrderId}`);

describe('the admin API', () => {
  const admin = (method: string, path: string, key: string | null, body?: unknown) =>
    fetch(`${exchange.url}/admin/awkward${path}`, {
      method,
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });

  it.each([null, 'PKTEST', 'a-secret-of-the-test', 'an-admin-key-of-the-test '.repeat(2)])(
    'is closed to %s, and to the trading keys',
    async (key) => {
      for (const method of ['GET', 'POST', 'DELETE']) expect((await admin(method, '', key)).status).toBe(401);
      expect((await call('GET', '/admin/awkward')).status).toBe(401);
    },
  );

  it('is not there without a key', async () => {
    const plain = await startTestExchange({ adminKey: undefined });
    try {
      expect(
        (await fetch(`${plain.url}/admin/awkward`, { headers: { authorization: 'Bearer undefined' } })).status,
      ).toBe(401);
      const headers = { 'APCA-API-KEY-ID': plain.keyId, 'APCA-API-SECRET-KEY': plain.secretKey };
      expect((await fetch(`${plain.url}/admin/awkward`, { headers })).status).toBe(404);
    } finally {
      await plain.stop();
    }
  });

  it('shows what is on, with how often it struck, and removes it', async () => {
    const one = await awkward.add({ kind: 'latency', delayMs: 1, match: { symbol: 'aapl' }, seed: 7 });
    expect(one).toMatchObject({
      kind: 'latency',
      delayMs: 1,
      spreadMs: 0,
      match: { symbol: 'AAPL' },
      seed: 7,
      seen: 0,
    });
    await call('GET', '/v2/positions/AAPL');
    await call('GET', '/v2/positions/MSFT');
    expect(await awkward.look(one)).toMatchObject({ seen: 1, hits: 1, ended: null });
    await awkward.remove(one);
    expect(await awkward.list()).toMatchObject({ faults: [], ended: [{ id: one.id, ended: 'removed' }] });
    await expect(awkward.remove(one)).rejects.toThrow('404');
    await awkward.add({ kind: 'stream_gap' });
    await awkward.add({ kind: 'rate_limit' });
    await awkward.clear();
    expect((await awkward.list()).faults).toEqual([]);
  });

  it.each([
    ['no JSON', '{', 'the body is no JSON'],
    ['an unknown kind', { kind: 'earthquake' }, 'kind'],
    ['a probability above one', { kind: 'rate_limit', probability: 1.5 }, 'probability'],
    ['a probability of none', { kind: 'rate_limit', probability: 0 }, 'probability'],
    ['a count of none', { kind: 'rate_limit', count: 0 }, 'count'],
    ['an unknown word', { kind: 'rate_limit', often: true }, 'often: is nothing that rate_limit knows'],
    ['an unknown match', { kind: 'rate_limit', match: { colour: 'red' } }, 'match'],
    ['a match of another place', { kind: 'rate_limit', match: { event: 'fill' } }, 'match.event: means nothing'],
    ['a missing delay', { kind: 'latency' }, 'delayMs: must be said for latency'],
    ['a delay of half a year', { kind: 'latency', delayMs: 15e9 }, 'delayMs: expected a whole number from 0 to 60000'],
    ['a jump without a symbol', { kind: 'price_jump', percent: 5 }, 'match.symbol: price_jump needs a symbol'],
    ['a symbol that is not listed', { kind: 'halt', match: { symbol: 'NOPE' } }, 'NOPE is not listed here'],
    ['an end in the past', { kind: 'rate_limit', until: '2001-01-01T00:00:00Z' }, 'until: is in the past'],
    ['two ends', { kind: 'rate_limit', until: '2101-01-01T00:00:00Z', seconds: 5 }, 'give one'],
  ])('refuses %s, and nothing is on', async (_what, body, sentence) => {
    const response = await admin('POST', '', exchange.adminKey, body);
    expect(response.status).toBe(422);
    const { message } = (await response.json()) as { message: string };
    expect(message).toContain(sentence);
    expect(message).toContain('Nothing was changed.');
    expect((await awkward.list()).faults).toEqual([]);
  });

  it('is reached however badly the exchange behaves', async () => {
    await awkward.add({ kind: 'reset_before' });
    await awkward.add({ kind: 'rate_limit' });
    expect((await awkward.list()).faults).toHaveLength(2);
  });
});

describe('requests', () => {
  it('are reset before the venue sees them', async () => {
    await awkward.add({ kind: 'reset_before', match: { method: 'POST' }, count: 1 });
    await expect(place({ client_order_id: 'a' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await find('a')).status).toBe(404);
    expect((await place({ client_order_id: 'a' })).status).toBe(200);
  });

  it('are reset after the venue has the order', async () => {
    await awkward.add({ kind: 'reset_after', match: { method: 'POST' }, count: 1 });
    await expect(place({ client_order_id: 'a' })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await find('a')).json).toMatchObject({ status: 'filled', filled_qty: '10' });
    expect((await place({ client_order_id: 'a' })).status).toBe(422);
  });

  it.each([500, 502, 503, 504])('are answered %s before and after the order was taken', async (status) => {
    await awkward.add({ kind: 'error_before', status, match: { path: '/v2/orders' }, count: 1 });
    expect((await place({ client_order_id: 'before' })).status).toBe(status);
    await awkward.add({ kind: 'error_after', status, match: { path: '/v2/orders' }, count: 1 });
    const answer = await place({ client_order_id: 'after' });
    expect(answer.status).toBe(status);
    if (status === 500) expect(answer.json).toMatchObject({ code: 50_010_000 });
    else expect(answer.text).toContain('<center>nginx</center>');
    expect((await find('before')).status).toBe(404);
    expect((await find('after')).status).toBe(200);
  });

  it('meet a storm of 429 that ends by its count', async () => {
    await awkward.add({ kind: 'rate_limit', retryAfter: 3, count: 2 });
    for (let i = 0; i < 2; i++) {
      const { status, json, headers } = await call('GET', '/v2/account');
      expect([status, json.code]).toEqual([429, 42_910_000]);
      expect(headers).toMatchObject({ 'retry-after': '3', 'x-ratelimit-limit': '200', 'x-ratelimit-remaining': '0' });
      expect(headers['x-request-id']).toBeTruthy();
    }
    expect((await call('GET', '/v2/account')).status).toBe(200);
  });

  it('are refused with the code asked for, orders only', async () => {
    await awkward.add({ kind: 'reject', code: 42_210_000, message: 'not today', match: {} });
    expect((await call('GET', '/v2/account')).status).toBe(200);
    const { status, json } = await place();
    expect([status, json]).toEqual([422, { code: 42_210_000, message: 'not today' }]);
    await awkward.clear();
    await awkward.add({ kind: 'reject', code: 40_010_001 });
    expect((await place()).status).toBe(422);
    await awkward.clear();
    await awkward.add({ kind: 'reject' });
    expect(await place()).toMatchObject({
      status: 403,
      json: { code: 40_310_000, message: 'insufficient buying power' },
    });
  });

  it('are struck by symbol, in the body, the path, the query and of the order in the path', async () => {
    const { json } = await place({ type: 'limit', limit_price: '100' });
    await awkward.add({ kind: 'rate_limit', match: { symbol: 'AAPL' } });
    const statuses = async (...asked: [string, string, unknown?][]) =>
      Promise.all(asked.map(async ([method, path, body]) => (await call(method, path, body)).status));
    expect(
      await statuses(
        ['POST', '/v2/orders', order()],
        ['GET', '/v2/positions/AAPL'],
        ['GET', '/v2/stocks/quotes/latest?symbols=MSFT,AAPL'],
        ['DELETE', `/v2/orders/${json.id}`],
      ),
    ).toEqual([429, 429, 429, 429]);
    expect(
      await statuses(
        ['POST', '/v2/orders', order({ symbol: 'MSFT' })],
        ['GET', '/v2/positions/MSFT'],
        ['GET', '/v2/stocks/quotes/latest?symbols=MSFT'],
      ),
    ).toEqual([200, 200, 200]);
  });

  it('are struck by account and by a pattern of the path', async () => {
    await awkward.add({ kind: 'rate_limit', match: { account: 'PKSOMEBODYELSE' } });
    await awkward.add({ kind: 'error_before', match: { path: '/v2/pos*' } });
    expect((await call('GET', '/v2/account')).status).toBe(200);
    expect((await call('GET', '/v2/positions')).status).toBe(500);
    await awkward.add({ kind: 'rate_limit', match: { account: exchange.keyId } });
    expect((await call('GET', '/v2/account')).status).toBe(429);
  });

  it('of the same seed are struck alike, of another otherwise', async () => {
    const sequence = async (seed: number): Promise<number[]> => {
      const fault = await awkward.add({ kind: 'error_before', probability: 0.5, seed });
      const statuses: number[] = [];
      for (let i = 0; i < 24; i++) statuses.push((await call('GET', '/v2/clock')).status);
      await awkward.remove(fault);
      return statuses;
    };
    const first = await sequence(11);
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await sequence(11)).toEqual(first);
    expect(await sequence(12)).not.toEqual(first);
  });

  it('come late by the delay and no more than the spread beyond', async () => {
    await awkward.add({ kind: 'latency', delayMs: 60, spreadMs: 40, match: { path: '/v2/clock' } });
    const began = performance.now();
    await call('GET', '/v2/clock');
    expect(performance.now() - began).toBeGreaterThanOrEqual(59);
  });
});

describe('the market', () => {
  it('fills orders in part, as often as it is told, in whole shares, and the rest at a later quote', async () => {
    const filled = async (symbol: string, id: string): Promise<unknown[]> => {
      await place({ symbol, qty: '100', client_order_id: id });
      const { json } = await find(id);
      return [json.status, Number(json.filled_qty)];
    };
    const cut = await awkward.add({ kind: 'partial_fill', match: { symbol: 'AAPL' } });
    const [status, qty] = (await filled('AAPL', 'part')) as [string, number];
    expect(status).toBe('partially_filled');
    expect([qty > 0 && qty < 100, Number.isInteger(qty)]).toEqual([true, true]);
    expect(await filled('MSFT', 'other')).toEqual(['filled', 100]);
    await awkward.remove(cut);
    await exchange.setQuote('AAPL', 149.99, 150.01);
    expect((await find('part')).json).toMatchObject({ status: 'filled', filled_qty: '100' });
    expect(await filled('AAPL', 'whole')).toEqual(['filled', 100]);

    await awkward.add({ kind: 'partial_fill', probability: 0.5 });
    const all: unknown[] = [];
    for (let i = 0; i < 40; i++) {
      await exchange.setQuote('AAPL', 149.99, 150.01, 100_000);
      all.push((await filled('AAPL', `half-${i}`))[0]);
    }
    const cuts = all.filter((one) => one === 'partially_filled').length;
    expect([cuts > 5, cuts < 35]).toEqual([true, true]);
  });

  it('halts a symbol: orders are taken and wait, and trade when it goes on', async () => {
    const halt = await awkward.add({ kind: 'halt', match: { symbol: 'AAPL' } });
    expect((await place({ client_order_id: 'm' })).status).toBe(200);
    expect((await place({ client_order_id: 'l', type: 'limit', limit_price: '150.10' })).status).toBe(200);
    expect((await place({ client_order_id: 'i', time_in_force: 'ioc' })).status).toBe(200);
    await exchange.setQuote('AAPL', 149, 149.02);
    expect((await find('m')).json).toMatchObject({ status: 'new', filled_qty: '0' });
    expect((await find('i')).json).toMatchObject({ status: 'canceled' });
    expect((await place({ symbol: 'MSFT', client_order_id: 'other' })).status).toBe(200);
    expect((await find('other')).json.status).toBe('filled');
    await awkward.remove(halt);
    await exchange.setQuote('AAPL', 149, 149.02);
    expect((await find('m')).json).toMatchObject({ status: 'filled', filled_qty: '10' });
    expect((await find('l')).json).toMatchObject({ status: 'filled' });
  });

  it('stays halted until the last of two halts ends', async () => {
    const [one, two] = [
      await awkward.add({ kind: 'halt', match: { symbol: 'AAPL' } }),
      await awkward.add({ kind: 'halt', match: { symbol: 'AAPL' } }),
    ];
    await place({ client_order_id: 'm' });
    await awkward.remove(one);
    await exchange.setQuote('AAPL', 149, 149.02);
    expect((await find('m')).json.status).toBe('new');
    await awkward.remove(two);
    await exchange.setQuote('AAPL', 149, 149.02);
    expect((await find('m')).json.status).toBe('filled');
  });

  it('suspends a symbol: new orders are refused, the asset says so, what rests can be cancelled', async () => {
    const resting = await place({ type: 'limit', limit_price: '100' });
    await awkward.add({ kind: 'suspend', match: { symbol: 'AAPL' } });
    expect(await place()).toMatchObject({
      status: 422,
      json: { code: 42_210_000, message: 'asset "AAPL" is not tradable' },
    });
    expect((await call('GET', '/v2/assets/AAPL')).json).toMatchObject({ tradable: false, status: 'inactive' });
    expect((await call('DELETE', `/v2/orders/${resting.json.id}`)).status).toBe(204);
    await awkward.clear();
    expect((await call('GET', '/v2/assets/AAPL')).json).toMatchObject({ tradable: true, status: 'active' });
    expect((await place()).status).toBe(200);
  });

  it('jumps through a stop, which is filled far below its price', async () => {
    await place();
    await place({ side: 'sell', type: 'stop', stop_price: '145', time_in_force: 'gtc', client_order_id: 'stop' });
    await awkward.add({ kind: 'price_jump', percent: -20, match: { symbol: 'AAPL' } });
    expect((await find('stop')).json).toMatchObject({ status: 'filled', filled_avg_price: '119.99' });
    expect((await awkward.list()).ended[0]).toMatchObject({ kind: 'price_jump', ended: 'count' });
  });
});

describe('the session', () => {
  it('closes early, and has its hours back when that ends', async () => {
    await exchange.stop();
    // A Friday, at 10:00 in New York.
    const clock = new ManualClock('2026-11-20T15:00:00.000Z');
    exchange = await startTestExchange({ clock, alwaysOpen: false });
    awkward = awkwardOf(exchange);
    const closes = async () => (await call('GET', '/v2/clock')).json.next_close;
    expect(await closes()).toContain('2026-11-20T16:00:00');
    const early = await awkward.add({ kind: 'early_close', inSeconds: 1800 });
    expect(await closes()).toContain('2026-11-20T10:30:00');
    await clock.advance(1_800_000);
    expect((await call('GET', '/v2/clock')).json).toMatchObject({ is_open: false });
    await awkward.remove(early);
    expect((await call('GET', '/v2/clock')).json).toMatchObject({ is_open: true });
  });

  it('of an exchange that is open round the clock has no end', async () => {
    await expect(awkward.add({ kind: 'early_close' })).rejects.toThrow('no session is under way');
  });
});

interface Told {
  readonly event: string;
  readonly order: { readonly symbol: string; readonly client_order_id: string };
}

/** A listening client of trade_updates. */
async function listen() {
  const socket = new WebSocket(exchange.streamUrl);
  const told: Told[] = [];
  const listening = Promise.withResolvers<void>();
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { stream: string; data: Told };
    if (message.stream === 'authorization')
      socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }));
    if (message.stream === 'listening') listening.resolve();
    if (message.stream === 'trade_updates') told.push(message.data);
  });
  socket.on('open', () =>
    socket.send(
      JSON.stringify({ action: 'authenticate', data: { key_id: exchange.keyId, secret_key: exchange.secretKey } }),
    ),
  );
  await listening.promise;
  const names = () => told.map(({ event, order: { client_order_id } }) => `${client_order_id} ${event}`);
  return { socket, names, closed };
}

describe('a stream', () => {
  it('loses the events of a gap, and only those', async () => {
    const { names, socket } = await listen();
    await awkward.add({ kind: 'stream_gap', match: { event: 'fill', symbol: 'AAPL' }, count: 1 });
    await place({ client_order_id: 'a' });
    await place({ client_order_id: 'b' });
    await expect.poll(names).toContain('b fill');
    expect(names().filter((name) => name.endsWith('fill'))).toEqual(['b fill']);
    socket.close();
  });

  it('tells an event again', async () => {
    const { names, socket } = await listen();
    await awkward.add({
      kind: 'stream_duplicate',
      copies: 2,
      match: { event: 'fill', account: exchange.keyId },
      count: 1,
    });
    await place({ client_order_id: 'a' });
    await place({ client_order_id: 'b' });
    await expect.poll(names).toContain('b fill');
    expect(names().filter((name) => name === 'a fill')).toHaveLength(3);
    socket.close();
  });

  it('tells an event after one that came later', async () => {
    const { names, socket } = await listen();
    await awkward.add({ kind: 'stream_reorder', delayMs: 30_000, match: { event: 'fill' }, count: 1 });
    await place({ client_order_id: 'a' });
    await place({ client_order_id: 'b' });
    await expect.poll(names).toContain('a fill');
    expect(names().indexOf('a fill')).toBeGreaterThan(names().indexOf('b new'));
    socket.close();
  });

  it('tells a held event when nothing overtakes it', async () => {
    const { names, socket } = await listen();
    await awkward.add({ kind: 'stream_reorder', window: 50, delayMs: 20, match: { event: 'fill' } });
    await place({ client_order_id: 'a' });
    await expect.poll(names).toContain('a fill');
    socket.close();
  });

  it('is late, and everything behind the late event with it', async () => {
    const { names, socket } = await listen();
    await awkward.add({ kind: 'stream_delay', delayMs: 150, match: { event: 'fill' }, count: 1 });
    const began = performance.now();
    await place({ client_order_id: 'a' });
    await place({ client_order_id: 'b' });
    await expect.poll(names).toContain('b fill');
    expect(performance.now() - began).toBeGreaterThanOrEqual(149);
    expect(names().indexOf('a fill')).toBeLessThan(names().indexOf('b fill'));
    socket.close();
  });

  it('breaks off without a goodbye, and the event is lost', async () => {
    const { names, closed } = await listen();
    await awkward.add({ kind: 'stream_drop', match: { event: 'fill' }, count: 1 });
    await place({ client_order_id: 'a' });
    expect(await closed).toBe(1006);
    expect(names()).not.toContain('a fill');
    const again = await listen();
    await place({ client_order_id: 'b' });
    await expect.poll(again.names).toContain('b fill');
    again.socket.close();
  });

  it('of market data loses quotes of one symbol out of a message of many', async () => {
    const socket = new WebSocket(exchange.dataStreamUrl);
    const seen: string[] = [];
    const subscribed = Promise.withResolvers<void>();
    socket.on('message', (data: Buffer) => {
      for (const { T, S, msg } of JSON.parse(data.toString()) as { T: string; S?: string; msg?: string }[]) {
        if (msg === 'connected')
          socket.send(JSON.stringify({ action: 'auth', key: exchange.keyId, secret: exchange.secretKey }));
        if (msg === 'authenticated') socket.send(JSON.stringify({ action: 'subscribe', quotes: ['AAPL', 'MSFT'] }));
        if (T === 'subscription') subscribed.resolve();
        if (T === 'q') seen.push(S!);
      }
    });
    await subscribed.promise;
    await expect.poll(() => seen).toHaveLength(2);
    await awkward.add({ kind: 'stream_gap', match: { stream: 'market_data', symbol: 'AAPL' } });
    await exchange.setQuote('AAPL', 140, 140.02);
    await exchange.setQuote('MSFT', 390, 390.02);
    await expect.poll(() => seen).toHaveLength(3);
    expect(seen[2]).toBe('MSFT');
    socket.close();
  });
});

it('a restart is well-behaved, and orders that waited in a halt go on', async () => {
  const { createMemoryExchangeStore } = await import('../../testing/memory-exchange-store.ts');
  const store = createMemoryExchangeStore();
  await exchange.stop();
  exchange = await startTestExchange({ store });
  awkward = awkwardOf(exchange);
  await exchange.setQuote('AAPL', 149.99, 150.01);
  await awkward.add({ kind: 'halt', match: { symbol: 'AAPL' } });
  await awkward.add({ kind: 'rate_limit', match: { path: '/v2/clock' } });
  await place({ client_order_id: 'm' });
  await exchange.stop();
  exchange = await startTestExchange({ store });
  awkward = awkwardOf(exchange);
  expect(await awkward.list()).toMatchObject({ faults: [], ended: [] });
  expect((await call('GET', '/v2/clock')).status).toBe(200);
  await exchange.setQuote('AAPL', 149.99, 150.01);
  expect((await find('m')).json.status).toBe('filled');
});
