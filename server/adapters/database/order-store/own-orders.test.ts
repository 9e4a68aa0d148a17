import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { price, quantity } from '../../../core/decimal.ts';
import type { OwnOrder } from '../../../core/ports/own-orders.ts';
import { ownClientOrderId } from '../../../core/ports/own-orders.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { quietLog } from '../../../testing/quiet-log.ts';
import { seedOrders } from '../../../testing/seeded-orders.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createPgBossQueue } from '../../queue/pg-boss-queue.ts';
import { createOwnOrders } from './own-orders.ts';

let database: TestDatabase;
let seeded: Awaited<ReturnType<typeof seedOrders>>;
let queue: Awaited<ReturnType<typeof createPgBossQueue>>;

beforeAll(async () => {
  database = await createTestDatabase();
  seeded = await seedOrders(database);
  queue = await createPgBossQueue({ url: database.url, clock: systemClock, random: systemRandom, log: quietLog });
});
afterAll(async () => {
  await queue.stop();
  await database.drop();
});

function stop(change: Partial<OwnOrder> = {}): OwnOrder {
  const orderId = systemRandom.id();
  return {
    orderId,
    clientOrderId: ownClientOrderId(orderId),
    accountId: seeded.accountId,
    strategy: 'default',
    mode: 'paper',
    origin: 'protection',
    role: 'stop_loss',
    symbol: 'AAPL',
    side: 'sell',
    quantity: quantity('10'),
    type: 'stop',
    limitPrice: null,
    stopPrice: price('148.5'),
    trail: null,
    timeInForce: 'gtc',
    referencePrice: price('148.5'),
    signalId: null,
    cause: 'Its stop was missing.',
    ...change,
  };
}

describe('an order of ours that no decision made', () => {
  it('is stored once with its job and its event, however often it is placed', async () => {
    const own = createOwnOrders({ sql: database.sql, jobs: queue, clock: systemClock, random: systemRandom });
    const order = stop();
    expect(await Promise.all([own.placeOwn(order), own.placeOwn(order)])).toEqual(
      expect.arrayContaining([true, false]),
    );
    expect(await own.placeOwn(order)).toBe(false);
    const jobs = await database.sql`select 1 from pgboss.job where data->>'orderId' = ${order.orderId}`;
    expect(jobs).toHaveLength(1);
    const events = await database.sql`select kind, data from events where order_id = ${order.orderId}`;
    expect(events).toMatchObject([{ kind: 'order.planned', data: { sentence: order.cause, stopPrice: '148.5' } }]);
  });

  it('is read back as an approved exit of its type', async () => {
    const own = createOwnOrders({ sql: database.sql, jobs: queue, clock: systemClock, random: systemRandom });
    const order = stop({ type: 'trailing_stop', stopPrice: null, trail: { percent: price('2') } });
    await own.placeOwn(order);
    const found = await seeded.store.approved(order.orderId);
    expect(found).toMatchObject({
      order: { intent: 'exit', decisionId: null, type: 'trailing_stop', side: 'sell', timeInForce: 'gtc' },
      record: { role: 'stop_loss', status: 'approved' },
    });
    expect(found?.order.trail).toEqual({ percent: price('2') });
  });

  it('is never read as approved where it could open a position', async () => {
    const own = createOwnOrders({ sql: database.sql, jobs: queue, clock: systemClock, random: systemRandom });
    const order = stop();
    await own.placeOwn(order);
    await database.sql`update orders set role = 'entry' where id = ${order.orderId}`;
    await expect(seeded.store.approved(order.orderId)).rejects.toThrow('has no decision');
    await database.sql`update orders set role = 'stop_loss', origin = 'adopted' where id = ${order.orderId}`;
    await expect(seeded.store.approved(order.orderId)).rejects.toThrow('has no decision');
  });
});
