// Invariants:
// 1. After a comparison, everything the broker told of our orders and fills is in the books, once.
// 2. A second comparison right after the first changes nothing.
// 3. New entries wait: an account is not ready before a comparison has succeeded.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../adapters/clock/system-random.ts';
import { createLedgerStore } from '../../adapters/database/ledger-store/ledger-store.ts';
import { createReconciliationStore } from '../../adapters/database/reconciliation-store/reconciliation-store.ts';
import { text } from '../../core/decimal.ts';
import { defaultSettings } from '../../core/model/settings.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { FakeBroker } from '../../testing/fake-broker.ts';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { seedOrders } from '../../testing/seeded-orders.ts';
import { seededRandom } from '../../testing/seeded-random.ts';
import { createExecution } from '../execution/index.ts';
import { createReconciliation } from './reconciliation.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function scene() {
  const seeded = await seedOrders(database);
  const { clock, accountId, store, sql } = seeded;
  const broker = new FakeBroker({ clock, prices: { AAPL: '150', KO: '60' } });
  // Nobody listens to the stream: whatever is known was asked for.
  broker.muted = true;
  const log = createRecordedLog();
  const shared = { orders: store, broker: () => broker, clock, random: seededRandom(1), log };
  const execution = createExecution({
    ...{ ...shared, settings: { current: () => defaultSettings }, ready: () => true },
    alertSeconds: () => 300,
  });
  const ledger = createLedgerStore({ sql, clock, random: systemRandom });
  const reconciliation = createReconciliation({
    ...shared,
    store: createReconciliationStore({ sql, clock, random: systemRandom }),
    ledger,
    sync: execution.sync,
  });
  /** Compares, moving the clock on while it waits for differences to settle. */
  const reconcile = async (reason: 'start' | 'demand' = 'demand') => {
    const result = reconciliation.reconcile(accountId, reason);
    const state = { done: false };
    void result.finally(() => {
      state.done = true;
    });
    const step = async () => {
      if (!state.done) await clock.advance(300);
      return state.done;
    };
    await expect.poll(step, { interval: 1 }).toBe(true);
    return result;
  };
  const send = async () => {
    const ids = await seeded.approve('10');
    await execution.handlers['order.submit']({ orderId: ids.orderId });
    return ids;
  };
  const status = async (orderId: string) => (await store.find(orderId))?.status;
  return { ...seeded, broker, execution, ledger, reconciliation, reconcile, send, status, log };
}

let on: Awaited<ReturnType<typeof scene>>;
beforeEach(async () => {
  on = await scene();
});

describe('the first comparison', () => {
  it('opens the books with what the account holds, once', async () => {
    on.broker.tradeByHand('KO', '5');
    const first = await on.reconcile('start');
    expect(first).toMatchObject({ outcome: 'agreed', differences: [] });
    await on.reconcile();
    const books = await on.ledger.summary(on.accountId);
    expect([text(books.cash), text(books.capital)]).toEqual(['99700', '100000']);
    expect(books.positions.map((p) => [p.symbol, text(p.quantity), text(p.cost)])).toEqual([['KO', '5', '300']]);
    const opened = await on.sql`select from ledger_transactions where account_id = ${on.accountId}`;
    expect(opened).toHaveLength(1);
  });

  it('makes the account ready, and stores what the broker says of it', async () => {
    expect(on.reconciliation.ready(on.accountId)).toBe(false);
    const waiting = on.reconciliation.whenReady(on.accountId);
    const { finishedAt } = await on.reconcile('start');
    await waiting;
    expect(on.reconciliation.ready(on.accountId)).toBe(true);
    const [account] = await on.sql`
      select broker_cash::text as cash, broker_buying_power::text as "buyingPower", reconciled_at as at
      from accounts where id = ${on.accountId}`;
    expect(account).toEqual({ cash: '100000', buyingPower: '100000', at: finishedAt });
  });

  it('is tried until the broker answers; until then the account is not ready', async () => {
    on.broker.down = true;
    on.reconciliation.start(on.accountId);
    const outcomes = async () =>
      (await on.sql`select outcome from reconciliations where account_id = ${on.accountId} order by finished_at`).map(
        (row) => row.outcome,
      );
    await expect.poll(outcomes).toEqual(['failed']);
    expect(on.reconciliation.ready(on.accountId)).toBe(false);
    await on.clock.advance(500);
    await expect.poll(outcomes).toEqual(['failed', 'failed']);
    on.broker.down = false;
    const ready = on.reconciliation.whenReady(on.accountId);
    await on.clock.advance(1000);
    await ready;
    expect(await outcomes()).toEqual(['failed', 'failed', 'agreed']);
    const kinds = await on.sql`
      select kind from events where account_id = ${on.accountId} and kind like 'reconciliation.%' order by xid, seq`;
    expect(kinds.map((row) => row.kind)).toEqual([
      'reconciliation.failed',
      'reconciliation.failed',
      'reconciliation.completed',
    ]);
  });
});

