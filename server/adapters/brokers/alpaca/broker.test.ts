// Invariants:
// 1. Whatever the network or the venue does, submitting is an outcome, and `refused` or `not_sent` only when that is sure.
// 2. Decimals are text on the wire.
// 3. No log line holds a key.
import { afterEach, describe, expect, it } from 'vitest';
import { price, quantity, text } from '../../../core/decimal.ts';
import type { SubmitOutcome } from '../../../core/ports/broker.ts';
import { approvedOrder } from '../../../testing/approved-order.ts';
import { collectUpdates } from '../../../testing/conformance/broker-under-test.ts';
import { createRecordedLog } from '../../../testing/recorded-log.ts';
import { json, startStubVenue, wireOrder } from '../../../testing/stub-venue.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { createAlpacaBroker } from './broker.ts';

type Stub = Awaited<ReturnType<typeof startStubVenue>>;
const stubs: Stub[] = [];
afterEach(async () => {
  for (const stub of stubs.splice(0)) await stub.close();
});

const log = createRecordedLog();
async function scene(answer: Parameters<typeof startStubVenue>[0], timeoutMs = 2000) {
  const stub = await startStubVenue(answer);
  stubs.push(stub);
  const broker = createAlpacaBroker({
    tradingUrl: `${stub.url}/`,
    keyId: 'PK-key-id',
    secretKey: 'very-secret',
    timeoutMs,
    log,
    clock: systemClock,
  });
  return { stub, broker };
}

describe('what is posted', () => {
  const posted = async (change: Parameters<typeof approvedOrder>[0]) => {
    const { stub, broker } = await scene((_request, response) => json(response, 200, wireOrder()));
    await broker.submit(approvedOrder({ clientOrderId: 'sbx-1', ...change }));
    expect(stub.requests[0]).toMatchObject({ method: 'POST', path: '/v2/orders' });
    expect(stub.requests[0]!.headers).toMatchObject({
      'apca-api-key-id': 'PK-key-id',
      'apca-api-secret-key': 'very-secret',
    });
    return JSON.parse(stub.requests[0]!.body) as unknown;
  };
  const simple = { client_order_id: 'sbx-1', qty: '10', side: 'buy', symbol: 'AAPL', time_in_force: 'day' };
  const both = { takeProfit: price('160.50'), stopLoss: price('145') };

  it('is a market order', async () => {
    expect(await posted({})).toEqual({ ...simple, type: 'market' });
  });
  it('is a limit order with its decimals as they are', async () => {
    const order = { type: 'limit' as const, limitPrice: price('150.10'), quantity: quantity('0.30') };
    expect(await posted(order)).toEqual({ ...simple, type: 'limit', limit_price: '150.1', qty: '0.3' });
  });
  it('is a bracket with stop and take-profit', async () => {
    expect(await posted({ ...both, timeInForce: 'gtc' })).toEqual({
      ...simple,
      time_in_force: 'gtc',
      type: 'market',
      order_class: 'bracket',
      take_profit: { limit_price: '160.5' },
      stop_loss: { stop_price: '145' },
    });
  });
  it('is one-triggers-other with one of them', async () => {
    expect(await posted({ stopLoss: price('145'), type: 'limit', limitPrice: price('150') })).toEqual({
      ...simple,
      type: 'limit',
      limit_price: '150',
      order_class: 'oto',
      stop_loss: { stop_price: '145' },
    });
  });
  it('is one-cancels-other for an exit with both, and never a bracket', async () => {
    expect(await posted({ ...both, intent: 'exit', side: 'sell' })).toEqual({
      ...simple,
      side: 'sell',
      type: 'limit',
      order_class: 'oco',
      take_profit: { limit_price: '160.5' },
      stop_loss: { stop_price: '145' },
    });
  });
  it('is a stop of its kind', async () => {
    const sell = { intent: 'exit', side: 'sell' } as const;
    expect(await posted({ ...sell, type: 'stop', stopPrice: price('145') })).toEqual({
      ...simple,
      side: 'sell',
      type: 'stop',
      stop_price: '145',
    });
    expect(
      await posted({ ...sell, type: 'stop_limit', stopPrice: price('145'), limitPrice: price('144.5') }),
    ).toMatchObject({ type: 'stop_limit', stop_price: '145', limit_price: '144.5' });
    expect(await posted({ ...sell, type: 'trailing_stop', trail: { percent: price('1.5') } })).toMatchObject({
      type: 'trailing_stop',
      trail_percent: '1.5',
    });
    expect(await posted({ ...sell, type: 'trailing_stop', trail: { price: price('2') } })).toMatchObject({
      type: 'trailing_stop',
      trail_price: '2',
    });
  });
});

