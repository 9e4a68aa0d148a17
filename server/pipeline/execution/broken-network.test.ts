// Invariants:
// 1. Wherever the connection to the venue breaks, an approved order is at the venue exactly once, and filled once in our books.
// 2. Afterwards our books equal the venue's account, to the share and to the cent.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAlpacaBroker } from '../../adapters/brokers/alpaca/index.ts';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { systemRandom } from '../../adapters/clock/system-random.ts';
import { createLedgerStore } from '../../adapters/database/ledger-store/ledger-store.ts';
import { createOrderStore } from '../../adapters/database/order-store/order-store.ts';
import { createReconciliationStore } from '../../adapters/database/reconciliation-store/reconciliation-store.ts';
import { defaultSettings } from '../../core/model/settings.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import { type FaultProxy, startFaultProxy } from '../../testing/fault-proxy.ts';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { seedOrders } from '../../testing/seeded-orders.ts';
import { createReconciliation, type Reconciler } from '../reconciliation/index.ts';
import { createExecution, type Execution, type Following } from './index.ts';

type Exchange = Awaited<ReturnType<typeof startTestExchange>>;
type Seeded = Awaited<ReturnType<typeof seedOrders>>;

let database: TestDatabase;
let exchange: Exchange;
let proxy: FaultProxy;
let seeded: Seeded;
let execution: Execution;
let reconciliation: Reconciler;
let following: Following;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  seeded = await seedOrders(database);
  exchange = await startTestExchange();
  await exchange.setQuote('AAPL', 149.99, 150.01);
  proxy = await startFaultProxy(Number(new URL(exchange.url).port));
  const { accountId, sql } = seeded;
  const log = createRecordedLog();
  const broker = createAlpacaBroker({
    tradingUrl: `http://127.0.0.1:${proxy.port}`,
    keyId: exchange.keyId,
    secretKey: exchange.secretKey,
    timeoutMs: 400,
    log,
    clock: systemClock,
  });
  const stores = { sql, clock: systemClock, random: systemRandom };
  const shared = { orders: createOrderStore(stores), broker: () => broker, clock: systemClock, log };
  execution = createExecution({
    ...shared,
    // The seed's orders are made at a fixed time of the past.
    settings: {
      current: () => ({ ...defaultSettings, risk: { ...defaultSettings.risk, maxAlertAgeSeconds: 1_000_000_000 } }),
    },
    ready: (id) => reconciliation.ready(id),
    onTraded: (id) => reconciliation.noteTraded(id),
    timings: { missGraceMs: 800, lookupFirstMs: 50, pollOpenMs: 200, pollIdleMs: 400 },
  });
  reconciliation = createReconciliation({
    ...shared,
    store: createReconciliationStore(stores),
    ledger: createLedgerStore(stores),
    sync: execution.sync,
  });
  following = execution.follow(accountId, {
    onConnected: () => void reconciliation.reconcile(accountId, 'reconnect'),
    onDisconnected: () => undefined,
  });
  await reconciliation.whenReady(accountId);
});
afterEach(async () => {
  await following.close();
  await reconciliation.stop();
  await execution.idle();
  await proxy[Symbol.asyncDispose]();
  await exchange.stop();
});

const atExchange = async (path: string): Promise<Record<string, unknown>[]> => {
  const response = await fetch(`${exchange.url}${path}`, {
    headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
  });
  return (await response.json()) as Record<string, unknown>[];
};
const status = async (orderId: string) => (await seeded.store.find(orderId))?.status;

/** Runs the order's job as the queue does. */
async function drive(orderId: string): Promise<void> {
  for (;;) {
    const outcome = await execution.handlers['order.submit']({ orderId });
    if (outcome.kind === 'done') return;
    await systemClock.sleep(outcome.afterMs);
  }
}

/** Once everything has come through: one order there, filled once here, and nothing differs. */
async function expectOnce(orderId: string, clientOrderId: string): Promise<void> {
  await expect.poll(() => status(orderId)).toBe('filled');
  const theirs = await atExchange('/v2/orders?status=all&nested=true');
  expect(theirs.map((order) => order.client_order_id)).toEqual([clientOrderId]);
  const fills =
    await seeded.sql`select sum(quantity)::text as shares from trade_executions where order_id = ${orderId}`;
  expect(fills[0]?.shares).toBe('10');
  const compared = await reconciliation.reconcile(seeded.accountId, 'demand');
  expect(compared).toMatchObject({ differences: [] });
}

