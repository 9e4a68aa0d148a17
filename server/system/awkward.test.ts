// Invariants:
// 1. However the venue misbehaves, an approved order is at the venue exactly once, and filled once in our books; or refused, and then
//    neither of us has anything of it.
// 2. Afterwards our books equal the venue's account, to the share and to the cent.
// The product's own Alpaca adapter, execution and reconciliation against the embedded exchange, each fault turned on over its admin API.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../exchange/exchange.ts';
import { type Awkward, awkwardOf, type FaultOrder } from '../testing/awkward.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { type OrderDesk, openOrderDesk } from '../testing/order-desk.ts';

let database: TestDatabase;
let exchange: Exchange;
let awkward: Awkward;
let desk: OrderDesk;
let seeded: OrderDesk['seeded'];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  exchange = await startTestExchange();
  awkward = awkwardOf(exchange);
  await exchange.setQuote('AAPL', 149.99, 150.01);
  desk = await openOrderDesk(database, exchange, { tradingUrl: exchange.url, missGraceMs: 1500 });
  ({ seeded } = desk);
});
afterEach(async () => {
  await awkward.clear();
  await desk.close();
  await exchange.stop();
});

const status = (orderId: string) => desk.status(orderId);
const sharesOf = async (orderId: string) =>
  (await seeded.sql`select sum(quantity)::text as shares from trade_executions where order_id = ${orderId}`)[0]?.shares;

/** Nothing differs, once the exchange behaves again. */
async function expectEqualBooks(): Promise<void> {
  await awkward.clear();
  await expect
    .poll(() => desk.reconciliation.reconcile(seeded.accountId, 'demand'))
    .toMatchObject({ outcome: expect.stringMatching(/agreed|corrected/), differences: [] });
}

async function expectOnce(orderId: string, clientOrderId: string): Promise<void> {
  await expect.poll(() => status(orderId)).toBe('filled');
  expect(await sharesOf(orderId)).toBe('10');
  await expectEqualBooks();
  const theirs = await desk.atExchange('/v2/orders?status=all&nested=true');
  expect(theirs.map((order) => order.client_order_id)).toEqual([clientOrderId]);
}

const post = { method: 'POST', path: '/v2/orders' } as const;

describe('an order comes through, once', () => {
  it.each<[string, ...FaultOrder[]]>([
    ['answers that come late', { kind: 'latency', delayMs: 100, spreadMs: 100, match: { method: 'POST' } }],
    ['answers later than anybody waits', { kind: 'latency', delayMs: 700, count: 2 }],
    ['a storm of 429', { kind: 'rate_limit', retryAfter: 0, count: 4, match: post }],
    ['a storm of 429 on everything', { kind: 'rate_limit', retryAfter: 0, seconds: 1 }],
    ['500 before', { kind: 'error_before', status: 500, count: 1, match: post }],
    ['503 before', { kind: 'error_before', status: 503, count: 2, match: post }],
    ['500 after it was taken', { kind: 'error_after', status: 500, count: 1, match: post }],
    ['504 after it was taken', { kind: 'error_after', status: 504, count: 1, match: post }],
    ['a reset before', { kind: 'reset_before', count: 1, match: post }],
    ['a reset after it was taken', { kind: 'reset_after', count: 1, match: post }],
    [
      'a reset, and 500 when it is looked up',
      { kind: 'error_before', status: 500, count: 4, match: { path: '/v2/orders:by*' } },
      { kind: 'reset_after', count: 1, match: post },
      { kind: 'stream_gap' },
    ],
    [
      'a reset, and answers that are lost when it is looked up',
      { kind: 'reset_after', count: 2, match: { path: '/v2/orders:by*' } },
      { kind: 'reset_after', count: 1, match: post },
      { kind: 'stream_gap' },
    ],
    ['resets of half of all connections', { kind: 'reset_after', probability: 0.5, seed: 12, seconds: 1.5 }],
    ['a stream that breaks at each event', { kind: 'stream_drop' }],
    ['events that are told three times', { kind: 'stream_duplicate', copies: 2 }],
    ['events that come late', { kind: 'stream_delay', delayMs: 200, spreadMs: 300 }],
    ['events that overtake each other', { kind: 'stream_reorder', window: 1, delayMs: 300, match: { event: 'fill' } }],
    ['events that are never told', { kind: 'stream_gap' }],
  ])('in spite of %s', async (_fault, ...faults) => {
    const [on] = await Promise.all(faults.map((fault) => awkward.add(fault)));
    const { orderId, clientOrderId } = await seeded.approve('10');
    await desk.drive(orderId);
    await expectOnce(orderId, clientOrderId);
    expect(Number((await awkward.look(on!)).hits), 'the fault struck').toBeGreaterThan(0);
    const legs = await seeded.sql`select status from orders where parent_id = ${orderId}`;
    expect(legs.map((leg) => leg.status)).toEqual(['accepted', 'accepted']);
  });

  it('when the symbol that is halted trades again', async () => {
    const halt = await awkward.add({ kind: 'halt', match: { symbol: 'AAPL' } });
    const { orderId, clientOrderId } = await seeded.approve('10');
    await desk.drive(orderId);
    await exchange.setQuote('AAPL', 149.99, 150.01);
    expect(await status(orderId)).toBe('accepted');
    await awkward.remove(halt);
    await exchange.setQuote('AAPL', 149.99, 150.01);
    await expectOnce(orderId, clientOrderId);
  });
});

