import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ServerToClient, type SocketEventName, socketEvents } from '../../contract/index.ts';
import { price, quantity } from '../../core/decimal.ts';
import { type Api, openApi } from '../../testing/api.ts';
import { brokerFill, brokerOrder, seedOrders } from '../../testing/seeded-orders.ts';
import { message } from '../../testing/system.ts';

let api: Api;
let box: Awaited<ReturnType<typeof seedOrders>>;
beforeAll(async () => {
  api = await openApi();
  box = await seedOrders(api.database);
});
afterEach(() => api.failWith(null));
afterAll(() => api.close());

/** Resolves when it is in, or rejects with what the server said. */
function connected(socket: Socket<ServerToClient>): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
    socket.connect();
  });
}

/** Everything a socket is sent, checked against the contract. */
function gather(socket: Socket<ServerToClient>) {
  const names: string[] = [];
  socket.onAny((name: SocketEventName, data: unknown) => {
    socketEvents[name].parse(data);
    names.push(name);
  });
  return names;
}

describe('a socket', () => {
  it('is let in by a token or by the session’s cookie, and first told the status', async () => {
    const byToken = api.socket({ token: api.tokens.viewer });
    const first = message(byToken, 'status', () => true);
    await connected(byToken);
    expect(socketEvents.status.parse(await first).mode).toBe('paper');

    const byCookie = api.socket({ headers: { cookie: await api.signIn(), origin: api.url } });
    await connected(byCookie);
    expect(byCookie.connected).toBe(true);
  });

  it.each([
    ['nobody', {}],
    ['a made up token', { token: 'sbx_made_up' }],
    ['a made up cookie', { headers: { cookie: 'signalbox.session_token=a.b' } }],
  ])('is not let in for %s', async (_who, options) => {
    await expect(connected(api.socket(options))).rejects.toThrow('not signed in');
  });

  it('is not let in from a page of another site, whatever cookie it brings', async () => {
    const cookie = await api.signIn();
    for (const origin of ['https://evil.example', 'null', 'not an origin', `${api.url}.evil.example`]) {
      await expect(connected(api.socket({ headers: { cookie, origin } })), origin).rejects.toThrow();
    }
    const polling = await api.request('/socket.io/?EIO=4&transport=polling', { headers: { origin: 'null' } });
    expect(polling.status).toBe(403);
    // The server lives on.
    await connected(api.socket({ headers: { cookie, origin: api.url } }));
  });

  it('cannot bring the server down by what it sends', async () => {
    const { port } = new URL(api.url);
    const raw = connectTcp(Number(port), '127.0.0.1');
    raw.write(
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nOrigin: %%%\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    const [answer] = (await once(raw, 'data')) as [Buffer];
    raw.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await api.request('/healthz')).status).toBe(200);
  });
});

describe('what happens', () => {
  it('is told as whole rows once it is committed: order, fill, positions, account', async () => {
    const socket = api.socket({ token: api.tokens.viewer });
    const names = gather(socket);
    await connected(socket);
    const order = await box.accept('10');
    const told = {
      order: message(socket, 'order', (one) => one.id === order.orderId && one.status === 'filled'),
      signal: message(socket, 'signal', (one) => one.id === order.signalId && one.orderStatus === 'filled'),
      execution: message(socket, 'execution', (one) => one.orderId === order.orderId),
      positions: message(socket, 'positions', (list) => list.some((one) => one.quantity === '10')),
      account: message(socket, 'account', (one) => one.id === box.accountId && one.positionValue === '1510'),
      status: message(socket, 'status', (one) => one.lastSignal?.id === order.signalId),
    };
    await box.store.recordFill(box.accountId, brokerFill(order.brokerOrderId, '10', '10'), 'stream');
    await box.store.applyBrokerOrder(
      box.accountId,
      brokerOrder(order, { status: 'filled', filledQuantity: quantity('10') }),
      'stream',
    );
    api.events.kick();
    expect((await told.order).filledQuantity).toBe('10');
    expect((await told.signal).averagePrice).toBe('150');
    expect(await told.execution).toMatchObject({ quantity: '10', price: '150', symbol: 'AAPL' });
    expect(await told.positions).toContainEqual(expect.objectContaining({ symbol: 'AAPL', unrealizedPnl: '10' }));
    await Promise.all([told.account, told.status]);
    expect(names).not.toContain('event');

    // Its stop is told of after the fill, on its own.
    const protectedOne = message(socket, 'positions', (list) => list.some((one) => one.stopLossPrice === '148'));
    const stop = brokerOrder(
      { brokerOrderId: randomUUID(), clientOrderId: randomUUID() },
      { side: 'sell', type: 'stop', stopPrice: price('148'), groupRole: 'stop_loss' },
    );
    const filled = brokerOrder(order, { status: 'filled', filledQuantity: quantity('10'), legs: [stop] });
    await box.store.applyBrokerOrder(box.accountId, filled, 'stream');
    api.events.kick();
    await protectedOne;
  });

  it('is told row by row of the event table to those who may read it', async () => {
    const analyst = api.socket({ token: api.tokens.analyst });
    await connected(analyst);
    const event = message(analyst, 'event', (one) => one.kind === 'equity.recorded');
    const equity = message(analyst, 'equity', () => true);
    const figures = { cash: '1', positionValue: '2', equity: '3', realizedPnl: '4', unrealizedPnl: '5' };
    await api.sql`
      insert into events (kind, account_id, data)
      values ('equity.recorded', ${box.accountId}, ${api.sql.json({ at: '2026-11-20T15:00:00.000Z', ...figures })})`;
    api.events.kick();
    expect(socketEvents.event.parse(await event).accountId).toBe(box.accountId);
    expect(socketEvents.equity.parse(await equity)).toEqual({
      accountId: box.accountId,
      at: '2026-11-20T15:00:00.000Z',
      ...figures,
    });
  });

  it('of prices is told the latest of each symbol, together', async () => {
    const socket = api.socket({ token: api.tokens.viewer });
    await connected(socket);
    const quotes = message(socket, 'quotes', () => true);
    const at = '2026-11-20T15:00:00.000Z';
    for (const bid of ['1', '2', '3']) api.quote({ symbol: 'AAPL', bid, ask: '4', at });
    api.quote({ symbol: 'MSFT', bid: '5', ask: '6', at });
    expect(socketEvents.quotes.parse(await quotes)).toEqual([
      { symbol: 'AAPL', bid: '3', ask: '4', at },
      { symbol: 'MSFT', bid: '5', ask: '6', at },
    ]);
  });

  it('and could not be told makes the listeners come again and read everything anew', async () => {
    const socket = api.socket({ token: api.tokens.viewer });
    await connected(socket);
    const closed = new Promise<string>((resolve) => socket.once('disconnect', (reason) => resolve(reason)));
    api.breakQueries(new Error('the database is away'));
    await api.sql`insert into events (kind, data) values ('system.started', '{}')`;
    api.events.kick();
    // Not `io server disconnect`: of that a client does not recover by itself.
    expect(await closed).toBe('transport close');
    api.breakQueries(null);
    await connected(socket);
  });
});

