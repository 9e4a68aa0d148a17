// Invariants:
// 1. However a request to replace fails, there is one order at the venue afterwards, with the terms that our books have.
// 2. What an order filled before it was replaced is counted once, and books and venue agree to the share and the cent.
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import type { OrderChangeText } from '../../core/ports/job-queue.ts';
import { type DeskOfTest, deskForEach } from '../../testing/desk-for-each.ts';
import { replacementClientOrderId } from './replace.ts';

let exchange: DeskOfTest['exchange'];
let proxy: DeskOfTest['proxy'];
let desk: DeskOfTest['desk'];
let seeded: DeskOfTest['seeded'];
deskForEach({ missGraceMs: 800 }, (made) => {
  ({ exchange, proxy, desk, seeded } = made);
});

interface Row {
  id: string;
  role: string;
  status: string;
  origin: string;
  parentId: string | null;
  replacesId: string | null;
  brokerOrderId: string;
  clientOrderId: string;
  quantity: string;
  filled: string;
  stopPrice: string | null;
  limitPrice: string | null;
}
const rows = () => seeded.sql<Row[]>`
  select id, role, status, origin, parent_id as "parentId", replaces_id as "replacesId", broker_order_id as "brokerOrderId",
    client_order_id as "clientOrderId", trim_scale(quantity)::text as quantity, trim_scale(filled_quantity)::text as filled,
    trim_scale(stop_price)::text as "stopPrice", trim_scale(limit_price)::text as "limitPrice"
  from orders where account_id = ${seeded.accountId} order by created_at, id`;

/** A bought position of 10 with a stop at 145 and a take-profit at 160. */
async function bought() {
  const { orderId } = await seeded.approve('10');
  await desk.drive(orderId);
  await expect.poll(() => desk.status(orderId)).toBe('filled');
  await expect
    .poll(async () => (await rows()).filter((one) => one.parentId === orderId && one.status === 'accepted').length)
    .toBe(2);
  const legs = (await rows()).filter((one) => one.parentId === orderId);
  const find = (role: string) => legs.find((leg) => leg.role === role)!;
  return { orderId, stop: find('stop_loss'), profit: find('take_profit') };
}

/** Runs the job as the queue does. */
async function replace(orderId: string, change: OrderChangeText): Promise<void> {
  for (;;) {
    const job = { orderId, change, reason: 'To break even.' };
    const outcome = await desk.execution.handlers['order.replace'](job).catch(() => null);
    if (outcome?.kind === 'done') return;
    await systemClock.sleep(outcome?.afterMs ?? 50);
  }
}

const agree = () =>
  expect.poll(async () => (await desk.reconciliation.reconcile(seeded.accountId, 'demand')).differences).toEqual([]);

/** One stop works at the venue, at that price, and it is the one in our books. */
async function expectOneStop(stop: Row, price: string): Promise<void> {
  await expect.poll(() => desk.status(stop.id)).toBe('replaced');
  const open = (await desk.atExchange('/v2/orders?status=open&nested=false')).filter((order) => order.type === 'stop');
  expect(open.map((order) => order.stop_price)).toEqual([price]);
  const ours = (await rows()).filter((one) => one.role === 'stop_loss' && one.status === 'accepted');
  expect(ours).toMatchObject([
    { origin: 'replacement', parentId: stop.parentId, replacesId: stop.id, stopPrice: price, quantity: '10' },
  ]);
  expect(ours[0]!.brokerOrderId).toBe(open[0]!.id);
  await agree();
}

