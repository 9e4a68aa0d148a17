// Invariants, with the product's own adapter, guard and execution against the embedded exchange that is made awkward:
// 1. In a storm of 429 with many entries and a few exits waiting, the exits are the first that the exchange takes.
// 2. Nothing is doubled, and everything arrives in the end.
// 3. An exchange that fails gets no entries, but exits; it is found out that it answers again, and a person is told of both.
// 4. Our own line never asks more often than the limit, and exits do not stand in it behind entries.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Exchange } from '../exchange/exchange.ts';
import { type Awkward, awkwardOf } from '../testing/awkward.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { startTestExchange } from '../testing/exchange.ts';
import { type OrderDesk, openOrderDesk } from '../testing/order-desk.ts';

const others = ['MSFT', 'NVDA', 'AMZN', 'GOOGL', 'META'];
let database: TestDatabase;
let exchange: Exchange;
let awkward: Awkward;
let desk: OrderDesk;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  exchange = await startTestExchange();
  awkward = awkwardOf(exchange);
  for (const symbol of ['AAPL', ...others]) await exchange.setQuote(symbol, 149.99, 150.01);
});
afterEach(async () => {
  await awkward.clear();
  await desk.close();
  await exchange.stop();
});

const open = async (requestsPerMinute?: number) => {
  desk = await openOrderDesk(database, exchange, {
    tradingUrl: exchange.url,
    missGraceMs: 1500,
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
  });
};

/** An order of a symbol, without legs. */
async function approve(symbol: string, intent: 'entry' | 'exit') {
  const ids = await desk.seeded.approve('10', { intent, side: intent === 'entry' ? 'buy' : 'sell' });
  await desk.seeded.sql`
    update orders set symbol = ${symbol}, order_class = 'simple', take_profit_price = null, stop_loss_price = null
    where id = ${ids.orderId}`;
  return ids;
}

/** Ten shares of each of the others. */
async function hold(): Promise<void> {
  for (const symbol of others) {
    const { orderId } = await approve(symbol, 'entry');
    await desk.drive(orderId);
    await expect.poll(() => desk.status(orderId)).toBe('filled');
  }
}

/** Client order ids in the order in which the exchange took them. */
async function taken(): Promise<string[]> {
  const orders = await desk.atExchange('/v2/orders?status=all&limit=500&direction=asc');
  return orders.map((order) => String(order.client_order_id));
}

const arrived = async (orders: readonly { orderId: string }[]): Promise<void> => {
  for (const { orderId } of orders) await expect.poll(() => desk.status(orderId), { timeout: 20_000 }).toBe('filled');
};

it('sends the exits first after a storm of 429, everything once, and all of it in the end', async () => {
  await open();
  await hold();
  const before = await taken();
  await awkward.add({ kind: 'rate_limit', retryAfter: 1, seconds: 2, match: { method: 'POST' } });
  const entries = await Promise.all(Array.from({ length: 50 }, () => approve('AAPL', 'entry')));
  const driven = entries.map(({ orderId }) => desk.drive(orderId));
  // The exits come when the line is full of entries already.
  await expect.poll(async () => (await awkward.list()).faults[0]?.hits ?? 0).toBeGreaterThan(0);
  const exits = await Promise.all(others.map((symbol) => approve(symbol, 'exit')));
  driven.push(...exits.map(({ orderId }) => desk.drive(orderId)));
  await Promise.all(driven);
  await arrived([...entries, ...exits]);
  const after = (await taken()).slice(before.length);
  expect(after.slice(0, exits.length).sort()).toEqual(exits.map((one) => one.clientOrderId).sort());
  expect([...after].sort()).toEqual([...entries, ...exits].map((one) => one.clientOrderId).sort());
  await expect
    .poll(() => desk.reconciliation.reconcile(desk.seeded.accountId, 'demand'))
    .toMatchObject({ differences: [] });
}, 60_000);

it('keeps entries from an exchange that fails, tries exits on, and finds out that it answers again', async () => {
  await open();
  await hold();
  const { sql, accountId } = desk.seeded;
  const kinds = () => sql<{ kind: string }[]>`select kind from events where kind like 'breaker.%' order by xid, seq`;
  const alarm = () => sql`select kind, cleared_at is null as open from alarms where key = 'breaker:embedded'`;
  const fault = await awkward.add({ kind: 'error_before', status: 503 });
  await expect.poll(kinds, { timeout: 10_000 }).toEqual([{ kind: 'breaker.opened' }]);
  await expect.poll(alarm).toEqual([{ kind: 'breaker.open', open: true }]);
  expect(desk.guards.problem(accountId)).toMatch(/does not answer/);
  expect(desk.guards.line(accountId)).toMatchObject({ answers: false });

  const posts = await awkward.add({ kind: 'latency', delayMs: 0, match: { method: 'POST', path: '/v2/orders' } });
  const entry = await approve('AAPL', 'entry');
  const entering = desk.drive(entry.orderId);
  const exit = await approve('MSFT', 'exit');
  const leaving = desk.drive(exit.orderId);
  await expect.poll(async () => (await awkward.look(posts)).seen).toBeGreaterThan(0);
  // The exit was tried; of the entry not even that it was to be sent is stored.
  expect(await desk.status(exit.orderId)).toMatch(/submitting|submit_unknown/);
  expect(await desk.status(entry.orderId)).toBe('approved');

  await awkward.remove(fault);
  await Promise.all([entering, leaving]);
  await arrived([entry, exit]);
  await expect.poll(kinds).toEqual([{ kind: 'breaker.opened' }, { kind: 'breaker.closed' }]);
  await expect.poll(alarm).toEqual([{ kind: 'breaker.open', open: false }]);
  expect(desk.guards.problem(accountId)).toBeNull();
  expect(desk.guards.line(accountId)).toEqual({ answers: true, waiting: 0, pausedSeconds: 0 });
}, 60_000);

it('lets an exit pass entries that stand in our own line', async () => {
  // A bucket of twenty, of which entries get fifteen, and then one a second.
  await open(80);
  const held = await approve('MSFT', 'entry');
  await desk.drive(held.orderId);
  await arrived([held]);
  const entries = await Promise.all(Array.from({ length: 18 }, () => approve('AAPL', 'entry')));
  let allIn = false;
  const entering = Promise.all(entries.map(({ orderId }) => desk.drive(orderId))).then(() => {
    allIn = true;
  });
  const waits = async () =>
    (await Promise.all(entries.map(({ orderId }) => desk.status(orderId)))).includes('approved');
  await expect.poll(async () => (await taken()).length).toBeGreaterThan(5);
  expect(await waits()).toBe(true);
  const exit = await approve('MSFT', 'exit');
  await desk.drive(exit.orderId);
  await arrived([exit]);
  expect(allIn).toBe(false);
  await entering;
  await arrived(entries);
  expect(new Set(await taken()).size).toBe((await taken()).length);
}, 90_000);
