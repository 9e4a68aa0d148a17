// Invariants:
// 1. What the broker states is booked once for each of its facts, whoever asks how often.
// 2. What is not ours is never touched, and its trades are in the books.
// 3. What a person gives from one to another changes nothing of the account.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../adapters/clock/system-random.ts';
import { createAlarmStore } from '../../adapters/database/alarm-store/alarm-store.ts';
import { createLedgerStore } from '../../adapters/database/ledger-store/ledger-store.ts';
import { createReconciliationStore } from '../../adapters/database/reconciliation-store/reconciliation-store.ts';
import { createSettlements } from '../../adapters/database/reconciliation-store/settlements.ts';
import { money, price, quantity, text } from '../../core/decimal.ts';
import { defaultSettings } from '../../core/model/settings.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { FakeBroker } from '../../testing/fake-broker.ts';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { seedOrders } from '../../testing/seeded-orders.ts';
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
  broker.muted = true;
  const log = createRecordedLog();
  const stores = { sql, clock, random: systemRandom };
  const alarms = createAlarmStore({ ...stores });
  const shared = { orders: store, broker: () => broker, clock, log, random: systemRandom };
  const execution = createExecution({
    ...{ ...shared, settings: { current: () => defaultSettings }, ready: () => true },
    alertSeconds: () => 300,
  });
  const ledger = createLedgerStore(stores);
  const settings = { ...defaultSettings.reconciliation };
  const reconciliation = createReconciliation({
    ...shared,
    store: createReconciliationStore(stores),
    ledger,
    sync: execution.sync,
    alarms,
    settings: { current: () => ({ reconciliation: settings }) },
  });
  /** Lets what is under way come to its end, moving the clock on while it waits. */
  const through = async <T>(result: Promise<T>): Promise<T> => {
    const state = { done: false };
    const end = () => {
      state.done = true;
    };
    result.then(end, end);
    const step = async () => {
      if (!state.done) await clock.advance(300);
      return state.done;
    };
    await expect.poll(step, { interval: 1 }).toBe(true);
    return result;
  };
  const reconcile = () => through(reconciliation.reconcile(accountId, 'demand'));
  /** An order that somebody else places at the broker. */
  const byHand = async (shares: string, change: Record<string, unknown> = {}) => {
    const { orderId } = await seeded.approve(shares);
    const { order } = (await store.approved(orderId))!;
    await sql`delete from orders where id = ${orderId}`;
    const clientOrderId = `by-hand-${systemRandom.id()}`;
    const foreign = { ...order, clientOrderId, takeProfit: null, stopLoss: null, ...change };
    const outcome = await broker.submit(foreign as typeof order);
    if (outcome.kind !== 'accepted') throw new Error(`the fake refused: ${outcome.kind}`);
    return outcome.order;
  };
  const books = async () => {
    const { cash, positions } = await ledger.summary(accountId);
    return [text(cash), ...positions.filter((p) => !p.quantity.eq('0')).map((p) => `${text(p.quantity)} ${p.symbol}`)];
  };
  const lots = async () =>
    (
      await sql<{ line: string }[]>`
        select strategy || ' ' || trim_scale(quantity) || ' ' || symbol || ' for ' || trim_scale(cost) as line
        from strategy_positions where account_id = ${accountId} and quantity <> 0 order by 1`
    ).map(({ line }) => line);
  const posted = async () =>
    Number((await sql`select count(*) as n from ledger_transactions where account_id = ${accountId}`)[0]!.n);
  const newest = async () => {
    const [row] = await sql<{ id: string }[]>`
      select id from reconciliations where account_id = ${accountId} order by finished_at desc, started_at desc limit 1`;
    return row!.id;
  };
  const openAlarms = async () => (await alarms.open()).filter((one) => one.accountId === accountId).map((a) => a.key);
  const wish = { reason: 'seen on the statement', by: 'ada', role: 'admin' };
  return {
    ...{
      ...seeded,
      broker,
      execution,
      ledger,
      reconciliation,
      reconcile,
      through,
      byHand,
      books,
      lots,
      posted,
      newest,
    },
    ...{ openAlarms, alarms, settings, wish, settlements: createSettlements(stores) },
  };
}

