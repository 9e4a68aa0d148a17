// Invariant: in whatever status an order is when the program ends, and whatever the venue does with it meanwhile, a new program on the same
// books comes to the venue's state of every order, and the venue has each order once.
import { expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { type OrderStatus, orderStatuses } from '../../core/model/order.ts';
import { type DeskOfTest, deskForEach } from '../../testing/desk-for-each.ts';

let exchange: DeskOfTest['exchange'];
let desk: DeskOfTest['desk'];
let seeded: DeskOfTest['seeded'];
deskForEach({ missGraceMs: 500 }, (made) => {
  ({ exchange, desk, seeded } = made);
});

interface Subject {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly job: 'order.submit' | 'order.cancel' | 'order.replace' | null;
}
type Meanwhile = 'nothing' | 'taken' | 'filled' | 'canceled' | 'expired' | 'replaced';

const change = { limitPrice: '139' };

/** An entry over 10 at 140 that rests once it is sent. */
async function limitEntry(): Promise<Subject> {
  const { orderId, clientOrderId } = await seeded.approve('10');
  await seeded.sql`
    update orders set type = 'limit', limit_price = '140', order_class = 'simple', take_profit_price = null,
      stop_loss_price = null where id = ${orderId}`;
  return { orderId, clientOrderId, job: 'order.submit' };
}
async function resting(): Promise<Subject> {
  const subject = await limitEntry();
  await desk.drive(subject.orderId);
  expect(await desk.status(subject.orderId)).toBe('accepted');
  return { ...subject, job: null };
}
const then = async (subject: Subject, to: OrderStatus): Promise<Subject> => {
  await expect.poll(() => desk.status(subject.orderId)).toBe(to);
  return subject;
};

/** Brings an order into each status, by the ways of the product. */
const reach: Readonly<Record<OrderStatus, () => Promise<Subject>>> = {
  approved: limitEntry,
  async waiting() {
    const entry = await seeded.approve('10');
    await desk.drive(entry.orderId);
    await expect.poll(() => desk.status(entry.orderId)).toBe('filled');
    const exit = await seeded.approve('10', { side: 'sell', intent: 'exit' });
    await seeded.store.beginWaiting(exit.orderId, 'Its shares are held.');
    return { ...exit, job: 'order.submit' };
  },
  async submitting() {
    const subject = await limitEntry();
    await seeded.store.beginSubmit(subject.orderId);
    return subject;
  },
  async submit_unknown() {
    const subject = await reach.submitting();
    await seeded.store.markUnknown(subject.orderId, 'No answer.');
    return subject;
  },
  async held() {
    const { orderId } = await seeded.approve('10');
    await seeded.sql`update orders set type = 'limit', limit_price = '148' where id = ${orderId}`;
    await desk.drive(orderId);
    const [stop] = await seeded.sql<{ id: string; clientOrderId: string }[]>`
      select id, client_order_id as "clientOrderId" from orders where parent_id = ${orderId} and role = 'stop_loss'`;
    return { orderId: stop!.id, clientOrderId: stop!.clientOrderId, job: null };
  },
  accepted: resting,
  async partially_filled() {
    const subject = await resting();
    await exchange.setQuote('AAPL', 139.9, 139.95, 4);
    await exchange.setQuote('AAPL', 149.99, 150.01);
    return then(subject, 'partially_filled');
  },
  async pending_replace() {
    const subject = await resting();
    await seeded.store.beginReplace(subject.orderId, change, 'Lower.');
    return { ...subject, job: 'order.replace' };
  },
  async pending_cancel() {
    const subject = await resting();
    await seeded.store.markCancelRequested(subject.orderId, 'Enough.');
    return { ...subject, job: 'order.cancel' };
  },
  async filled() {
    const subject = await resting();
    await exchange.setQuote('AAPL', 139.9, 139.95);
    return then(subject, 'filled');
  },
  async canceled() {
    const subject = await resting();
    await atVenue(subject, 'canceled');
    return then(subject, 'canceled');
  },
  async expired() {
    const subject = await resting();
    await atVenue(subject, 'expired');
    return then(subject, 'expired');
  },
  async rejected() {
    const { orderId, clientOrderId } = await seeded.approve('99999999');
    await desk.drive(orderId);
    return then({ orderId, clientOrderId, job: null }, 'rejected');
  },
  async replaced() {
    const subject = await resting();
    await atVenue(subject, 'replaced');
    return then(subject, 'replaced');
  },
};

/** What the venue does with the order while no program runs. */
async function atVenue({ clientOrderId }: Subject, what: Meanwhile): Promise<void> {
  if (what === 'nothing') return;
  const [account] = await exchange.venue.command(({ state }) => [...state.accounts.values()]);
  const find = () =>
    exchange.venue.command(
      ({ state }) => state.findByClientId(account!.id, clientOrderId) as { id: string } | undefined,
    );
  if (!(await find())) {
    const response = await fetch(`${exchange.url}/v2/orders`, {
      method: 'POST',
      headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
      body: JSON.stringify({
        symbol: 'AAPL',
        qty: '10',
        side: 'buy',
        type: 'limit',
        limit_price: '140',
        time_in_force: 'gtc',
        client_order_id: clientOrderId,
      }),
    });
    expect(response.status).toBe(200);
  }
  if (what === 'taken') return;
  if (what === 'filled') return exchange.setQuote('AAPL', 139.9, 139.95);
  const { id } = (await find())!;
  await exchange.venue.command((at) => {
    const order = at.state.orders.get(id)!;
    if (what === 'canceled') return at.cancel(order);
    if (what === 'replaced') {
      const stop = order.stopPrice !== null;
      const [limitPrice, stopPrice] = stop ? [null, 1_440_000] : [1_380_000, null];
      return at.replace(order, {
        clientOrderId: null,
        qty: null,
        limitPrice,
        stopPrice,
        trail: null,
        timeInForce: null,
      });
    }
    order.status = 'expired';
    order.expiredAt = at.now;
    at.state.touch(order, at.now);
    at.state.publish({
      accountId: order.accountId,
      event: 'expired',
      order,
      execution: null,
      positionQty: null,
      at: at.now,
    });
  });
}

/** Runs the order's job as the queue of the new program does. */
async function drive({ orderId, job }: Subject): Promise<void> {
  if (job === null) return;
  const data = { orderId, change, reason: 'Lower.' };
  for (;;) {
    const outcome = await desk.execution.handlers[job](data).catch(() => null);
    if (outcome?.kind === 'done') return;
    await systemClock.sleep(outcome?.afterMs ?? 50);
  }
}

/** How the venue has every order, in our words, and how we have them. */
async function theirs(): Promise<string[]> {
  const all = await desk.atExchange('/v2/orders?status=all&limit=500');
  return all
    .map(({ id, status, filled_qty, replaces }) => {
      const working = status === 'new' || status === 'pending_new' || status === 'accepted';
      // What it carried from the order before it is counted there.
      const filled = replaces === null ? filled_qty : 'carried';
      return `${id} ${working ? 'accepted' : status} ${filled}`;
    })
    .sort();
}
async function ours(): Promise<string[]> {
  const all = await seeded.sql<{ id: string; status: string; filled: string; replaces: string | null }[]>`
    select broker_order_id as id, status, trim_scale(filled_quantity)::text as filled, replaces_id as replaces from orders
    where account_id = ${seeded.accountId} and broker_order_id is not null`;
  return all.map((one) => `${one.id} ${one.status} ${one.replaces === null ? one.filled : 'carried'}`).sort();
}

const unsent: readonly OrderStatus[] = ['approved'];
const perhapsSent: readonly OrderStatus[] = ['submitting', 'submit_unknown'];
const final: readonly OrderStatus[] = ['filled', 'canceled', 'expired', 'rejected', 'replaced'];
const meanwhileIn = (status: OrderStatus): readonly Meanwhile[] => {
  if (unsent.includes(status) || status === 'waiting' || final.includes(status)) return ['nothing'];
  if (perhapsSent.includes(status)) return ['nothing', 'taken', 'filled', 'canceled', 'expired', 'replaced'];
  if (status === 'held') return ['nothing', 'filled', 'canceled', 'expired', 'replaced'];
  return ['nothing', 'filled', 'canceled', 'expired', 'replaced'];
};
const cases = orderStatuses.flatMap((status) => meanwhileIn(status).map((what) => [status, what] as const));

it.each(cases)('from %s, with %s at the venue meanwhile', async (status, what) => {
  const subject = await reach[status]();
  expect(await desk.status(subject.orderId)).toBe(status);
  // The entry of a held leg is what is filled.
  await desk.pause(() =>
    status === 'held' && what === 'filled' ? exchange.setQuote('AAPL', 147.9, 147.95) : atVenue(subject, what),
  );
  await drive(subject);
  await expect
    .poll(async () => [await ours(), (await ours()).length > 0 || status === 'rejected'])
    .toEqual([await theirs(), true]);
  await expect.poll(async () => (await ours()).join('\n') === (await theirs()).join('\n')).toBe(true);
  const now = await desk.status(subject.orderId);
  if (what === 'canceled' || what === 'expired' || what === 'replaced') expect(now).toBe(what);
  if (final.includes(status)) expect(now).toBe(status);
  const sent = (await desk.atExchange('/v2/orders?status=all&limit=500')).filter(
    (order) => order.client_order_id === subject.clientOrderId,
  );
  expect(sent.length).toBe(status === 'rejected' ? 0 : 1);
  await expect
    .poll(async () => (await desk.reconciliation.reconcile(seeded.accountId, 'demand')).differences)
    .toEqual([]);
});
