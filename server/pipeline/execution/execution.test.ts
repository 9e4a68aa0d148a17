// Invariants:
// 1. However the answer to a submission is lost, and whoever runs its job how often, the venue has the order once.
// 2. A fill is in the books once, whichever of stream and poll tells of it, in whatever order, and however often.
// 3. An exit sells what is left, and only when nothing else holds its shares.
import { describe, expect, it } from 'vitest';
import { type ExecutionDesk, executionDeskForEach } from '../../testing/execution-desk.ts';
import { defaultTimings } from './timings.ts';

let on: ExecutionDesk;
executionDeskForEach((desk) => {
  on = desk;
});

describe('submitting', () => {
  it('commits submitting before the broker is called, and ends filled, with its legs known', async () => {
    const { orderId } = await on.approve('10');
    const seenAtCall: string[] = [];
    const original = on.broker.submit.bind(on.broker);
    on.broker.submit = async (order) => {
      seenAtCall.push((await on.order(orderId)).status);
      return original(order);
    };
    await on.drive(orderId);
    expect(seenAtCall).toEqual(['submitting']);
    expect(await on.order(orderId)).toMatchObject({ status: 'filled', filled: '10' });
    const legs = await on.sql`select role, status from orders where parent_id = ${orderId} order by role`;
    expect(legs.map((leg) => [leg.role, leg.status])).toEqual([
      ['stop_loss', 'held'],
      ['take_profit', 'accepted'],
    ]);
    expect(await on.held()).toBe('10');
  });

  it('sends once when the same job runs five times at once and again later', async () => {
    const { orderId } = await on.approve('10');
    await Promise.all(Array.from({ length: 5 }, () => on.drive(orderId)));
    await on.drive(orderId);
    expect(on.broker.submissions).toHaveLength(1);
  });

  it('asks for an order whose answer was lost, and does not send it again', async () => {
    const { orderId } = await on.approve('10');
    on.broker.muted = true;
    on.broker.fillsAtOnce = false;
    on.broker.faults.push('lost_after');
    expect(await on.submit(orderId)).toMatchObject({ kind: 'again' });
    expect(await on.order(orderId)).toMatchObject({ status: 'submit_unknown', problem: 'socket hang up' });
    await on.drive(orderId);
    expect(await on.order(orderId)).toMatchObject({ status: 'accepted' });
    expect(on.broker.submissions).toHaveLength(1);
  });

  it('believes that an order never arrived only after the grace period, then sends it under the same id', async () => {
    const { orderId, clientOrderId } = await on.approve('10');
    on.broker.faults.push('lost_before');
    const took = await on.drive(orderId);
    expect(took).toBeGreaterThanOrEqual(defaultTimings.missGraceMs);
    expect(took).toBeLessThan(defaultTimings.missGraceMs + 2000);
    expect(on.broker.submissions).toEqual([clientOrderId, clientOrderId]);
    expect(await on.order(orderId)).toMatchObject({ status: 'filled' });
    expect(await on.broker.listOrders({ status: 'all' })).toHaveLength(1);
  });

  it('keeps asking while the broker cannot be asked, however long', async () => {
    const { orderId } = await on.approve('10');
    on.broker.faults.push('lost_after');
    on.broker.muted = true;
    await on.submit(orderId);
    on.broker.down = true;
    for (let i = 0; i < 5; i++) {
      const outcome = await on.submit(orderId);
      if (outcome.kind === 'done') throw new Error('done without an answer');
      await on.clock.advance(outcome.afterMs + 20_000);
    }
    on.broker.down = false;
    await on.drive(orderId);
    expect(on.broker.submissions).toHaveLength(1);
    expect(await on.broker.listOrders({ status: 'all' })).toHaveLength(1);
  });

  it('after a crash between commit and call, looks the order up before anything else', async () => {
    const { orderId } = await on.approve('10');
    const approved = await on.store.approved(orderId);
    await on.store.beginSubmit(orderId);
    on.broker.muted = true;
    await on.broker.submit(approved!.order);
    await on.drive(orderId);
    expect(on.broker.submissions).toHaveLength(1);
    expect(await on.order(orderId)).toMatchObject({ status: 'filled' });
  });

  it('sends again at once what surely never left', async () => {
    const { orderId } = await on.approve('10');
    on.broker.faults.push('not_sent', 'not_sent');
    const took = await on.drive(orderId);
    expect(took).toBeLessThan(defaultTimings.missGraceMs / 2);
    expect(on.broker.submissions).toHaveLength(3);
    expect(await on.order(orderId)).toMatchObject({ status: 'filled' });
  });

  it('keeps what the broker said when it refused', async () => {
    const { orderId } = await on.approve('10');
    delete on.broker.prices.AAPL;
    await on.drive(orderId);
    expect(await on.order(orderId)).toMatchObject({
      status: 'rejected',
      problem: 'asset "AAPL" not found [42210000]',
    });
    expect(await on.kinds(orderId)).toEqual(['order.submitting', 'order.rejected']);
  });
});