let on: Awaited<ReturnType<typeof scene>>;
beforeEach(async () => {
  on = await scene();
  await on.reconcile();
  await on.clock.advance(1000);
});

describe('what the broker states', () => {
  it('is booked once: a fee, a dividend, interest, money put in; and taken back when it is', async () => {
    const fresh = await scene();
    fresh.broker.tradeByHand('KO', '10');
    await fresh.reconcile();
    await fresh.clock.advance(1000);
    const fee = { activityId: 'fee-1', type: 'FEE', netAmount: money('-0.35') };
    fresh.broker.state(fee);
    fresh.broker.state({
      activityId: 'div-1',
      type: 'DIV',
      netAmount: money('4.6'),
      symbol: 'KO',
      quantity: quantity('10'),
    });
    fresh.broker.state({ activityId: 'int-1', type: 'INT', netAmount: money('1.25') });
    fresh.broker.state({ activityId: 'jnl-1', type: 'JNLC', netAmount: money('500') });
    const run = await fresh.reconcile();
    expect(run.outcome).toBe('corrected');
    expect(run.differences.map((one) => [one.state, one.reference])).toEqual([
      ['corrected', 'activity:fee-1'],
      ['corrected', 'activity:div-1'],
      ['corrected', 'activity:int-1'],
      ['corrected', 'activity:jnl-1'],
    ]);
    const { cash, fees, income, capital } = await fresh.ledger.summary(fresh.accountId);
    expect([cash, fees, income, capital].map(text)).toEqual(['99905.5', '0.35', '5.85', '100500']);
    const before = await fresh.posted();
    expect(await fresh.reconcile()).toMatchObject({ outcome: 'agreed', differences: [] });
    expect(await fresh.posted()).toBe(before);

    fresh.broker.state({ ...fee, netAmount: money('0.35'), canceled: true });
    expect((await fresh.reconcile()).outcome).toBe('corrected');
    expect(text((await fresh.ledger.summary(fresh.accountId)).fees)).toBe('0');
  });

  it('from before the books were opened is in them already', async () => {
    const fresh = await scene();
    fresh.broker.state({ activityId: 'old', type: 'FEE', netAmount: money('-1') });
    await fresh.byHand('5');
    await fresh.reconcile();
    expect(await fresh.reconcile()).toMatchObject({ outcome: 'agreed' });
    expect(await fresh.posted()).toBe(1);
    expect(await fresh.books()).toEqual(['99249', '5 AAPL']);
  });

  it('without a known meaning stays a difference, that a person settles once', async () => {
    on.broker.state({ activityId: 'odd', type: 'REORG', netAmount: money('-7.5') });
    const run = await on.reconcile();
    expect(run.outcome).toBe('differs');
    expect(run.differences.map((one) => [one.id, one.state])).toEqual([
      ['cash', 'open'],
      ['activity:odd', 'information'],
    ]);
    expect(await on.openAlarms()).toEqual([`difference:${on.accountId}:cash`]);
    const wish = { ...on.wish, reconciliationId: await on.newest(), differenceId: 'cash', book: 'fees' as const };
    expect(await on.settlements.settle(wish)).toMatchObject({ kind: 'done' });
    expect(await on.settlements.settle(wish)).toMatchObject({ kind: 'done' });
    const { cash, fees } = await on.ledger.summary(on.accountId);
    expect([text(cash), text(fees)]).toEqual(['99992.5', '7.5']);
    expect((await on.reconcile()).outcome).toBe('agreed');
    expect(await on.openAlarms()).toEqual([]);
    const [told] = await on.sql`
      select data from events where account_id = ${on.accountId} and kind = 'reconciliation.settled'`;
    expect(told?.data).toMatchObject({ by: 'ada', role: 'admin', reason: 'seen on the statement', difference: 'cash' });
    expect(await on.settlements.settle({ ...wish, reconciliationId: await on.newest() })).toEqual({
      kind: 'not_found',
    });
  });

  it('an old comparison cannot be settled any more: what it said may be mended', async () => {
    on.broker.tradeByHand('AAPL', '-3');
    await on.reconcile();
    const old = await on.newest();
    await on.clock.advance(1000);
    await on.reconcile();
    const wish = { ...on.wish, differenceId: 'position:AAPL', book: 'capital' as const };
    expect(await on.settlements.settle({ ...wish, reconciliationId: old })).toMatchObject({ kind: 'refused' });
    expect(await on.settlements.settle({ ...wish, reconciliationId: await on.newest() })).toMatchObject({
      kind: 'done',
    });
    expect(await on.books()).toEqual(['100000', '-3 AAPL']);
  });
});

