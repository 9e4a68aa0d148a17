// Invariant: an exit sells what is left, once nothing else holds its shares, and never more.
import { describe, expect, it } from 'vitest';
import { type ExecutionDesk, executionDeskForEach } from '../../testing/execution-desk.ts';
import { defaultTimings } from './timings.ts';

let on: ExecutionDesk;
executionDeskForEach((desk) => {
  on = desk;
});

describe('an exit', () => {
  it('cancels the protective legs, waits, and goes on when they have ended, without its job', async () => {
    const entry = await on.position();
    const { orderId } = await on.approve('10', { side: 'sell', intent: 'exit' });
    on.broker.muted = true;
    expect(await on.submit(orderId)).toMatchObject({ kind: 'again' });
    await on.execution.idle();
    expect((await on.kinds(orderId)).slice(0, 1)).toEqual(['order.waiting']);
    // The broker's word on the legs comes by a poll; nobody runs the exit's job again.
    on.broker.muted = false;
    await on.execution.sync(on.accountId, { ordersSince: null, fillsSince: on.clock.now() });
    await expect.poll(() => on.order(orderId)).toMatchObject({ status: 'filled', quantity: '10' });
    expect(await on.held()).toBe('0');
    const legs = await on.sql`select status from orders where parent_id = ${entry.orderId}`;
    expect(legs.map((leg) => leg.status)).toEqual(['canceled', 'canceled']);
  });

  it('that comes before its entry is sent ends the entry, and has nothing left to close', async () => {
    const entry = await on.approve('10');
    await on.clock.advance(1);
    const { orderId } = await on.approve('10', { side: 'sell', intent: 'exit' });
    await on.drive(orderId);
    expect((await on.order(entry.orderId)).status).toBe('canceled');
    expect((await on.order(orderId)).status).toBe('rejected');
    expect(on.broker.submissions).toEqual([]);
  });

  it('that comes while its entry is on its way waits for the fill, and closes it', async () => {
    const entry = await on.approve('10');
    await on.store.beginSubmit(entry.orderId);
    await on.clock.advance(1);
    const { orderId } = await on.approve('10', { side: 'sell', intent: 'exit' });
    expect(await on.submit(orderId)).toMatchObject({ kind: 'again' });
    expect((await on.order(orderId)).status).toBe('waiting');
    await on.drive(entry.orderId);
    await on.drive(orderId);
    expect([(await on.order(entry.orderId)).status, (await on.order(orderId)).status]).toEqual(['filled', 'filled']);
    expect(await on.held()).toBe('0');
  });

  /** The broker finds the shares held this many times. */
  const findHeld = (times: number) => {
    const submit = on.broker.submit.bind(on.broker);
    let left = times;
    on.broker.submit = async (order) =>
      left-- > 0
        ? { kind: 'refused', code: '40310000', message: 'insufficient qty available', sharesHeld: true }
        : submit(order);
  };

  it('is tried again when its shares are held by what the broker has not ended yet', async () => {
    await on.position();
    const { orderId } = await on.approve('10', { side: 'sell', intent: 'exit' });
    findHeld(3);
    await on.drive(orderId);
    expect(await on.order(orderId)).toMatchObject({ status: 'filled', quantity: '10' });
    expect(on.raised).toEqual([]);
  });

  it('is tried for as long when it had to wait for an hour before it could be tried at all', async () => {
    await on.position();
    const { orderId } = await on.approve('10', { side: 'sell', intent: 'exit' });
    await on.clock.advance(3_600_000);
    findHeld(3);
    await on.drive(orderId);
    expect(await on.order(orderId)).toMatchObject({ status: 'filled', quantity: '10' });
    expect(on.raised).toEqual([]);
  });

  it('is given up after half a minute of that, and a person is told; any other refusal is final at once', async () => {
    await on.position();
    const { orderId } = await on.approve('10', { side: 'sell', intent: 'exit' });
    findHeld(1000);
    expect(await on.drive(orderId)).toBeGreaterThanOrEqual(defaultTimings.sharesHeldMs);
    expect(await on.order(orderId)).toMatchObject({
      status: 'rejected',
      problem: 'insufficient qty available [40310000]',
    });
    expect(on.raised).toEqual(['order.refused']);
    const second = await on.approve('10', { side: 'sell', intent: 'exit' });
    on.broker.submit = async () => ({ kind: 'refused', code: '40310000', message: 'account is restricted' });
    expect(await on.drive(second.orderId)).toBeLessThan(defaultTimings.sharesHeldMs);
    expect(on.raised).toEqual(['order.refused', 'order.refused']);
  });

  it('closes what a leg left over', async () => {
    await on.position();
    const [profit] = await on.sql<{ id: string; clientOrderId: string }[]>`
      select id, client_order_id as "clientOrderId" from orders
      where account_id = ${on.accountId} and role = 'take_profit'`;
    on.broker.fill(profit!.clientOrderId, '4');
    const { orderId } = await on.approve('10', { side: 'sell', intent: 'exit' });
    await on.drive(orderId);
    expect(await on.order(orderId)).toMatchObject({ status: 'filled', quantity: '6' });
    expect(await on.held()).toBe('0');
  });

  it('is not sent when nothing is left', async () => {
    await on.position();
    const [profit] = await on.sql<{ clientOrderId: string }[]>`
      select client_order_id as "clientOrderId" from orders where account_id = ${on.accountId} and role = 'take_profit'`;
    const { orderId } = await on.approve('10', { side: 'sell', intent: 'exit' });
    on.broker.fill(profit!.clientOrderId);
    await on.drive(orderId);
    expect(await on.order(orderId)).toMatchObject({
      status: 'rejected',
      problem: 'Nothing was left to close: the position in AAPL is 0.',
    });
    expect(on.broker.submissions).toHaveLength(1);
  });

  it('takes turns with another exit: together they never sell more than is held', async () => {
    await on.position();
    const first = await on.approve('10', { side: 'sell', intent: 'exit' });
    await on.clock.advance(1);
    const second = await on.approve('10', { side: 'sell', intent: 'exit' });
    await Promise.all([on.drive(second.orderId), on.drive(first.orderId)]);
    expect((await on.order(first.orderId)).status).toBe('filled');
    expect((await on.order(second.orderId)).status).toBe('rejected');
    expect(await on.held()).toBe('0');
  });
});