describe('stops before sending', () => {
  it('an entry when the kill switch is on, at the start and after an unclear answer; an exit is sent', async () => {
    await on.position();
    on.broker.submissions.length = 0;
    const unclear = await on.approve('10');
    on.broker.faults.push('lost_before');
    await on.submit(unclear.orderId);
    on.engage();
    await on.drive(unclear.orderId);
    const fresh = await on.approve('10');
    await on.drive(fresh.orderId);
    for (const { orderId } of [unclear, fresh]) {
      expect(await on.order(orderId)).toMatchObject({
        status: 'rejected',
        problem: expect.stringContaining('too wild'),
      });
    }
    expect(on.broker.submissions).toEqual([unclear.clientOrderId]);
    const exit = await on.approve('10', { side: 'sell', intent: 'exit' });
    await on.drive(exit.orderId);
    expect(await on.order(exit.orderId)).toMatchObject({ status: 'filled' });
  });

  it('an entry when the kill switch was pulled while it was being committed', async () => {
    const { orderId } = await on.approve('10');
    const begin = on.store.beginSubmit;
    on.store.beginSubmit = async (id) => {
      const begun = await begin(id);
      on.engage();
      return begun;
    };
    await on.drive(orderId);
    expect((await on.order(orderId)).status).toBe('rejected');
    expect(on.broker.submissions).toEqual([]);
  });

  it('an entry whose account was not compared with the broker yet; an exit is sent', async () => {
    await on.position();
    on.setReady(false);
    const entry = await on.approve('10');
    const exit = await on.approve('10', { side: 'sell', intent: 'exit' });
    expect(await on.submit(entry.orderId)).toMatchObject({ kind: 'again' });
    await on.drive(exit.orderId);
    expect((await on.order(entry.orderId)).status).toBe('canceled');
    expect((await on.order(exit.orderId)).status).toBe('filled');
    const next = await on.approve('10');
    expect(await on.submit(next.orderId)).toMatchObject({ kind: 'again' });
    expect((await on.order(next.orderId)).status).toBe('approved');
    on.setReady(true);
    await on.drive(next.orderId);
    expect((await on.order(next.orderId)).status).toBe('filled');
  });

  it('an entry whose account could not be compared while its alert counted, by a code of its own', async () => {
    const { orderId } = await on.approve('10');
    on.setReady(false);
    await on.clock.advance(301_000);
    await on.drive(orderId);
    expect((await on.order(orderId)).problem).toContain('could not be compared with the broker');
    const [told] = await on.sql`
      select data ->> 'code' as code from events where order_id = ${orderId} and kind = 'order.rejected'`;
    expect(told?.code).toBe('EXECUTION_NOT_COMPARED');
    expect(on.broker.submissions).toEqual([]);
  });

  it('an entry that could not be sent while its alert counted', async () => {
    const { orderId } = await on.approve('10');
    await on.clock.advance(301_000);
    await on.drive(orderId);
    expect(await on.order(orderId)).toMatchObject({ status: 'rejected', problem: expect.stringContaining('301 s') });
    expect(on.broker.submissions).toEqual([]);
  });

  it('an entry whose alert has expired while it waited, though it is young', async () => {
    const expires = async (atMs: number, shares: string) => {
      const { orderId, signalId } = await on.approve(shares);
      const expiresAt = new Date(on.clock.now().getTime() + atMs).toISOString();
      await on.sql`update trading_signals set parsed = ${on.sql.json({ expiresAt })} where id = ${signalId}`;
      return orderId;
    };
    const late = await expires(30_000, '10');
    const inTime = await expires(31_000, '11');
    on.setReady(false);
    await on.submit(late);
    await on.clock.advance(30_000);
    on.setReady(true);
    await on.drive(late);
    await on.drive(inTime);
    expect(await on.order(late)).toMatchObject({ status: 'rejected', problem: expect.stringContaining('expired at') });
    const [told] =
      await on.sql`select data ->> 'code' as code from events where order_id = ${late} and kind = 'order.rejected'`;
    expect(told?.code).toBe('EXECUTION_ALERT_EXPIRED');
    expect(await on.order(inTime)).toMatchObject({ status: 'filled' });
    expect(on.broker.submissions).toHaveLength(1);
  });
});