describe('what somebody else trades', () => {
  it('is booked to nobody here, so that the books agree again, and its orders are left alone', async () => {
    await on.byHand('4');
    on.broker.fillsAtOnce = false;
    const resting = await on.byHand('10', { type: 'limit', limitPrice: price('140') });
    await on.clock.advance(1000);
    const run = await on.reconcile();
    expect(run.outcome).toBe('corrected');
    expect(run.differences.map((one) => [one.kind, one.state])).toEqual([
      ['foreign_fill', 'corrected'],
      ['foreign_order', 'information'],
    ]);
    expect(await on.books()).toEqual(['99400', '4 AAPL']);
    expect(await on.lots()).toEqual(['external 4 AAPL for 600']);
    const before = await on.posted();
    expect((await on.reconcile()).outcome).toBe('agreed');
    expect(await on.posted()).toBe(before);
    expect((await on.broker.findOrder(resting.brokerOrderId))?.updatedAt).toEqual(resting.updatedAt);
    expect(await on.openAlarms()).toEqual([]);
  });

  it('against shares of a strategy is told to a person, and ends when they are given to it', async () => {
    const { orderId } = await on.approve('10');
    await on.execution.handlers['order.submit']({ orderId });
    await on.reconcile();
    await on.byHand('4', { side: 'sell' });
    const run = await on.reconcile();
    expect(run.differences.filter((one) => one.state === 'open').map((one) => one.id)).toEqual([
      'foreign_position:AAPL',
    ]);
    expect(await on.openAlarms()).toEqual([`difference:${on.accountId}:foreign_position:AAPL`]);
    const give = { ...on.wish, accountId: on.accountId, symbol: 'AAPL', from: 'external', to: 'default' };
    expect(
      await on.settlements.transfer({ ...give, quantity: quantity('4'), requestId: systemRandom.id() }),
    ).toMatchObject({ kind: 'done' });
    expect(await on.lots()).toEqual(['default 6 AAPL for 900']);
    expect((await on.reconcile()).outcome).toBe('agreed');
    expect(await on.openAlarms()).toEqual([]);
  });

  it('can be adopted with what it has filled, and released: what comes then is foreign again', async () => {
    on.broker.fillsAtOnce = false;
    const told = await on.byHand('10', { type: 'limit', limitPrice: price('140') });
    on.broker.fill(told.clientOrderId, '3');
    await on.reconcile();
    expect(await on.lots()).toEqual(['external 3 AAPL for 450']);
    const order = (await on.broker.findOrder(told.brokerOrderId))!;
    const wish = { ...on.wish, accountId: on.accountId, order, strategy: 'momentum', marketPrice: null };
    const { orderId } = await on.settlements.adoptOrder(wish);
    expect(await on.settlements.adoptOrder(wish)).toMatchObject({ kind: 'refused', orderId });
    expect(await on.lots()).toEqual(['momentum 3 AAPL for 450']);
    expect(await on.books()).toEqual(['99550', '3 AAPL']);
    on.broker.fill(told.clientOrderId, '2');
    await on.reconcile();
    expect(await on.lots()).toEqual(['momentum 5 AAPL for 750']);
    expect(await on.store.find(orderId!)).toMatchObject({ status: 'partially_filled', filledQuantity: quantity('5') });

    expect(await on.settlements.releaseOrder({ ...on.wish, orderId: orderId! })).toMatchObject({ kind: 'done' });
    on.broker.fill(told.clientOrderId, '1');
    const run = await on.reconcile();
    expect(run.differences.map((one) => one.kind)).toContain('foreign_order');
    expect(await on.lots()).toEqual(['external 1 AAPL for 150', 'momentum 5 AAPL for 750']);
    expect((await on.reconcile()).outcome).toBe('agreed');
  });

  it('that turns out to be ours goes to its strategy, and is not booked twice', async () => {
    const { orderId } = await on.approve('10');
    const { order } = (await on.store.approved(orderId))!;
    // The book of orders does not know it yet when its fill is told.
    await on.sql`update orders set client_order_id = 'elsewhere' where id = ${orderId}`;
    const outcome = await on.broker.submit({ ...order, takeProfit: null, stopLoss: null });
    await on.reconcile();
    expect(await on.lots()).toEqual(['external 10 AAPL for 1500']);
    if (outcome.kind !== 'accepted') throw new Error('refused');
    await on.sql`
      update orders set client_order_id = ${order.clientOrderId}, broker_order_id = ${outcome.order.brokerOrderId},
        status = 'accepted' where id = ${orderId}`;
    await on.reconcile();
    expect(await on.lots()).toEqual(['default 10 AAPL for 1500']);
    expect(await on.books()).toEqual(['98500', '10 AAPL']);
    expect((await on.store.find(orderId))?.status).toBe('filled');
  });
});