const posted = () =>
  expect.poll(() => atExchange('/v2/orders?status=all').then((all) => all.length)).toBeGreaterThan(0);

describe('an order, when the connection', () => {
  it('holds, is filled with its legs working', async () => {
    const { orderId, clientOrderId } = await seeded.approve('10');
    await drive(orderId);
    await expectOnce(orderId, clientOrderId);
    const legs = await seeded.sql`select status from orders where parent_id = ${orderId}`;
    expect(legs.map((leg) => leg.status)).toEqual(['accepted', 'accepted']);
  });

  it('is reset before the venue has the order, is found missing and sent again', async () => {
    const { orderId, clientOrderId } = await seeded.approve('10');
    proxy.silent();
    const requested = proxy.nextRequest();
    const driven = drive(orderId);
    await requested;
    proxy.cut();
    await expect.poll(() => status(orderId)).toBe('submit_unknown');
    await proxy.up();
    await driven;
    await expectOnce(orderId, clientOrderId);
    const kinds = await seeded.kinds(orderId);
    expect(kinds.filter((kind) => kind === 'order.submitting')).toHaveLength(2);
  });

  it('is reset after the venue took the order, is found by its client order id', async () => {
    const { orderId, clientOrderId } = await seeded.approve('10');
    proxy.deaf();
    const driven = drive(orderId);
    await posted();
    proxy.cut();
    await expect.poll(() => status(orderId)).toBe('submit_unknown');
    await proxy.up();
    await driven;
    await expectOnce(orderId, clientOrderId);
    expect((await seeded.kinds(orderId)).filter((kind) => kind === 'order.submitting')).toHaveLength(1);
  });

  it('swallows the answer until the time is out, is found by its client order id', async () => {
    const { orderId, clientOrderId } = await seeded.approve('10');
    proxy.deaf();
    const driven = drive(orderId);
    await expect.poll(() => status(orderId)).toBe('submit_unknown');
    await proxy.up();
    proxy.cut();
    await driven;
    await expectOnce(orderId, clientOrderId);
  });

  it('is refused at first, is sent when the venue is back', async () => {
    const { orderId, clientOrderId } = await seeded.approve('10');
    await proxy.down();
    const driven = drive(orderId);
    await expect.poll(() => status(orderId)).toBe('submit_unknown');
    await proxy.up();
    await driven;
    await expectOnce(orderId, clientOrderId);
  });
});

it('an exit through a stream that tells nothing still closes the position', async () => {
  const entry = await seeded.approve('10');
  await drive(entry.orderId);
  await expect.poll(() => status(entry.orderId)).toBe('filled');
  await seeded.clock.advance(1000);
  const exit = await seeded.approve('10', { side: 'sell', intent: 'exit' });
  // Every connection is cut again and again while it is under way.
  const cutting = systemClock.every(120, () => proxy.cut());
  await drive(exit.orderId);
  cutting.cancel();
  await expect.poll(() => status(exit.orderId)).toBe('filled');
  expect(await atExchange('/v2/positions')).toEqual([]);
  expect(await reconciliation.reconcile(seeded.accountId, 'demand')).toMatchObject({ differences: [] });
});

it('twenty brackets at once, taken to their profit in pieces while connections break, leave equal books', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => seeded.approve('10')));
  const cutting = systemClock.every(150, () => proxy.cut());
  await Promise.all(all.map(({ orderId }) => drive(orderId)));
  await expect.poll(() => Promise.all(all.map(({ orderId }) => status(orderId)))).toEqual(all.map(() => 'filled'));
  // 70 shares a quote: the take-profits at 160 fill in parts, three quotes long.
  for (const cents of [0, 1, 2]) await exchange.setQuote('AAPL', 160.1 + cents / 100, 160.2 + cents / 100, 70);
  const open = () => seeded.store.open(seeded.accountId);
  await expect.poll(async () => (await open()).length).toBe(0);
  cutting.cancel();
  expect(await atExchange('/v2/positions')).toEqual([]);
  expect(await reconciliation.reconcile(seeded.accountId, 'demand')).toMatchObject({
    outcome: expect.stringMatching(/agreed|corrected/),
    differences: [],
  });
  const sent = (await atExchange('/v2/orders?status=all&nested=true')).map((order) => order.client_order_id);
  expect(sent.sort()).toEqual(all.map((one) => one.clientOrderId).sort());
});