describe('a stop that is moved', () => {
  const change = { stopPrice: '149' };

  it('is an order of its own, in the place of the first', async () => {
    const { stop } = await bought();
    await replace(stop.id, change);
    await expectOneStop(stop, '149');
    expect(await seeded.kinds(stop.id)).toEqual(expect.arrayContaining(['order.replace_requested', 'order.replaced']));
    expect((await rows()).at(-1)!.clientOrderId).toBe(replacementClientOrderId(stop.id, change));
    // The job again, as after a crash before its end was stored.
    await replace(stop.id, change);
    await expectOneStop(stop, '149');
  });

  it('is moved once when the answer is lost', async () => {
    const { stop } = await bought();
    proxy.deaf();
    const driven = replace(stop.id, change);
    await expect
      .poll(() => desk.atExchange('/v2/orders?status=all').then((all) => all.some((one) => one.replaces)))
      .toBe(true);
    proxy.cut();
    expect(await desk.status(stop.id)).toBe('pending_replace');
    await proxy.up();
    await driven;
    await expectOneStop(stop, '149');
  });

  it('is asked for again when the request was lost', async () => {
    const { stop } = await bought();
    proxy.silent();
    const driven = replace(stop.id, change);
    await expect.poll(() => desk.status(stop.id)).toBe('pending_replace');
    proxy.cut();
    await proxy.up();
    await driven;
    await expectOneStop(stop, '149');
  });

  it('is moved after a crash before the venue was asked, and after one before the answer was stored', async () => {
    const { stop } = await bought();
    await seeded.store.beginReplace(stop.id, change, 'To break even.');
    await replace(stop.id, change);
    await expectOneStop(stop, '149');
    const [second] = (await rows()).filter((one) => one.replacesId === stop.id);
    await seeded.store.beginReplace(second!.id, { stopPrice: '148' }, 'Wider.');
    await exchange.venue.command((at) => {
      const order = at.state.orders.get(second!.brokerOrderId)!;
      const clientOrderId = replacementClientOrderId(second!.id, { stopPrice: '148' });
      const asked = {
        clientOrderId,
        qty: null,
        limitPrice: null,
        stopPrice: 1_480_000,
        trail: null,
        timeInForce: null,
      };
      return at.replace(order, asked);
    });
    await replace(second!.id, { stopPrice: '148' });
    await expectOneStop({ ...second!, parentId: stop.parentId }, '148');
  });

  it('stands as it was when the venue refuses, and its receipt says so', async () => {
    const { stop } = await bought();
    await replace(stop.id, { stopPrice: '148.001' });
    expect(await desk.status(stop.id)).toBe('accepted');
    const refused = (await seeded.events(stop.id)).find((event) => event.kind === 'order.replace_refused');
    expect(refused?.data.sentence).toContain('sub-penny');
    expect(refused?.data.code).toBe('42210000');
    await agree();
  });

  it('is left alone when it has ended', async () => {
    const { stop, profit } = await bought();
    await exchange.setQuote('AAPL', 160.1, 160.2);
    await expect.poll(() => desk.status(profit.id)).toBe('filled');
    await expect.poll(() => desk.status(stop.id)).toBe('canceled');
    await replace(stop.id, change);
    expect(await desk.status(stop.id)).toBe('canceled');
    expect(await desk.atExchange('/v2/orders?status=open')).toEqual([]);
  });

  it('is cancelled by the name it had before', async () => {
    const { stop } = await bought();
    await replace(stop.id, change);
    await expectOneStop(stop, '149');
    for (;;) {
      const outcome = await desk.execution.handlers['order.cancel']({ orderId: stop.id, reason: 'Enough.' });
      if (outcome.kind === 'done') break;
      await systemClock.sleep(outcome.afterMs);
    }
    const [next] = (await rows()).filter((one) => one.replacesId === stop.id);
    await expect.poll(() => desk.status(next!.id)).toBe('canceled');
  });
});

it('an order that was filled in part goes on with the rest, and every share is counted once', async () => {
  const { profit } = await bought();
  await exchange.setQuote('AAPL', 160.1, 160.2, 4);
  await expect.poll(() => desk.status(profit.id)).toBe('partially_filled');
  await exchange.setQuote('AAPL', 159, 159.1);
  await replace(profit.id, { limitPrice: '161' });
  await expect.poll(() => desk.status(profit.id)).toBe('replaced');
  const [next] = (await rows()).filter((one) => one.replacesId === profit.id);
  expect(next).toMatchObject({ role: 'take_profit', quantity: '6', filled: '0', limitPrice: '161' });
  await exchange.setQuote('AAPL', 161.1, 161.2);
  await expect.poll(() => desk.status(next!.id)).toBe('filled');
  const sold = (await rows()).filter((one) => one.role === 'take_profit').map((one) => one.filled);
  expect(sold.sort()).toEqual(['4', '6']);
  expect(await desk.atExchange('/v2/positions')).toEqual([]);
  await agree();
});

it('what others replaced at the venue while nobody listened is ours all the same, several times over', async () => {
  const { stop } = await bought();
  await desk.pause(async () => {
    let id = stop.brokerOrderId;
    for (const price of [1_460_000, 1_470_000, 1_480_000]) {
      const next = await exchange.venue.command((at) =>
        at.replace(at.state.orders.get(id)!, {
          clientOrderId: null,
          qty: null,
          limitPrice: null,
          stopPrice: price,
          trail: null,
          timeInForce: null,
        }),
      );
      id = next.id;
    }
  });
  await expect
    .poll(async () => (await rows()).filter((one) => one.role === 'stop_loss').map((one) => one.status))
    .toEqual(['replaced', 'replaced', 'replaced', 'accepted']);
  const last = (await rows()).filter((one) => one.role === 'stop_loss').at(-1);
  expect(last).toMatchObject({ stopPrice: '148', parentId: stop.parentId, origin: 'replacement' });
  await agree();
});
