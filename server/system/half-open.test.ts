// Invariant: a connection that takes everything and passes nothing on, neither data nor its end, is noticed and replaced, and nothing is lost on
// it; whichever it is. The times that are stated for it are in docs/failure-modes.md.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRig, type Rig } from '../testing/torture/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({ exchange: ['--pace', '0'] });
}, 90_000);
afterAll(() => rig?.close(), 30_000);

/** The statuses of a signal's orders, legs left out, once all of them have come to rest. */
async function statusesOf(signalId: string): Promise<string[]> {
  let found: string[] = [];
  await expect
    .poll(
      async () => {
        const orders = await rig.sql()<{ status: string }[]>`
          select status from orders where signal_id = ${signalId} and parent_id is null`;
        found = orders.map((order) => order.status);
        return found.length > 0 && found.every((status) => ['filled', 'canceled', 'rejected'].includes(status));
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  return found;
}

const settle = () => expect.poll(() => rig.differences(), { timeout: 45_000 }).toEqual([]);

it('is not there yet: an alert comes to its fill', async () => {
  expect(await statusesOf(await rig.alert({ signal: 'BUY', ticker: 'KO', risk: 20 }))).toEqual(['filled']);
});

it('to the database: every one there is, while alerts come in', async () => {
  expect(rig.stage.database.proxy.freeze()).toBeGreaterThan(3);
  const ids = await Promise.all(['PEP', 'WMT', 'DIS'].map((ticker) => rig.alert({ signal: 'BUY', ticker, risk: 20 })));
  for (const id of ids) expect(await statusesOf(id)).toEqual(['filled']);
  await settle();
}, 120_000);

it('to the database, and no new one can be made for a while', async () => {
  const { proxy } = rig.stage.database;
  proxy.freeze();
  proxy.swallowNew(true);
  const sending = rig.alert({ signal: 'BUY', ticker: 'XOM', risk: 20 });
  // The sender is told that nothing was stored, and sends again.
  const refused = () => rig.senders.attempts['503'] ?? 0;
  const before = refused();
  await expect.poll(refused).toBeGreaterThan(before);
  proxy.swallowNew(false);
  proxy.freeze();
  expect(await statusesOf(await sending)).toEqual(['filled']);
  await settle();
}, 120_000);

it('to the broker’s stream: it is given up and another one opened', async () => {
  const times = async (kind: string) =>
    (await rig.sql()<{ count: number }[]>`select count(*)::int as count from events where kind = ${kind}`)[0]!.count;
  const [lost, found] = [await times('broker.disconnected'), await times('broker.connected')];
  await expect.poll(() => rig.proxy.freeze('stream')).toBeGreaterThan(0);
  const id = await rig.alert({ signal: 'BUY', ticker: 'JPM', risk: 20 });
  expect(await statusesOf(id)).toEqual(['filled']);
  await expect.poll(() => rig.proxy.frozenStreams(), { timeout: 45_000 }).toBe(0);
  await expect.poll(() => times('broker.disconnected')).toBeGreaterThan(lost);
  await expect.poll(() => times('broker.connected')).toBeGreaterThan(found);
  await settle();
}, 120_000);

it.each([
  ['before the broker has it', 'arrived'],
  ['when the broker has taken it', 'taken'],
] as const)(
  'to the broker, with an order on it, %s: it is there once',
  async (_when, stage) => {
    let swallowed = 0;
    rig.onRequest((errand, at) => (errand === 'submit' && at === stage && swallowed++ === 0 ? 'swallow' : 'pass'));
    try {
      const id = await rig.alert({ signal: 'BUY', ticker: stage === 'taken' ? 'BAC' : 'CSCO', risk: 20 });
      expect(await statusesOf(id)).toEqual(['filled']);
      expect(swallowed).toBeGreaterThan(0);
      const told = await rig.sql()<{ kind: string }[]>`
      select e.kind from events e join orders o on o.id = e.order_id where o.signal_id = ${id} and o.parent_id is null`;
      // What the broker has taken, its stream may tell before anybody has to ask.
      if (stage === 'arrived') expect(told.map((event) => event.kind)).toContain('order.submit_unknown');
      await settle();
    } finally {
      rig.onRequest(null);
    }
  },
  120_000,
);

it('to the broker: every connection that waits for its next question', async () => {
  rig.proxy.freeze('requests');
  const id = await rig.alert({ signal: 'BUY', ticker: 'INTC', risk: 20 });
  expect(await statusesOf(id)).toEqual(['filled']);
  await settle();
}, 120_000);