describe('an order that the broker does not know', () => {
  it('is told to a person, who ends it', async () => {
    const { orderId } = await on.accept('10');
    const run = await on.reconcile();
    const open = run.differences.filter((one) => one.state === 'open');
    expect(open.map((one) => [one.kind, one.orderId])).toEqual([['order', orderId]]);
    const wish = {
      ...on.wish,
      reconciliationId: await on.newest(),
      differenceId: open[0]!.id,
      book: 'capital' as const,
    };
    expect(await on.settlements.settle(wish)).toMatchObject({ kind: 'done' });
    expect((await on.store.find(orderId))?.status).toBe('canceled');
    expect((await on.reconcile()).outcome).toBe('agreed');
  });
});

describe('entries wait', () => {
  it('from when the stream was away until the account was compared since', async () => {
    expect(on.reconciliation.ready(on.accountId)).toBe(true);
    await on.clock.advance(1000);
    on.broker.down = true;
    on.reconciliation.noteConnected(on.accountId);
    expect(on.reconciliation.ready(on.accountId)).toBe(false);
    await on.reconcile();
    expect(on.reconciliation.ready(on.accountId)).toBe(false);
    on.broker.down = false;
    await on.reconcile();
    expect(on.reconciliation.ready(on.accountId)).toBe(true);
  });

  it('when the last comparison is older than it counts', async () => {
    await on.clock.advance(on.settings.staleSeconds * 1000);
    expect(on.reconciliation.ready(on.accountId)).toBe(false);
    await on.reconcile();
    expect(on.reconciliation.ready(on.accountId)).toBe(true);
  });

  it('while comparing fails for long, and a person is told until it succeeds', async () => {
    on.broker.down = true;
    await on.reconcile();
    expect(on.reconciliation.ready(on.accountId)).toBe(true);
    expect(await on.openAlarms()).toEqual([]);
    await on.clock.advance(Math.max(on.settings.failingSeconds, on.settings.alarmSeconds) * 1000 + 1);
    expect(on.reconciliation.ready(on.accountId)).toBe(false);
    await on.reconcile();
    expect(await on.openAlarms()).toEqual([`comparing:${on.accountId}`]);
    on.broker.down = false;
    await on.reconcile();
    expect(await on.openAlarms()).toEqual([]);
    expect(on.reconciliation.ready(on.accountId)).toBe(true);
  });
});
