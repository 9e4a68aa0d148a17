// Invariants:
// 1. Wherever the connection to the venue breaks, an approved order is at the venue exactly once, and filled once in our books.
// 2. Afterwards our books equal the venue's account, to the share and to the cent.
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { type DeskOfTest, deskForEach } from '../../testing/desk-for-each.ts';

let exchange: DeskOfTest['exchange'];
let proxy: DeskOfTest['proxy'];
let desk: DeskOfTest['desk'];
let seeded: DeskOfTest['seeded'];
deskForEach({ missGraceMs: 800 }, (made) => {
  ({ exchange, proxy, desk, seeded } = made);
});

const status = (orderId: string) => desk.status(orderId);

/** Once everything has come through: one order there, filled once here, and nothing differs. */
async function expectOnce(orderId: string, clientOrderId: string): Promise<void> {
  await expect.poll(() => status(orderId)).toBe('filled');
  const theirs = await desk.atExchange('/v2/orders?status=all&nested=true');
  expect(theirs.map((order) => order.client_order_id)).toEqual([clientOrderId]);
  const fills =
    await seeded.sql`select sum(quantity)::text as shares from trade_executions where order_id = ${orderId}`;
  expect(fills[0]?.shares).toBe('10');
  const compared = await desk.reconciliation.reconcile(seeded.accountId, 'demand');
  expect(compared).toMatchObject({ differences: [] });
}

const posted = () =>
  expect.poll(() => desk.atExchange('/v2/orders?status=all').then((all) => all.length)).toBeGreaterThan(0);

describe('an order, when the connection', () => {
  it('holds, is filled with its legs working', async () => {
    const { orderId, clientOrderId } = await seeded.approve('10');
    await desk.drive(orderId);
    await expectOnce(orderId, clientOrderId);
    const legs = await seeded.sql`select status from orders where parent_id = ${orderId}`;
    expect(legs.map((leg) => leg.status)).toEqual(['accepted', 'accepted']);
  });

  it('is reset before the venue has the order, is found missing and sent again', async () => {
    const { orderId, clientOrderId } = await seeded.approve('10');
    proxy.silent();
    const requested = proxy.nextRequest();
    const driven = desk.drive(orderId);
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
    const driven = desk.drive(orderId);
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
    const driven = desk.drive(orderId);
    await expect.poll(() => status(orderId)).toBe('submit_unknown');
    await proxy.up();
    proxy.cut();
    await driven;
    await expectOnce(orderId, clientOrderId);
  });

  it('is refused at first, is sent when the venue is back', async () => {
    const { orderId, clientOrderId } = await seeded.approve('10');
    await proxy.down();
    const driven = desk.drive(orderId);
    await expect.poll(() => status(orderId)).toBe('submit_unknown');
    await proxy.up();
    await driven;
    await expectOnce(orderId, clientOrderId);
  });
});

it('an exit through a stream that tells nothing still closes the position', async () => {
  const entry = await seeded.approve('10');
  await desk.drive(entry.orderId);
  await expect.poll(() => status(entry.orderId)).toBe('filled');
  await seeded.clock.advance(1000);
  const exit = await seeded.approve('10', { side: 'sell', intent: 'exit' });
  // Every connection is cut again and again while it is under way.
  const cutting = systemClock.every(120, () => proxy.cut());
  await desk.drive(exit.orderId);
  cutting.cancel();
  await expect.poll(() => status(exit.orderId)).toBe('filled');
  expect(await desk.atExchange('/v2/positions')).toEqual([]);
  expect(await desk.reconciliation.reconcile(seeded.accountId, 'demand')).toMatchObject({ differences: [] });
});

it('twenty brackets at once, taken to their profit in pieces while connections break, leave equal books', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => seeded.approve('10')));
  const cutting = systemClock.every(150, () => proxy.cut());
  await Promise.all(all.map(({ orderId }) => desk.drive(orderId)));
  await expect.poll(() => Promise.all(all.map(({ orderId }) => status(orderId)))).toEqual(all.map(() => 'filled'));
  // 70 shares a quote: the take-profits at 160 fill in parts, three quotes long.
  for (const cents of [0, 1, 2]) await exchange.setQuote('AAPL', 160.1 + cents / 100, 160.2 + cents / 100, 70);
  const open = () => seeded.store.open(seeded.accountId);
  await expect.poll(async () => (await open()).length).toBe(0);
  cutting.cancel();
  expect(await desk.atExchange('/v2/positions')).toEqual([]);
  expect(await desk.reconciliation.reconcile(seeded.accountId, 'demand')).toMatchObject({
    outcome: expect.stringMatching(/agreed|corrected/),
    differences: [],
  });
  const sent = (await desk.atExchange('/v2/orders?status=all&nested=true')).map((order) => order.client_order_id);
  expect(sent.sort()).toEqual(all.map((one) => one.clientOrderId).sort());
});