describe('what became of a submission', () => {
  const cases: [
    name: string,
    status: number,
    body: unknown,
    headers: Record<string, string>,
    outcome: SubmitOutcome,
  ][] = [
    [
      'a refusal with its numbers',
      403,
      {
        code: 40310000,
        message: 'insufficient qty available for order (requested: 121, available: 0)',
        available: '0',
        existing_qty: '10',
        related_orders: ['x'],
      },
      {},
      {
        kind: 'refused',
        code: '40310000',
        message: 'insufficient qty available for order (requested: 121, available: 0) (available 0, existing qty 10)',
        sharesHeld: true,
      },
    ],
    ['refused keys', 401, { message: 'unauthorized.' }, {}, { kind: 'refused', code: '401', message: 'unauthorized.' }],
    [
      'a spent id of a resting order',
      422,
      { code: 42210000, message: 'client_order_id must be unique' },
      {},
      { kind: 'duplicate' },
    ],
    [
      'a spent id of a final order',
      422,
      { code: 40010001, message: 'client_order_id must be unique' },
      {},
      { kind: 'duplicate' },
    ],
    [
      'a rate limit',
      429,
      { code: 42910000, message: 'rate limit exceeded' },
      { 'retry-after': '3' },
      { kind: 'not_sent', message: 'The broker limits our rate.', retryAfterMs: 3000, limited: true },
    ],
    [
      'a fault of the venue',
      500,
      { code: 50010000, message: 'internal server error' },
      {},
      { kind: 'unknown', message: 'The broker answered 500: internal server error' },
    ],
    ['a proxy without its venue', 502, '<html>', {}, { kind: 'unknown', message: 'The broker answered 502: <html>' }],
    [
      'a time-out of a proxy',
      408,
      { message: 'slow' },
      {},
      { kind: 'unknown', message: 'The broker answered 408: slow' },
    ],
  ];
  it.each(cases)('%s', async (_name, status, body, headers, outcome) => {
    const { stub, broker } = await scene((_request, response) => json(response, status, body, headers));
    expect(await broker.submit(approvedOrder())).toEqual(outcome);
    expect(stub.requests).toHaveLength(1);
  });

  it('unknown when the answer cannot be read', async () => {
    const { broker } = await scene((_request, response) => json(response, 200, { hello: 'world' }));
    expect(await broker.submit(approvedOrder())).toMatchObject({ kind: 'unknown' });
    const { broker: other } = await scene((_request, response) => response.end('{"id": "61e6'));
    expect(await other.submit(approvedOrder())).toMatchObject({ kind: 'unknown' });
  });

  it('unknown when the connection is reset before the answer', async () => {
    const { broker } = await scene((_request, _response, raw) => raw.socket.resetAndDestroy());
    expect(await broker.submit(approvedOrder())).toMatchObject({ kind: 'unknown' });
  });

  it('unknown when there is no answer in time', async () => {
    const { broker } = await scene(() => undefined, 100);
    expect(await broker.submit(approvedOrder())).toMatchObject({
      kind: 'unknown',
      message: expect.stringMatching(/100 ms/),
    });
  });

  it('not sent when nobody listens', async () => {
    const { stub, broker } = await scene(() => undefined);
    await stub.close();
    stubs.length = 0;
    expect(await broker.submit(approvedOrder())).toEqual({
      kind: 'not_sent',
      message: `The broker could not be reached: connect ECONNREFUSED 127.0.0.1:${stub.port}`,
      retryAfterMs: null,
    });
  });
});