describe('who comes back', () => {
  /** The names of events as one who has missed them since a place is told of them, and how it came in. */
  async function comeBack(role: 'analyst' | 'viewer', since: string) {
    const socket = api.socket({ token: api.tokens[role], since });
    const told: unknown[] = [];
    socket.on('event', (event) => {
      if (event.data.name !== undefined) told.push(event.data.name);
    });
    const orders: string[] = [];
    socket.on('order', (order) => orders.push(order.status));
    const joined = message(socket, 'joined', () => true);
    await connected(socket);
    return { socket, told, orders, joined: await joined };
  }
  const happens = (from: number, to: number) => api.sql`
    insert into events (kind, data)
    select 'system.started', jsonb_build_object('name', n) from generate_series(${from}::int, ${to}::int) as n`;
  /** Where things stand when all that is there has been told. */
  async function now(): Promise<string> {
    const socket = api.socket({ token: api.tokens.analyst });
    const joined = message(socket, 'joined', () => true);
    await connected(socket);
    await joined;
    const mark = randomUUID();
    let marked = false;
    socket.on('event', (event) => {
      marked ||= event.data.mark === mark;
    });
    const place = message(socket, 'place', () => marked);
    await api.sql`insert into events (kind, data) values ('system.started', ${api.sql.json({ mark })})`;
    api.events.kick();
    return place;
  }

  it('is told what it has missed, in order, each once, and goes on from there', async () => {
    const since = await now();
    const order = await box.accept('7');
    await happens(1, 700);
    const { told, orders, joined, socket } = await comeBack('analyst', since);
    const last = message(socket, 'event', (event) => event.data.name === 705);
    await happens(701, 705);
    api.events.kick();
    await last;
    expect(told).toEqual(Array.from({ length: 705 }, (_, index) => index + 1));
    expect(orders).toContain('accepted');
    // How much of it came before it was in depends on when the server read it; all of it has come either way.
    expect(joined.missed).not.toBeNull();
    expect(order.orderId).toBeTruthy();
  });

  it('is told nothing that it may not hear', async () => {
    const since = await now();
    const order = await box.accept('8');
    await now();
    const { told, orders, joined } = await comeBack('viewer', since);
    expect(told).toEqual([]);
    expect(orders.length).toBeGreaterThan(0);
    expect(joined.missed).toBeGreaterThan(0);
    expect(order.orderId).toBeTruthy();
  });

  it('is told to read everything anew when too much has happened, and then told of nothing old', async () => {
    const since = await now();
    await happens(1, 2001);
    await now();
    const { told, joined } = await comeBack('analyst', since);
    expect(joined.missed).toBeNull();
    expect(told).toEqual([]);
  });

  it.each(['99999999999999.1', 'yesterday', '1.1; drop table events', ''])(
    'reads everything anew when it says a place that there is not: %s',
    async (since) => {
      expect((await comeBack('analyst', since)).joined.missed).toBeNull();
    },
  );

  it('is not left half told where the server cannot read: it is closed, and comes again', async () => {
    const since = await now();
    await box.accept('9');
    await now();
    api.breakQueries(new Error('the database is away'));
    const socket = api.socket({ token: api.tokens.analyst, since });
    const closed = new Promise<string>((resolve) => socket.once('disconnect', (reason) => resolve(reason)));
    await connected(socket);
    expect(await closed).toBe('transport close');
    api.breakQueries(null);
    expect((await comeBack('analyst', since)).joined.missed).toBeGreaterThan(0);
  });
});

describe('who may listen', () => {
  it('is looked at again: a revoked token hears nothing more', async () => {
    const token = await api.apiTokens.issue('soon revoked', 'viewer');
    const socket = api.socket({ token });
    await connected(socket);
    const ended = new Promise<string>((resolve) => socket.once('disconnect', (reason) => resolve(reason)));
    await api.sql`update api_tokens set revoked_at = now() where name = 'soon revoked'`;
    await api.clock.advance(6_000);
    expect(await ended).toBe('io server disconnect');
  });
});
