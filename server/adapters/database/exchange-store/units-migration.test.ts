// Books that were written when a lot was a share and money was whole ticks come out of the migration as what they were.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { call } from '../../../exchange/spec/checked-client.ts';
import { createTestDatabase } from '../../../testing/database.ts';
import { startTestExchange } from '../../../testing/exchange.ts';
import { createExchangeStore } from './exchange-store.ts';

const migration = (name: string): string =>
  readFileSync(new URL(`../../../../migrations/${name}.sql`, import.meta.url), 'utf8');
const account = '0a000000-0000-4000-8000-000000000001';
const [order, resting, execution] = [2, 3, 4].map((n) => `0a000000-0000-4000-8000-00000000000${n}`);
const at = '2026-11-20T15:30:00.000Z';

it('takes shares to lots and ticks to the finer unit, in documents and columns', async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await sql.unsafe('drop schema exchange cascade');
  await sql.unsafe(migration('0001_exchange'));
  await sql.unsafe(migration('0005_exchange_records'));
  const blank = {
    accountId: account,
    symbol: 'AAPL',
    side: 'buy',
    type: 'limit',
    timeInForce: 'gtc',
    orderClass: '',
    extendedHours: false,
    limitPrice: 1_500_100,
    stopPrice: null,
    elected: false,
    positionIntent: 'buy_to_open',
    groupId: null,
    groupRole: null,
    parentId: null,
    replaces: null,
    replacedBy: null,
    createdAt: at,
    submittedAt: at,
    updatedAt: at,
    filledAt: null,
    canceledAt: null,
    expiredAt: null,
    replacedAt: null,
  };
  const filled = { ...blank, id: order, clientOrderId: 'a', qty: 7, filledQty: 7, filledCost: 10_500_700, sequence: 1 };
  const fill = {
    id: execution,
    accountId: account,
    orderId: order,
    symbol: 'AAPL',
    side: 'buy',
    qty: 7,
    price: 1_500_100,
    cumQty: 7,
    leavesQty: 0,
    orderStatus: 'filled',
    at,
    sequence: 2,
  };
  const open = { ...blank, id: resting, clientOrderId: 'b', qty: 3, filledQty: 0, filledCost: 0, sequence: 4 };
  const [done, waits] = [
    { ...filled, status: 'filled', filledAt: at },
    { ...open, status: 'new', limitPrice: 1_400_000 },
  ];
  const json = (value: object) => sql.json(value as never);
  const owner = { id: account, number: 'PA1', keyId: 'PKTEST', cash: 989_499_300, createdAt: at };
  await sql`insert into exchange.accounts values (${account}, ${json(owner)})`;
  for (const one of [done, waits]) {
    await sql`insert into exchange.orders
      values (${one.id!}, ${account}, ${one.clientOrderId}, ${one.status === 'filled'}, ${one.sequence}, ${json(one)})`;
  }
  await sql`insert into exchange.executions values (${execution!}, ${order!}, 2, ${json(fill)})`;
  await sql`insert into exchange.positions
    values (${account}, 'AAPL', ${json({ accountId: account, symbol: 'AAPL', qty: 7, cost: 10_500_700 })})`;
  const update = { sequence: 3, accountId: account, event: 'fill', order: done, execution: fill, positionQty: 7, at };
  await sql`insert into exchange.updates values (3, ${account}, ${at}, ${json(update)})`;
  await sql`insert into exchange.updates
    values (5, ${account}, ${at}, ${json({ ...update, sequence: 5, event: 'new', order: waits, execution: null, positionQty: null })})`;
  await sql`insert into exchange.equity values (${account}, ${at}, 1000000000, 3150210)`;

  await sql.unsafe(migration('0006_exchange_units'));

  const store = createExchangeStore(sql);
  const [told, news] = await store.updates({ accountId: account, after: 0, since: null, limit: 10 });
  expect(told).toMatchObject({
    positionQty: 7_000_000_000,
    order: { qty: 7_000_000_000, filledCost: 10_500_700_000_000_000n, notional: null },
    execution: { qty: 7_000_000_000, fee: null },
  });
  expect(news).toMatchObject({ positionQty: null, execution: null, order: { qty: 3_000_000_000 } });
  const [sample] = await store.equity(account, new Date(at), new Date(at));
  expect(sample).toMatchObject({ equity: 10n ** 18n, maintenanceMargin: 3_150_210_000_000_000n });

  const exchange = await startTestExchange({ store, market: { kind: 'scripted' } });
  const get = async (path: string) => (await call(exchange, 'GET', path)).json;
  await exchange.setQuote('AAPL', 149.99, 150.01);
  expect(await get('/v2/account')).toMatchObject({ cash: '98949.93', equity: '99999.93' });
  expect(await get('/v2/positions/AAPL')).toMatchObject({ qty: '7', cost_basis: '1050.07', avg_entry_price: '150.01' });
  expect(await get('/v2/account/activities')).toMatchObject([{ qty: '7', price: '150.01', cum_qty: '7' }]);
  expect(await get('/v2/orders')).toMatchObject([{ id: resting, qty: '3', filled_qty: '0', limit_price: '140' }]);
  await exchange.setQuote('AAPL', 139.9, 140);
  expect(await get(`/v2/orders/${resting}`)).toMatchObject({ status: 'filled', filled_avg_price: '140' });
  expect((await get('/v2/positions/AAPL')).qty).toBe('10');
  await exchange.stop();
});