describe('a comparison', () => {
  beforeEach(async () => {
    await on.reconcile('start');
  });

  it('takes over fills and ends that were missed, once', async () => {
    const filled = await on.send();
    on.broker.fillsAtOnce = false;
    const canceled = await on.send();
    const record = await on.store.find(canceled.orderId);
    await on.broker.cancel(record!.brokerOrderId!);
    const first = await on.reconcile();
    expect(first).toMatchObject({ outcome: 'corrected', recordedFills: 1 });
    expect(first.differences.map((one) => [one.kind, one.state, one.brokers])).toEqual([
      ['order', 'corrected', 'filled'],
      ['order', 'corrected', 'canceled'],
      ['fill', 'corrected', 'buy 10 AAPL at 150'],
    ]);
    expect(await on.status(filled.orderId)).toBe('filled');
    expect(await on.status(canceled.orderId)).toBe('canceled');
    const again = await on.reconcile();
    expect(again).toMatchObject({ outcome: 'agreed', recordedFills: 0, changedOrders: 0, differences: [] });
    expect(text((await on.ledger.summary(on.accountId)).cash)).toBe('98500');
  });

  it('that was asked for shares the next one that waits, which is then known by the asking', async () => {
    const running = on.reconciliation.reconcile(on.accountId, 'schedule');
    const waiting = on.reconciliation.reconcile(on.accountId, 'reconnect');
    const asked = await on.reconcile('demand');
    expect(asked).toBe(await waiting);
    expect([(await running).reason, asked.reason]).toEqual(['schedule', 'demand']);
  });

  it('is not needed for the figures after a trade', async () => {
    on.broker.tradeByHand('KO', '100');
    on.reconciliation.noteTraded(on.accountId);
    on.reconciliation.noteTraded(on.accountId);
    await on.clock.advance(500);
    const cash = async () =>
      (await on.sql`select broker_cash::text as cash from accounts where id = ${on.accountId}`)[0]?.cash;
    await expect.poll(cash).toBe('94000');
  });

  it('finds a fill that was missed long ago behind newer ones', async () => {
    const missed = await on.send();
    const record = await on.store.find(missed.orderId);
    // Ended in our books without its fill, as after a fault of ours; and newer comparisons have passed.
    await on.sql`update orders set status = 'expired' where id = ${missed.orderId}`;
    await on.sql`
      update reconciliations set started_at = started_at + interval '3 hours', finished_at = finished_at + interval '3 hours'
      where account_id = ${on.accountId}`;
    await on.clock.advance(3 * 3600_000);
    expect(record?.brokerOrderId).toBeTruthy();
    expect(await on.reconcile()).toMatchObject({ outcome: 'corrected', recordedFills: 1 });
    expect(await on.status(missed.orderId)).toBe('filled');
  });

  it('lists what differs and what is not ours, and leaves the books alone', async () => {
    on.broker.tradeByHand('AAPL', '-3');
    const { orderId } = await on.approve('10');
    const { order } = (await on.store.approved(orderId))!;
    on.broker.fillsAtOnce = false;
    await on.broker.submit({ ...order, clientOrderId: 'by-hand', symbol: 'KO' });
    const result = await on.reconcile();
    expect(result.outcome).toBe('differs');
    expect(result.differences.map((d) => [d.kind, d.symbol, d.ours, d.brokers])).toEqual([
      ['position', 'AAPL', '0', '-3'],
      ['cash', null, '100000', '100450'],
      ['foreign_order', 'KO', null, 'buy 10 KO, new'],
    ]);
    expect(text((await on.ledger.summary(on.accountId)).cash)).toBe('100000');
    expect(on.log.lines.some((line) => line.message === 'the broker and our books differ')).toBe(true);
    const [kept] = await on.sql`
      select outcome, differences from reconciliations where account_id = ${on.accountId} order by finished_at desc limit 1`;
    expect(kept).toMatchObject({ outcome: 'differs' });
    expect(kept?.differences).toHaveLength(3);
  });
});
