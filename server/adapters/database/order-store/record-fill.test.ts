import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decimal, money, price, quantity, text } from '../../../core/decimal.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { brokerFill, brokerOrder, seedOrders } from '../../../testing/seeded-orders.ts';

let database: TestDatabase;
let box: Awaited<ReturnType<typeof seedOrders>>;
beforeAll(async () => {
  database = await createTestDatabase();
  box = await seedOrders(database);
});
afterEach(async () => {
  // Each test has an account of its own: positions and ledgers do not mix.
  box = await seedOrders(database);
});
afterAll(() => database.drop());

const order = async (orderId: string) => {
  const [row] = await box.sql`select status, filled_quantity, filled_cost, closed_at from orders where id = ${orderId}`;
  return { ...row, filled_quantity: text(decimal(row!.filled_quantity)), filled_cost: text(decimal(row!.filled_cost)) };
};
const cash = async () => {
  const [row] = await box.sql`
    select coalesce(sum(amount), 0)::text as cash from ledger_entries where account_id = ${box.accountId} and book = 'cash'`;
  return text(decimal(row!.cash));
};
const executions = () => box.sql`
  select execution_id, realized_pnl, source from trade_executions where account_id = ${box.accountId} order by executed_at`;

describe('a fill', () => {
  it('is one, however often and by whatever way it is told, twenty at once', async () => {
    const ids = await box.accept();
    const stream = brokerFill(ids.brokerOrderId, '10', '10', { executionId: 'uuid-of-the-stream' });
    const poll = { ...stream, executionId: '20261120::activity' };
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i % 2
          ? box.store.recordFill(box.accountId, poll, 'poll')
          : box.store.recordFill(box.accountId, stream, 'stream'),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'already_known')).toHaveLength(19);
    expect(await executions()).toHaveLength(1);
    expect(await cash()).toBe('-1500');
    expect(text(await box.store.positionQuantity(box.accountId, 'AAPL'))).toBe('10');
    expect(await order(ids.orderId)).toMatchObject({ status: 'filled', filled_quantity: '10', filled_cost: '1500' });
    expect(await box.kinds(ids.orderId)).toEqual([
      'order.submitting',
      'order.accepted',
      'execution.recorded',
      'order.filled',
      'ledger.posted',
      'position.changed',
    ]);
  });

  it('tells a feed what happened', async () => {
    const ids = await box.accept();
    const fill = brokerFill(ids.brokerOrderId, '10', '10', { price: price('150.10'), fee: money('0.50') });
    await box.store.recordFill(box.accountId, fill, 'stream');
    const events = new Map((await box.events(ids.orderId)).map((event) => [event.kind, event.data]));
    expect(events.get('execution.recorded')).toMatchObject({
      symbol: 'AAPL',
      side: 'buy',
      quantity: '10',
      price: '150.1',
      fee: '0.5',
      source: 'stream',
    });
    expect(events.get('order.filled')).toMatchObject({
      status: 'filled',
      averagePrice: '150.1',
      previousStatus: 'accepted',
    });
    expect(events.get('position.changed')).toMatchObject({ symbol: 'AAPL', quantity: '10', cost: '1501' });
    expect(await cash()).toBe('-1501.5');
  });

  it('out of order ends right', async () => {
    const ids = await box.accept('10');
    expect(await box.store.recordFill(box.accountId, brokerFill(ids.brokerOrderId, '6', '10'), 'stream')).toBe(
      'recorded',
    );
    expect(await order(ids.orderId)).toMatchObject({
      status: 'partially_filled',
      filled_quantity: '6',
      closed_at: null,
    });
    expect(await box.store.recordFill(box.accountId, brokerFill(ids.brokerOrderId, '4', '4'), 'poll')).toBe('recorded');
    expect(await order(ids.orderId)).toMatchObject({
      status: 'filled',
      filled_quantity: '10',
      closed_at: box.clock.now(),
    });
    expect(text(await box.store.positionQuantity(box.accountId, 'AAPL'))).toBe('10');
    expect(await box.store.newestFillAt(box.accountId)).toEqual(new Date('2026-11-20T15:00:01.000Z'));
  });

  it('of an order that is not known waits for the order', async () => {
    const ids = await box.approve();
    const fill = brokerFill(ids.brokerOrderId, '10', '10');
    expect(await box.store.recordFill(box.accountId, fill, 'stream')).toBe('unknown_order');
    await box.store.beginSubmit(ids.orderId);
    await box.store.applyBrokerOrder(box.accountId, brokerOrder(ids), 'poll');
    expect(await box.store.recordFill(box.accountId, fill, 'stream')).toBe('recorded');
    expect(await box.store.newestFillAt(box.accountId)).toEqual(fill.at);
  });

  it('that crossed a cancel is booked; a part leaves the order cancelled, the whole makes it filled', async () => {
    const ids = await box.accept();
    await box.store.markCancelRequested(ids.orderId, 'Asked for by ada.');
    await box.store.applyBrokerOrder(box.accountId, brokerOrder(ids, { status: 'canceled' }), 'stream');
    await box.store.recordFill(box.accountId, brokerFill(ids.brokerOrderId, '4', '4'), 'poll');
    expect(await order(ids.orderId)).toMatchObject({ status: 'canceled', filled_quantity: '4' });
    await box.store.recordFill(box.accountId, brokerFill(ids.brokerOrderId, '6', '10'), 'poll');
    expect(await order(ids.orderId)).toMatchObject({ status: 'filled', filled_quantity: '10' });
  });

  it('of a rejected order is booked, and the impossible step is on record', async () => {
    const ids = await box.accept();
    await box.store.applyBrokerOrder(box.accountId, brokerOrder(ids, { status: 'rejected' }), 'stream');
    await box.store.recordFill(box.accountId, brokerFill(ids.brokerOrderId, '10', '10'), 'stream');
    expect(await order(ids.orderId)).toMatchObject({ status: 'rejected', filled_quantity: '10' });
    expect(await box.kinds(ids.orderId)).toContain('order.transition_refused');
    expect(text(await box.store.positionQuantity(box.accountId, 'AAPL'))).toBe('10');
  });

  it('that sells realizes profit at average cost', async () => {
    for (const [shares, at] of [
      ['10', '100'],
      ['10', '110'],
    ] as const) {
      const ids = await box.accept(shares);
      await box.store.recordFill(
        box.accountId,
        brokerFill(ids.brokerOrderId, shares, shares, { price: price(at) }),
        'stream',
      );
    }
    const exit = await box.accept('5', 'sell');
    const sold = brokerFill(exit.brokerOrderId, '5', '5', { side: 'sell', price: price('115') });
    await box.store.recordFill(box.accountId, sold, 'stream');
    const [position] = await box.sql`
      select quantity::text, cost::text, realized_pnl::text from positions where account_id = ${box.accountId}`;
    expect(position).toEqual({ quantity: '15', cost: '1575', realized_pnl: '50' });
    const realized = (await executions()).map((row) => text(decimal(row.realized_pnl))).sort();
    expect(realized).toEqual(['0', '0', '50']);
  });

  it('and fills of other orders at the same time leave a position that adds up', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, (_, i) => box.accept('10', i % 3 === 2 ? 'sell' : 'buy')));
    await Promise.all(
      all.flatMap((ids, i) => {
        const side = i % 3 === 2 ? ('sell' as const) : ('buy' as const);
        const at = { side, price: price(String(100 + i)) };
        return [
          box.store.recordFill(box.accountId, brokerFill(ids.brokerOrderId, '6', '10', at), 'stream'),
          box.store.recordFill(box.accountId, brokerFill(ids.brokerOrderId, '4', '4', at), 'poll'),
          box.store.applyBrokerOrder(
            box.accountId,
            brokerOrder(ids, { status: 'filled', filledQuantity: quantity('10'), side }),
            'poll',
          ),
        ];
      }),
    );
    expect(text(await box.store.positionQuantity(box.accountId, 'AAPL'))).toBe('40');
    const [balance] = await box.sql`
      select sum(amount)::text as total, sum(quantity)::text as shares from ledger_entries where account_id = ${box.accountId}`;
    expect([text(decimal(balance!.total)), text(decimal(balance!.shares))]).toEqual(['0', '40']);
    expect(await box.store.open(box.accountId)).toEqual([]);
  });
});