describe('asking', () => {
  it('does not take a 404 of something else for the absence of an order', async () => {
    const { broker } = await scene((_request, response) =>
      json(response, 404, { code: 40410000, message: 'endpoint not found.' }),
    );
    await expect(broker.findByClientOrderId('sbx-1')).rejects.toThrow('endpoint not found.');
    const { broker: behindProxy } = await scene((_request, response) => {
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end('<html>404</html>');
    });
    await expect(behindProxy.findByClientOrderId('sbx-1')).rejects.toThrow('404');
  });

  it('reads every page of orders, also when a page ends within a millisecond', async () => {
    const all = Array.from({ length: 1200 }, (_, i) =>
      wireOrder({ id: `order-${i}`, submitted_at: new Date(1_790_000_000_000 + Math.floor(i / 7)).toISOString() }),
    );
    const { stub, broker } = await scene((request, response) => {
      const after = request.query.get('after');
      json(response, 200, all.filter((order) => !after || (order.submitted_at as string) > after).slice(0, 500));
    });
    const orders = await broker.listOrders({ status: 'all', since: new Date(1_790_000_000_000) });
    expect(orders.map((order) => order.brokerOrderId)).toEqual(all.map((order) => order.id));
    expect(stub.requests.map((request) => request.query.get('nested'))).toEqual(['true', 'true', 'true']);
  });

  it('reads every page of fills', async () => {
    const all = Array.from({ length: 250 }, (_, i) => ({
      id: `20261120100000000::execution-${i}`,
      activity_type: 'FILL',
      order_id: `order-${i}`,
      cum_qty: '2',
      leaves_qty: '0',
      qty: '2',
      price: '150.01',
      side: i === 1 ? 'sell_short' : 'buy',
      symbol: 'AAPL',
      transaction_time: '2026-11-20T15:00:00.5Z',
      type: 'fill',
    }));
    const { broker } = await scene((request, response) => {
      const token = request.query.get('page_token');
      const from = token === null ? 0 : all.findIndex((fill) => fill.id === token) + 1;
      json(response, 200, all.slice(from, from + Number(request.query.get('page_size'))));
    });
    const fills = await broker.listFills(new Date('2026-11-20T15:00:00Z'));
    expect(fills.map((fill) => fill.executionId)).toEqual(all.map((_, i) => `execution-${i}`));
    expect([fills[0]!.side, fills[1]!.side, text(fills[0]!.price)]).toEqual(['buy', 'sell', '150.01']);
  });

  it.each([
    ['new', '0', 'accepted'],
    ['pending_new', '0', 'accepted'],
    ['accepted', '0', 'accepted'],
    ['new', '3', 'partially_filled'],
    ['done_for_day', '3', 'partially_filled'],
    ['done_for_day', '0', 'accepted'],
    ['pending_replace', '0', 'accepted'],
    ['held', '0', 'held'],
    ['pending_cancel', '3', 'pending_cancel'],
    ['expired', '3', 'expired'],
    ['replaced', '0', 'replaced'],
    ['a status of tomorrow', '0', 'accepted'],
  ])('calls an order that is %s with %s filled %s', async (status, filled, ours) => {
    const { broker } = await scene((_request, response) =>
      json(response, 200, wireOrder({ status, filled_qty: filled })),
    );
    expect(await broker.findOrder('x')).toMatchObject({ status: ours, brokerStatus: status });
  });
});

describe('the stream', () => {
  const speak = (stub: Stub) =>
    stub.onSocket((socket) => {
      socket.on('message', (data: Buffer) => {
        const { action } = JSON.parse(data.toString()) as { action: string };
        const answer =
          action === 'authenticate'
            ? { stream: 'authorization', data: { status: 'authorized', action } }
            : { stream: 'listening', data: { streams: ['trade_updates'] } };
        // Paper sends its frames as binary.
        socket.send(Buffer.from(JSON.stringify(answer)));
      });
    });
  const partial = {
    stream: 'trade_updates',
    data: {
      event: 'partial_fill',
      execution_id: 'execution-1',
      price: '150.01',
      qty: '4',
      position_qty: '4',
      timestamp: '2026-11-20T15:00:01.000000001Z',
      order: wireOrder({ status: 'partially_filled', filled_qty: '7', group_id: 'g', group_role: 'entry' }),
    },
  };

  it('tells of a fill with the quantity after it', async () => {
    const { stub, broker } = await scene(() => undefined);
    speak(stub);
    const updates = collectUpdates(broker);
    await updates.connected;
    stub.sockets[0]!.send(Buffer.from(JSON.stringify(partial)));
    const { event, order, fill } = await updates.until(() => true);
    await updates.close();
    expect([event, order.status, order.groupId, order.groupRole]).toEqual([
      'partial_fill',
      'partially_filled',
      'g',
      'entry',
    ]);
    expect(fill).toMatchObject({ executionId: 'execution-1', side: 'buy', symbol: 'AAPL' });
    expect([text(fill!.quantity), text(fill!.cumulativeQuantity), text(fill!.price)]).toEqual(['4', '7', '150.01']);
  });

  it('says when it was lost and when it is back, and outlives a handler that throws and a frame that is wrong', async () => {
    const { stub, broker } = await scene(() => undefined);
    speak(stub);
    const told: string[] = [];
    let step = Promise.withResolvers<void>();
    const next = async () => {
      await step.promise;
      step = Promise.withResolvers<void>();
    };
    const stream = broker.stream({
      onUpdate: (update) => {
        told.push(update.event);
        step.resolve();
        throw new Error('a fault of ours');
      },
      onConnected: () => {
        told.push('connected');
        step.resolve();
      },
      onDisconnected: () => {
        told.push('disconnected');
        step.resolve();
      },
    });
    await next();
    const lost = next();
    stub.sockets[0]!.send('{"stream":"trade_updates","data":{"event":"fill","order":{}}}');
    stub.sockets[0]!.terminate();
    await lost;
    await next();
    stub.sockets[1]!.send(JSON.stringify(partial));
    await next();
    await stream.close();
    expect(told).toEqual(['connected', 'disconnected', 'connected', 'partial_fill']);
    expect(log.lines.filter((line) => line.level === 'error').length).toBeGreaterThanOrEqual(2);
  });
});

it('writes no key into the log', () => {
  expect(JSON.stringify(log.lines)).not.toMatch(/very-secret|PK-key-id/);
  expect(log.lines.length).toBeGreaterThan(0);
});