describe('what the broker tells', () => {
  it('is taken over by polling when the stream tells nothing', async () => {
    on.broker.muted = true;
    const { orderId } = await on.approve('10');
    const following = on.execution.follow(on.accountId, {
      onConnected: () => undefined,
      onDisconnected: () => undefined,
    });
    await on.submit(orderId);
    await on.clock.advance(defaultTimings.pollOpenMs);
    await expect.poll(() => on.order(orderId)).toMatchObject({ status: 'filled' });
    const closing = following.close();
    await on.clock.advance(1000);
    await closing;
    expect(await on.executions()).toMatchObject([{ quantity: '10', source: 'poll' }]);
  });

  it('counts once, told by stream twice and by poll', async () => {
    const { orderId, clientOrderId } = await on.approve('10');
    on.broker.fillsAtOnce = false;
    const twice = on.broker.stream({
      onUpdate: (update) => void on.execution.onUpdate(on.accountId, update),
      onConnected: () => undefined,
      onDisconnected: () => undefined,
    });
    await on.drive(orderId);
    on.broker.fill(clientOrderId, '3');
    on.broker.fill(clientOrderId);
    await on.clock.advance(1);
    await on.execution.idle();
    await on.execution.sync(on.accountId, { ordersSince: on.clock.now(), fillsSince: new Date(0) });
    await twice.close();
    expect(await on.executions()).toMatchObject([
      { quantity: '3', cumulative: '3' },
      { quantity: '7', cumulative: '10' },
    ]);
    expect(await on.held()).toBe('10');
  });

  it('fetches a fill that the stream left out as soon as the next one shows the gap', async () => {
    const { orderId, clientOrderId } = await on.approve('10');
    on.broker.fillsAtOnce = false;
    await on.drive(orderId);
    on.broker.muted = true;
    on.broker.fill(clientOrderId, '3');
    on.broker.muted = false;
    on.broker.fill(clientOrderId, '2');
    await on.clock.advance(1);
    await on.execution.idle();
    const all = await on.executions();
    expect(all.map((one) => one.cumulative).sort()).toEqual(['3', '5']);
    expect(await on.order(orderId)).toMatchObject({ status: 'partially_filled', filled: '5' });
  });

  it('about an order that is not ours changes nothing', async () => {
    const foreign = await on.approve('10');
    const { order } = (await on.store.approved(foreign.orderId))!;
    await on.broker.submit({ ...order, clientOrderId: 'by-hand' });
    await on.clock.advance(1);
    const result = await on.execution.sync(on.accountId, { ordersSince: new Date(0), fillsSince: new Date(0) });
    expect(result.foreignOrders.map((one) => one.clientOrderId)).toEqual(['by-hand']);
    expect(result.foreignFills).toHaveLength(1);
    expect(await on.executions()).toEqual([]);
    expect(await on.held()).toBe('0');
  });
});

