// Invariant: a stop that trails takes over the shares of its entry from whatever protects them, in whatever order the broker's words come,
// and until it does the broker has the other one.
import { expect, it } from 'vitest';
import { systemRandom } from '../../adapters/clock/system-random.ts';
import { type ExecutionDesk, executionDeskForEach } from '../../testing/execution-desk.ts';
import { defaultTimings } from './timings.ts';

let on: ExecutionDesk;
executionDeskForEach((desk) => {
  on = desk;
});

/** An entry of ten with a stop alone. */
async function entryWithStop(): Promise<string> {
  const { orderId } = await on.approve('10');
  await on.sql`update orders set order_class = 'oto', take_profit_price = null where id = ${orderId}`;
  return orderId;
}

/** The stop that trails after an entry. */
async function followerOf(entryId: string): Promise<string> {
  const followerId = systemRandom.id();
  await on.sql`
    insert into orders (id, account_id, decision_id, signal_id, step, after_order_id, after_when, strategy, mode, role,
      client_order_id, symbol, side, type, order_class, time_in_force, quantity, trail_percent, reference_price, status,
      created_at, updated_at)
    select ${followerId}, account_id, decision_id, signal_id, 1, id, 'filled', strategy, mode, 'stop_loss',
      client_order_id || '-1', symbol, 'sell', 'trailing_stop', 'simple', 'gtc', quantity, '1', '150', 'approved',
      created_at, updated_at
    from orders where id = ${entryId}`;
  return followerId;
}

async function entryAndFollower() {
  const entryId = await entryWithStop();
  return { entryId, followerId: await followerOf(entryId) };
}

/** A stop of the watch over protection for the shares of an entry. */
async function placedFor(entryId: string): Promise<string> {
  const placedId = systemRandom.id();
  await on.sql`
    insert into orders (id, account_id, signal_id, origin, strategy, mode, role, client_order_id, symbol, side, type,
      order_class, time_in_force, quantity, stop_price, reference_price, status, created_at, updated_at)
    select ${placedId}, account_id, signal_id, 'protection', strategy, mode, 'stop_loss', ${`sbx-p-${placedId}`}, symbol,
      'sell', 'stop', 'simple', 'gtc', quantity, '145', '145', 'approved', created_at, updated_at
    from orders where id = ${entryId}`;
  return placedId;
}

/** What protects the shares at the broker now. */
const stopsAtBroker = async () =>
  (await on.broker.listOrders({ status: 'open' }))
    .flatMap((order) => [order, ...order.legs])
    .filter((order) => order.side === 'sell' && (order.status === 'held' || order.status === 'accepted'))
    .map((order) => order.type);

/** The entry is filled, and neither the answer nor the stream has told of its leg. */
async function filledWithLegUntold(entryId: string): Promise<void> {
  const submit = on.broker.submit.bind(on.broker);
  on.broker.submit = async (order) => {
    const outcome = await submit(order);
    return outcome.kind === 'accepted' ? { ...outcome, order: { ...outcome.order, legs: [] } } : outcome;
  };
  await on.drive(entryId);
  on.broker.submit = submit;
  expect(await on.order(entryId)).toMatchObject({ status: 'filled' });
  expect(await on.sql`select id from orders where parent_id = ${entryId}`).toEqual([]);
}

it('that finds its shares held by a leg that nobody told of hears of it, and takes over', async () => {
  const { entryId, followerId } = await entryAndFollower();
  await filledWithLegUntold(entryId);
  // Long after legs are told of as a rule.
  await on.clock.advance(defaultTimings.stuckMs);
  await on.submit(followerId);
  await on.execution.idle();
  expect(on.broker.submissions).toHaveLength(2);
  expect(await stopsAtBroker()).toEqual(['stop']);
  await on.drive(followerId);
  expect(await on.order(followerId)).toMatchObject({ status: 'accepted', quantity: '10' });
  expect(await stopsAtBroker()).toEqual(['trailing_stop']);
  expect(await on.held()).toBe('10');
});

it('that the broker finds held for minutes comes through in the end', async () => {
  const { entryId, followerId } = await entryAndFollower();
  await filledWithLegUntold(entryId);
  await on.clock.advance(defaultTimings.stuckMs);
  on.broker.down = true;
  const from = on.clock.monotonicMs();
  while (on.clock.monotonicMs() - from < defaultTimings.sharesHeldMs * 4) {
    const outcome = await on.submit(followerId);
    if (outcome.kind !== 'again') throw new Error('it was given up');
    expect(await on.order(followerId)).toMatchObject({ status: 'waiting' });
    await on.clock.advance(outcome.afterMs);
  }
  on.broker.down = false;
  expect(await stopsAtBroker()).toEqual(['stop']);
  await on.drive(followerId);
  expect(await on.order(followerId)).toMatchObject({ status: 'accepted', quantity: '10' });
  expect(await stopsAtBroker()).toEqual(['trailing_stop']);
});

it('takes over from the stop that the watch over protection placed meanwhile', async () => {
  const entryId = await entryWithStop();
  await on.drive(entryId);
  const [leg] = await on.sql<{ id: string }[]>`select id from orders where parent_id = ${entryId}`;
  await on.execution.handlers['order.cancel']({ orderId: leg!.id, reason: 'By hand.' });
  await on.execution.idle();
  const placedId = await placedFor(entryId);
  await on.drive(placedId);
  expect(await stopsAtBroker()).toEqual(['stop']);
  const followerId = await followerOf(entryId);
  await on.drive(followerId);
  expect(await on.order(placedId)).toMatchObject({ status: 'canceled' });
  expect(await on.order(followerId)).toMatchObject({ status: 'accepted', quantity: '10' });
  expect(await stopsAtBroker()).toEqual(['trailing_stop']);
});

it('gives way to an exit, and a stop of the watch that finds its shares held by what is heard of then is not needed', async () => {
  const { entryId, followerId } = await entryAndFollower();
  await filledWithLegUntold(entryId);
  const placedId = await placedFor(entryId);
  await on.drive(placedId);
  const [code] =
    await on.sql`select data ->> 'code' as code from events where order_id = ${placedId} and kind = 'order.rejected'`;
  expect(code).toEqual({ code: 'EXECUTION_NOTHING_LEFT' });
  expect(await stopsAtBroker()).toEqual(['stop']);
  await on.clock.advance(defaultTimings.stuckMs);
  await on.submit(followerId);
  const exit = await on.approve('10', { side: 'sell', intent: 'exit' });
  await Promise.all([on.drive(followerId), on.drive(exit.orderId)]);
  expect(await on.held()).toBe('0');
  expect(await stopsAtBroker()).toEqual([]);
});