describe('an order that is refused leaves nothing', () => {
  it.each<[string, FaultOrder]>([
    ['buying power', { kind: 'reject', code: 40_310_000 }],
    ['a price', { kind: 'reject', code: 42_210_000, message: 'invalid limit_price' }],
    ['a word', { kind: 'reject', code: 40_010_001 }],
    ['a suspended symbol', { kind: 'suspend', match: { symbol: 'AAPL' } }],
  ])('for %s', async (_why, fault) => {
    await awkward.add(fault);
    const { orderId } = await seeded.approve('10');
    await desk.drive(orderId);
    await expect.poll(() => status(orderId)).toBe('rejected');
    await expectEqualBooks();
    expect(await desk.atExchange('/v2/orders?status=all')).toEqual([]);
    expect(await sharesOf(orderId)).toBe(null);
  });
});

it('a price that jumps through the stop closes the position once, far below it', async () => {
  const { orderId } = await seeded.approve('10');
  await desk.drive(orderId);
  await expect.poll(() => status(orderId)).toBe('filled');
  await awkward.add({ kind: 'price_jump', percent: -20, match: { symbol: 'AAPL' } });
  await expect.poll(async () => (await seeded.store.open(seeded.accountId)).length).toBe(0);
  expect(await desk.atExchange('/v2/positions')).toEqual([]);
  const sold = await seeded.sql`
    select price::text, quantity::text from trade_executions where account_id = ${seeded.accountId} and side = 'sell'`;
  expect(sold.map(({ price, quantity }) => [Number(price), Number(quantity)])).toEqual([[119.99, 10]]);
  await expectEqualBooks();
});

it('twelve orders come through everything at once, each once', async () => {
  const faults: FaultOrder[] = [
    { kind: 'latency', delayMs: 5, spreadMs: 60, seed: 1 },
    { kind: 'error_before', status: 503, probability: 0.15, seed: 2 },
    { kind: 'error_after', status: 500, probability: 0.15, seed: 3 },
    { kind: 'reset_before', probability: 0.1, seed: 4 },
    { kind: 'reset_after', probability: 0.1, seed: 5 },
    { kind: 'rate_limit', retryAfter: 0, probability: 0.1, seed: 6 },
    { kind: 'stream_gap', probability: 0.2, seed: 7 },
    { kind: 'stream_duplicate', probability: 0.2, seed: 8 },
    { kind: 'stream_reorder', probability: 0.2, delayMs: 100, seed: 9 },
    { kind: 'stream_drop', probability: 0.1, seed: 10 },
  ];
  const all = await Promise.all(Array.from({ length: 12 }, () => seeded.approve('10')));
  for (const fault of faults) await awkward.add(fault);
  await Promise.all(all.map(({ orderId }) => desk.drive(orderId)));
  await expect.poll(() => Promise.all(all.map(({ orderId }) => status(orderId)))).toEqual(all.map(() => 'filled'));
  await expectEqualBooks();
  const sent = (await desk.atExchange('/v2/orders?status=all&nested=true')).map((order) => order.client_order_id);
  expect(sent.sort()).toEqual(all.map((one) => one.clientOrderId).sort());
  expect(await Promise.all(all.map(({ orderId }) => sharesOf(orderId)))).toEqual(all.map(() => '10'));
}, 60_000);