describe('cancelling', () => {
  const cancel = (orderId: string) => on.execution.handlers['order.cancel']({ orderId, reason: 'asked by ann' });

  it('ends an order that was never sent, and it is never sent', async () => {
    const { orderId } = await on.approve('10');
    expect(await cancel(orderId)).toEqual({ kind: 'done' });
    await on.drive(orderId);
    expect(await on.order(orderId)).toMatchObject({ status: 'canceled', problem: 'asked by ann' });
    expect(on.broker.submissions).toEqual([]);
  });

  it('asks the broker for one that rests there, and its word ends it', async () => {
    on.broker.fillsAtOnce = false;
    const { orderId } = await on.approve('10');
    await on.drive(orderId);
    on.broker.muted = true;
    await cancel(orderId);
    expect(await on.order(orderId)).toMatchObject({ status: 'pending_cancel' });
    await on.execution.sync(on.accountId, { ordersSince: null, fillsSince: on.clock.now() });
    expect(await on.order(orderId)).toMatchObject({ status: 'canceled' });
  });

  it('takes over the fill that came first', async () => {
    on.broker.fillsAtOnce = false;
    const { orderId, clientOrderId } = await on.approve('10');
    await on.drive(orderId);
    on.broker.muted = true;
    on.broker.fill(clientOrderId);
    await cancel(orderId);
    await on.execution.idle();
    expect(await on.order(orderId)).toMatchObject({ status: 'filled', filled: '10' });
    expect(await on.held()).toBe('10');
  });

  it('is asked for again when it was stored and never came to the broker: lost on the way, or with the process that asked', async () => {
    on.broker.fillsAtOnce = false;
    const { orderId } = await on.approve('10');
    await on.drive(orderId);
    await on.store.markCancelRequested(orderId, 'asked by ann');
    const following = on.execution.follow(on.accountId, {
      onConnected: () => undefined,
      onDisconnected: () => undefined,
    });
    try {
      await expect
        .poll(async () => {
          await on.clock.advance(defaultTimings.pollOpenMs);
          return (await on.order(orderId)).status;
        })
        .toBe('canceled');
    } finally {
      const closing = following.close();
      await on.clock.advance(1000);
      await closing;
    }
  });

  it('is asked for by processes that each end within seconds: what an earlier one stored long ago is asked for at once', async () => {
    on.broker.fillsAtOnce = false;
    const { orderId } = await on.approve('10');
    await on.drive(orderId);
    await on.store.markCancelRequested(orderId, 'asked by ann');
    await on.clock.advance(defaultTimings.stuckMs + 1);
    const following = on.execution.follow(on.accountId, {
      onConnected: () => undefined,
      onDisconnected: () => undefined,
    });
    // Its first poll, and no other.
    await on.clock.advance(defaultTimings.pollOpenMs);
    const closing = following.close();
    await on.clock.advance(1000);
    await closing;
    await on.execution.idle();
    await expect.poll(async () => (await on.order(orderId)).status).toBe('canceled');
  });

  it('of an unclear order waits for the broker’s word on it', async () => {
    const { orderId } = await on.approve('10');
    on.broker.fillsAtOnce = false;
    on.broker.faults.push('lost_after');
    on.broker.muted = true;
    await on.submit(orderId);
    expect(await cancel(orderId)).toMatchObject({ kind: 'again' });
    await on.drive(orderId);
    expect(await cancel(orderId)).toEqual({ kind: 'done' });
    expect(await on.order(orderId)).toMatchObject({ status: 'pending_cancel' });
  });
});
