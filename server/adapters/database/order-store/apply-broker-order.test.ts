import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { price, quantity, text } from '../../../core/decimal.ts';
import type { BrokerOrder } from '../../../core/model/broker-order.ts';
import { createTestDatabase } from '../../../testing/database.ts';
import { brokerFill, brokerOrder, seedOrders } from '../../../testing/seeded-orders.ts';

let box: Awaited<ReturnType<typeof seedOrders>>;
beforeAll(async () => {
  box = await seedOrders(await createTestDatabase());
});
afterAll(() => box.drop());

const leg = (parent: string, role: 'take_profit' | 'stop_loss', change: Partial<BrokerOrder> = {}): BrokerOrder =>
  brokerOrder(
    { brokerOrderId: `${parent}/${role}`, clientOrderId: `${parent}/${role}/client` },
    {
      side: 'sell',
      status: 'held',
      type: role === 'stop_loss' ? 'stop' : 'limit',
      stopPrice: role === 'stop_loss' ? price('145') : null,
      limitPrice: role === 'take_profit' ? price('160') : null,
      ...change,
    },
  );
/** Until so many of this database's connections wait for a lock. */
async function waiting(count: number): Promise<void> {
  for (;;) {
    const [row] = await box.sql<{ count: number }[]>`
      select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    if (row!.count >= count) return;
  }
}
const legsOf = (orderId: string) =>
  box.sql<{ id: string; role: string; status: string; signal_id: string; stop_price: string | null }[]>`
    select id, role, status, signal_id, stop_price from orders where parent_id = ${orderId} order by role`;

describe("the broker's word", () => {
  it('is taken over once, with the legs that are nested in it', async () => {
    const ids = await box.approve();
    await box.store.beginSubmit(ids.orderId);
    const { brokerOrderId } = ids;
    const word = brokerOrder(ids, { legs: [leg(brokerOrderId, 'stop_loss'), leg(brokerOrderId, 'take_profit')] });
    expect(await box.store.applyBrokerOrder(box.accountId, word, 'poll')).toBe('applied');
    expect(await box.store.applyBrokerOrder(box.accountId, word, 'stream')).toBe('unchanged');
    expect(await legsOf(ids.orderId)).toMatchObject([
      { role: 'stop_loss', status: 'held', signal_id: ids.signalId, stop_price: '145' },
      { role: 'take_profit', status: 'held', signal_id: ids.signalId },
    ]);
    expect(await box.kinds(ids.orderId)).toEqual(['order.submitting', 'order.accepted']);
    const found = await box.store.findByBrokerOrderId(box.accountId, brokerOrderId);
    expect(found).toMatchObject({ orderId: ids.orderId, status: 'accepted' });
  });

  it('makes one leg of many tellings at once, and the latest of them stands', async () => {
    const ids = await box.approve();
    await box.store.beginSubmit(ids.orderId);
    const group = { groupId: `group-${ids.orderId}` };
    await box.store.applyBrokerOrder(box.accountId, brokerOrder(ids, group), 'poll');
    const told = (second: number) =>
      leg(ids.brokerOrderId, 'stop_loss', {
        ...group,
        groupRole: 'stop_loss',
        stopPrice: price(String(100 + second)),
        updatedAt: new Date(Date.UTC(2026, 10, 20, 15, 0, second)),
      });
    // All have looked, and found no leg, before the first can insert it: the parent's row is held until they wait for it.
    const tellings: Promise<string>[] = [];
    await box.sql.begin(async (tx) => {
      await tx`select from orders where id = ${ids.orderId} for update`;
      for (const second of [1, 4, 2, 3]) {
        tellings.push(box.store.applyBrokerOrder(box.accountId, told(second), 'stream'));
        await waiting(tellings.length);
      }
    });
    expect((await Promise.all(tellings)).filter((outcome) => outcome === 'applied').length).toBeGreaterThanOrEqual(2);
    expect(await legsOf(ids.orderId)).toMatchObject([{ role: 'stop_loss', stop_price: '104' }]);
  });

  it('finds the parent of a leg told of alone by the group, under any role but entry', async () => {
    const ids = await box.accept();
    const group = { groupId: `group-${ids.orderId}` };
    const told = leg(ids.brokerOrderId, 'take_profit', { ...group, groupRole: 'take_profit', status: 'accepted' });
    expect(await box.store.applyBrokerOrder(box.accountId, told, 'stream')).toBe('foreign');
    await box.store.applyBrokerOrder(box.accountId, brokerOrder(ids, group), 'stream');
    expect(await box.store.applyBrokerOrder(box.accountId, { ...told, groupRole: 'entry' }, 'stream')).toBe('foreign');
    expect(await box.store.applyBrokerOrder(box.accountId, told, 'stream')).toBe('applied');
    expect(await legsOf(ids.orderId)).toMatchObject([{ role: 'take_profit', status: 'accepted' }]);
  });

  it('on an order that is not ours stores nothing', async () => {
    const [before] = await box.sql`select count(*) from events`;
    const foreign = brokerOrder({ brokerOrderId: 'theirs', clientOrderId: 'theirs' });
    expect(await box.store.applyBrokerOrder(box.accountId, foreign, 'stream')).toBe('foreign');
    expect(await box.sql`select count(*) from events`).toEqual([before]);
  });

  it('that cannot follow is recorded once, however often it is said', async () => {
    const ids = await box.accept();
    for (const status of ['rejected', 'accepted', 'rejected', 'accepted'] as const) {
      await box.store.applyBrokerOrder(box.accountId, brokerOrder(ids, { status }), 'poll');
    }
    expect((await box.store.find(ids.orderId))?.status).toBe('rejected');
    expect(await box.kinds(ids.orderId)).toEqual([
      'order.submitting',
      'order.accepted',
      'order.rejected',
      'order.transition_refused',
    ]);
  });

  it('that was overtaken by a later one changes nothing', async () => {
    const ids = await box.accept();
    const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 15, 0, second));
    await box.store.applyBrokerOrder(
      box.accountId,
      brokerOrder(ids, { status: 'canceled', updatedAt: at(2) }),
      'stream',
    );
    const late = brokerOrder(ids, { status: 'partially_filled', filledQuantity: quantity('4'), updatedAt: at(1) });
    expect(await box.store.applyBrokerOrder(box.accountId, late, 'poll')).toBe('unchanged');
    expect((await box.store.find(ids.orderId))?.status).toBe('canceled');
    expect(await box.kinds(ids.orderId)).not.toContain('order.transition_refused');
  });

  it('of a fill leaves the order open until the fill itself is recorded', async () => {
    const ids = await box.approve();
    await box.store.beginSubmit(ids.orderId);
    const filled = brokerOrder(ids, { status: 'filled', filledQuantity: quantity('10') });
    await box.store.applyBrokerOrder(box.accountId, filled, 'poll');
    expect((await box.store.open(box.accountId, 'AAPL')).map((order) => order.orderId)).toContain(ids.orderId);
    await box.store.recordFill(box.accountId, brokerFill(ids.brokerOrderId, '10', '10'), 'poll');
    expect((await box.store.find(ids.orderId))?.status).toBe('filled');
    expect(await box.store.applyBrokerOrder(box.accountId, filled, 'poll')).toBe('unchanged');
  });

  it('lowers a leg whose sibling filled in part, and tells of it', async () => {
    const ids = await box.accept();
    const stop = leg(ids.brokerOrderId, 'stop_loss', { status: 'accepted' });
    await box.store.applyBrokerOrder(box.accountId, brokerOrder(ids, { legs: [stop] }), 'poll');
    const lower = { ...stop, quantity: quantity('6') };
    expect(await box.store.applyBrokerOrder(box.accountId, lower, 'stream')).toBe('applied');
    const [row] = await legsOf(ids.orderId);
    expect(text((await box.store.find(row!.id))!.quantity)).toBe('6');
    expect((await box.events(row!.id)).at(-1)?.data).toMatchObject({ quantity: '6', role: 'stop_loss' });
  });
});
