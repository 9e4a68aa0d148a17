// Invariants:
// 1. A trade that the venue takes back or changes leaves order, position and cash as the venue has them.
// 2. However often and by whatever way that is told, it happens once; and what is filled afterwards counts.
import { expect, it } from 'vitest';
import { readEvents } from '../../adapters/database/event-reader/cursor.ts';
import { createSearchStore } from '../../adapters/database/search-store/search-store.ts';
import { type DeskOfTest, deskForEach } from '../../testing/desk-for-each.ts';

let exchange: DeskOfTest['exchange'];
let desk: DeskOfTest['desk'];
let seeded: DeskOfTest['seeded'];
deskForEach({ missGraceMs: 800 }, (made) => {
  ({ exchange, desk, seeded } = made);
});

async function bought() {
  const { orderId } = await seeded.approve('10');
  await desk.drive(orderId);
  await expect.poll(() => desk.status(orderId)).toBe('filled');
  const [execution] = await seeded.sql<{ id: string }[]>`
    select execution_id as id from trade_executions where order_id = ${orderId}`;
  return { orderId, executionId: execution!.id };
}
const admin = async (path: string, body: object = {}): Promise<{ id: string }> => {
  const response = await fetch(`${exchange.url}/admin/executions/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${exchange.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { id: string };
};
const held = async () => {
  const [row] = await seeded.sql<{ quantity: string; cost: string }[]>`
    select trim_scale(quantity)::text as quantity, trim_scale(cost)::text as cost from positions
    where account_id = ${seeded.accountId} and symbol = 'AAPL'`;
  return row;
};
const kindsOf = async (orderId: string) =>
  (await seeded.kinds(orderId)).filter((kind) => kind.startsWith('execution.'));
const agree = () =>
  expect.poll(async () => (await desk.reconciliation.reconcile(seeded.accountId, 'demand')).differences).toEqual([]);

it('a busted trade is taken out of order, position and cash, once', async () => {
  const { orderId, executionId } = await bought();
  await admin(`${executionId}/bust`);
  await expect.poll(() => desk.status(orderId)).toBe('canceled');
  expect(await held()).toEqual({ quantity: '0', cost: '0' });
  await agree();
  // Told again by the list of activities, to a program that remembers nothing.
  await desk.restart();
  await desk.execution.sync(seeded.accountId, { ordersSince: new Date(0), fillsSince: new Date(0) });
  expect(await kindsOf(orderId)).toEqual(['execution.recorded', 'execution.busted']);
  const [cash] = await seeded.sql`
    select sum(e.amount)::text as cash, count(distinct t.id)::int as posted from ledger_entries e
    join ledger_transactions t on t.id = e.transaction_id where t.account_id = ${seeded.accountId} and t.kind = 'fill'
      and e.book = 'cash'`;
  expect(Number(cash!.cash)).toBe(0);
  expect(cash!.posted).toBe(2);
  const references = await seeded.sql`
    select reference from ledger_transactions where account_id = ${seeded.accountId} and reference like 'bust:%'`;
  expect(references.map((row) => row.reference)).toEqual([`bust:${executionId}`]);
  await agree();
});

it('a corrected trade holds in place of the first, and may be corrected again', async () => {
  const { orderId, executionId } = await bought();
  const first = await admin(`${executionId}/correct`, { price: '149.5' });
  await expect.poll(held).toEqual({ quantity: '10', cost: '1495' });
  expect(await desk.status(orderId)).toBe('filled');
  await agree();
  await admin(`${first.id.split('::')[1]}/correct`, { qty: '8' });
  await expect.poll(held).toEqual({ quantity: '8', cost: '1196' });
  expect(await desk.status(orderId)).toBe('filled');
  await agree();
  expect(await kindsOf(orderId)).toEqual(['execution.recorded', 'execution.corrected', 'execution.corrected']);
});

it('a bust that nobody heard is found by polling', async () => {
  const { orderId, executionId } = await bought();
  await desk.pause(() => admin(`${executionId}/bust`));
  await expect.poll(() => desk.status(orderId)).toBe('canceled');
  expect(await held()).toEqual({ quantity: '0', cost: '0' });
  await agree();
});

it('an order that works loses a busted fill and goes on; the same filled quantity counts a second time', async () => {
  const { orderId } = await bought();
  const profit = async () => {
    const [row] = await seeded.sql<{ id: string; status: string; filled: string }[]>`
      select id, status, trim_scale(filled_quantity)::text as filled from orders
      where parent_id = ${orderId} and role = 'take_profit'`;
    return row!;
  };
  await exchange.setQuote('AAPL', 160.1, 160.2, 4);
  await expect.poll(async () => (await profit()).status).toBe('partially_filled');
  await exchange.setQuote('AAPL', 159, 159.1);
  const { id } = await profit();
  const [part] = await seeded.sql<{ id: string }[]>`
    select execution_id as id from trade_executions where order_id = ${id}`;
  await admin(`${part!.id}/bust`);
  await expect.poll(async () => (await profit()).filled).toBe('0');
  expect((await profit()).status).toBe('accepted');
  await exchange.setQuote('AAPL', 160.1, 160.2, 4);
  await expect.poll(async () => (await profit()).filled).toBe('4');
  expect(await held()).toMatchObject({ quantity: '6' });
  await agree();
});

/** Ten shares that somebody else buys at the exchange, once they are in our books. */
async function boughtByHand(): Promise<string> {
  const response = await fetch(`${exchange.url}/v2/orders`, {
    method: 'POST',
    headers: { 'APCA-API-KEY-ID': exchange.keyId, 'APCA-API-SECRET-KEY': exchange.secretKey },
    body: JSON.stringify({ symbol: 'AAPL', qty: '10', side: 'buy', type: 'market', time_in_force: 'day' }),
  });
  expect(response.status).toBe(200);
  const recorded = () => seeded.sql<{ id: string }[]>`
    select execution_id as id from foreign_fills where account_id = ${seeded.accountId}`;
  await expect
    .poll(async () => {
      await desk.reconciliation.reconcile(seeded.accountId, 'demand');
      return (await recorded()).length;
    })
    .toBe(1);
  return (await recorded())[0]!.id;
}
const lots = () => seeded.sql<{ strategy: string; quantity: string; cost: string }[]>`
  select strategy, trim_scale(quantity)::text as quantity, trim_scale(cost)::text as cost from strategy_positions
  where account_id = ${seeded.accountId} and quantity <> 0 order by strategy`;
const taken = async () =>
  (
    await seeded.sql<{ sentence: string }[]>`
      select data ->> 'sentence' as sentence from events
      where account_id = ${seeded.accountId} and kind = 'foreign_trade.taken_back' order by xid, seq`
  ).map(({ sentence }) => sentence);

it("somebody else's trade that is taken back is taken out of the books once, and nobody has its shares", async () => {
  const executionId = await boughtByHand();
  expect(await lots()).toMatchObject([{ strategy: 'external', quantity: '10' }]);
  await admin(`${executionId}/bust`);
  await agree();
  expect(await lots()).toEqual([]);
  expect(await held()).toEqual({ quantity: '0', cost: '0' });
  await desk.restart();
  await agree();
  expect(await taken()).toEqual(['The broker took back a trade of somebody else: 10 AAPL at 150.01.']);
});

it("somebody else's trade that is changed is in the books as it is then, and may be taken back after all", async () => {
  const executionId = await boughtByHand();
  const first = await admin(`${executionId}/correct`, { price: '149.5', qty: '8' });
  await agree();
  expect(await lots()).toEqual([{ strategy: 'external', quantity: '8', cost: '1196' }]);
  await admin(`${first.id.split('::')[1]}/bust`);
  await agree();
  expect(await lots()).toEqual([]);
  expect(await taken()).toHaveLength(2);
});

it('the copy that is searched says of a trade that it was taken back, and counts no money of it', async () => {
  const { executionId } = await bought();
  const copied = async () => {
    const { events } = await readEvents(seeded.sql, { xid: '0', seq: '0', after: null }, 10_000);
    const ofAccount = events.filter((event) => event.accountId === seeded.accountId);
    const documents = await createSearchStore({ sql: seeded.sql, baseUrl: 'https://signalbox.example' }).documents(
      ofAccount,
    );
    return documents
      .filter((one) => one.alias === 'trade-executions')
      .map((one) => JSON.parse(one.json))
      .map(({ price, takenBack, takenBackAt }) => ({ price, takenBack, at: typeof takenBackAt }));
  };
  // Events are read up to the oldest transaction that runs, and another test may have one on the same server.
  await expect.poll(copied).toEqual([{ price: 150.01, takenBack: undefined, at: 'undefined' }]);
  const changed = await admin(`${executionId}/correct`, { price: '149.5' });
  await expect.poll(held).toEqual({ quantity: '10', cost: '1495' });
  await expect.poll(copied).toEqual(
    expect.arrayContaining([
      { price: 150.01, takenBack: 'correct', at: 'string' },
      { price: 149.5, takenBack: undefined, at: 'undefined' },
    ]),
  );
  await admin(`${changed.id.split('::')[1]}/bust`);
  await expect.poll(held).toEqual({ quantity: '0', cost: '0' });
  await expect.poll(async () => (await copied()).map((one) => one.takenBack).sort()).toEqual(['bust', 'correct']);
});
