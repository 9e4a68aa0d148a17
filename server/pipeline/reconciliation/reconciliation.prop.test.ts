// Invariants, after any mixture of trades of ours, trades by hand, fills that nobody told us of, restarts and cut connections:
// 1. A comparison leaves the books equal to the exchange, to the cent and to the share.
// 2. The next one posts nothing.
// 3. An order that is not ours is at the exchange as its owner left it.
// 4. For each symbol the strategies' shares add up to the account's.
import fc from 'fast-check';
import type postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAlpacaBroker } from '../../adapters/brokers/alpaca/index.ts';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { systemRandom } from '../../adapters/clock/system-random.ts';
import { createLedgerStore } from '../../adapters/database/ledger-store/ledger-store.ts';
import { createOrderStore } from '../../adapters/database/order-store/order-store.ts';
import { createReconciliationStore } from '../../adapters/database/reconciliation-store/reconciliation-store.ts';
import { defaultSettings } from '../../core/model/settings.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { startTestExchange } from '../../testing/exchange.ts';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { seedOrders } from '../../testing/seeded-orders.ts';
import { createExecution } from '../execution/index.ts';
import { createReconciliation } from './reconciliation.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const symbols = ['AAPL', 'KO'] as const;

/** A client whose connection is lost before a transaction of it can commit, as when the process or the database is killed there. */
function breakable(sql: postgres.Sql) {
  let left = Number.POSITIVE_INFINITY;
  const lost = () => new Error('the connection was cut');
  const begin = async (...given: unknown[]): Promise<unknown> => {
    if (left === 0) throw lost();
    left--;
    if (left > 0) return (sql.begin as (...all: unknown[]) => Promise<unknown>)(...given);
    const act = given.at(-1) as (tx: unknown) => Promise<unknown>;
    return sql.begin(async (tx) => {
      await act(tx);
      throw lost();
    });
  };
  return {
    sql: new Proxy(sql, { get: (target, key) => (key === 'begin' ? begin : Reflect.get(target, key)) }),
    /** The transaction after so many is the one that is cut off, and nothing can be done after it. */
    cutAt(transactions: number): void {
      left = transactions + 1;
    },
  };
}

/** An account of its own at an exchange of its own, and whatever of ours works on it until it is put away. */
async function stage() {
  const exchange = await startTestExchange();
  const { keyId, secretKey } = exchange;
  for (const symbol of symbols) await exchange.setQuote(symbol, 150, 150.02);
  const seeded = await seedOrders(database);
  const broker = createAlpacaBroker({
    ...{ tradingUrl: exchange.url, keyId, secretKey },
    ...{ timeoutMs: 5000, log: createRecordedLog(), clock: systemClock },
  });

  const openHands = () => {
    const { sql, cutAt } = breakable(database.sql);
    const stores = { sql, clock: systemClock, random: systemRandom };
    const shared = {
      ...{ orders: createOrderStore(stores), broker: () => broker, clock: systemClock, random: systemRandom },
      log: createRecordedLog(),
    };
    const execution = createExecution({
      ...{ ...shared, settings: { current: () => defaultSettings }, ready: () => true },
      alertSeconds: () => 1_000_000_000,
    });
    const ledger = createLedgerStore(stores);
    const reconciliation = createReconciliation({
      ...shared,
      ...{ store: createReconciliationStore(stores), ledger, sync: execution.sync },
    });
    return {
      execution,
      reconciliation,
      ledger,
      cutAt,
      close: () => reconciliation.stop(),
    };
  };

  let hands = openHands();
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${exchange.url}${path}`, {
      method,
      headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as never;
  };
  return {
    exchange,
    seeded,
    ask,
    hands: () => hands,
    async restart() {
      await hands.close();
      hands = openHands();
    },
    async close() {
      await hands.close();
      await exchange.stop();
    },
  };
}

type Stage = Awaited<ReturnType<typeof stage>>;
type Order = { id: string; status: string; updated_at: string };
type Symbol_ = (typeof symbols)[number];

type Step =
  | { readonly kind: 'ours'; readonly side: 'buy' | 'sell'; readonly shares: number }
  | { readonly kind: 'hand'; readonly side: 'buy' | 'sell'; readonly shares: number; readonly symbol: Symbol_ }
  | { readonly kind: 'rest'; readonly symbol: Symbol_ }
  | { readonly kind: 'restart' | 'compare' }
  | { readonly kind: 'cut'; readonly after: number };

const shares = fc.integer({ min: 1, max: 20 });
const after = fc.integer({ min: 0, max: 12 });
const side = fc.constantFrom('buy' as const, 'sell' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('ours' as const), side, shares }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('hand' as const), side, shares, symbol: fc.constantFrom(...symbols) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rest' as const), symbol: fc.constantFrom(...symbols) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'compare' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), after }) },
);

async function take(on: Stage, one: Step): Promise<void> {
  const { seeded } = on;
  switch (one.kind) {
    case 'ours': {
      // Nobody listens to the stream: what it fills is found by comparing. Legs are left out, so that sales are plain.
      const { orderId } = await seeded.approve(String(one.shares), { side: one.side, intent: 'entry' });
      await seeded.sql`update orders set take_profit_price = null, stop_loss_price = null where id = ${orderId}`;
      await on.hands().execution.handlers['order.submit']({ orderId });
      return;
    }
    case 'hand':
      await on.ask('POST', '/v2/orders', {
        ...{ symbol: one.symbol, side: one.side, qty: String(one.shares), type: 'market', time_in_force: 'day' },
      });
      return;
    case 'rest':
      await on.ask('POST', '/v2/orders', {
        ...{ symbol: one.symbol, side: 'buy', qty: '1', type: 'limit', limit_price: '1', time_in_force: 'gtc' },
      });
      return;
    case 'restart':
      return on.restart();
    case 'compare':
      await on.hands().reconciliation.reconcile(seeded.accountId, 'demand');
      return;
    case 'cut': {
      on.hands().cutAt(one.after);
      await on.hands().reconciliation.reconcile(seeded.accountId, 'demand');
      return on.restart();
    }
  }
}

async function books(on: Stage) {
  const { cash, positions } = await on.hands().ledger.summary(on.seeded.accountId);
  const held = positions.filter((p) => !p.quantity.eq('0')).map((p) => `${p.symbol} ${p.quantity.toFixed()}`);
  return { cash: cash.toFixed(2), held: held.sort() };
}

async function atExchange(on: Stage) {
  const [account, positions] = await Promise.all([
    on.ask('GET', '/v2/account') as Promise<{ cash: string }>,
    on.ask('GET', '/v2/positions') as Promise<{ symbol: string; qty: string }[]>,
  ]);
  return { cash: Number(account.cash).toFixed(2), held: positions.map((p) => `${p.symbol} ${p.qty}`).sort() };
}

async function posted(on: Stage): Promise<number> {
  const { accountId, sql } = on.seeded;
  const [row] = await sql`select count(*)::int as n from ledger_transactions where account_id = ${accountId}`;
  return row!.n as number;
}

const foreignOf = async (on: Stage): Promise<Order[]> => {
  const all = (await on.ask('GET', '/v2/orders?status=all&limit=500')) as (Order & { client_order_id: string })[];
  return all.filter((order) => !order.client_order_id.startsWith('sbx-'));
};

it('after any mixture of trades, restarts and cuts a comparison makes the books the exchange’s, once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), after, async (steps, last) => {
      const on = await stage();
      try {
        const { accountId, sql } = on.seeded;
        await on.hands().reconciliation.reconcile(accountId, 'start');
        for (const one of steps) await take(on, one);
        const left = (await foreignOf(on)).map(({ id, status, updated_at }) => ({ id, status, updated_at }));
        // Cut off in the middle, once more and whole.
        await take(on, { kind: 'cut', after: last });
        const run = await on.hands().reconciliation.reconcile(accountId, 'demand');
        expect(run.differences.filter((d) => d.state === 'open' && d.kind !== 'foreign_position')).toEqual([]);
        expect(await books(on)).toEqual(await atExchange(on));
        const before = await posted(on);
        await on.hands().reconciliation.reconcile(accountId, 'demand');
        expect(await posted(on)).toBe(before);
        expect((await foreignOf(on)).map(({ id, status, updated_at }) => ({ id, status, updated_at }))).toEqual(left);
        const apart = await sql`
          select p.symbol from positions p where p.account_id = ${accountId} and p.quantity <> (
            select coalesce(sum(quantity), 0) from strategy_positions s
            where s.account_id = p.account_id and s.symbol = p.symbol)`;
        expect(apart).toEqual([]);
      } finally {
        await on.close();
      }
    }),
    { numRuns: 6 },
  );
}, 120_000);

it('takes a handful of requests for six hundred open orders, and a few more when they have all ended', async () => {
  const on = await stage();
  try {
    const { accountId, sql } = on.seeded;
    await on.hands().reconciliation.reconcile(accountId, 'start');
    const ids = Array.from({ length: 600 }, () => systemRandom.id());
    const placed: { id: string; brokerOrderId: string }[] = [];
    for (let i = 0; i < ids.length; i += 50) {
      placed.push(
        ...(await Promise.all(
          ids.slice(i, i + 50).map(async (id) => {
            const order = (await on.ask('POST', '/v2/orders', {
              ...{ symbol: 'AAPL', side: 'buy', qty: '1', type: 'limit', limit_price: '2', time_in_force: 'gtc' },
              client_order_id: `sbx-${id}`,
            })) as Order;
            return { id, brokerOrderId: order.id };
          }),
        )),
      );
    }
    await sql`
      insert into orders (id, account_id, strategy, mode, role, client_order_id, broker_order_id, symbol, side, type,
        order_class, time_in_force, quantity, limit_price, reference_price, status, created_at, submitting_at, updated_at)
      select p.id::uuid, ${accountId}, 'default', 'paper', 'entry', 'sbx-' || p.id, p."brokerOrderId", 'AAPL', 'buy', 'limit',
        'simple', 'gtc', 1, 2, 150, 'accepted', now(), now(), now()
      from jsonb_to_recordset(${sql.json(placed)}::jsonb) as p (id text, "brokerOrderId" text)`;
    const first = await on.hands().reconciliation.reconcile(accountId, 'demand');
    expect(first.differences.filter((d) => d.state === 'open')).toEqual([]);
    expect(first.compared).toMatchObject({ orders: 600, foreignOrders: 0 });
    // Two lists of two pages, fills, activities, positions and the account.
    expect(first.compared?.requests).toBeLessThanOrEqual(8);

    await on.ask('DELETE', '/v2/orders');
    // Comparisons since: the list of orders that reaches back only a little does not tell of these any more.
    const ended = await on.hands().reconciliation.reconcile(accountId, 'demand');
    expect(ended.compared?.requests).toBeLessThanOrEqual(10);
    const [open] = await sql`
      select count(*)::int as n from orders where account_id = ${accountId} and status = 'canceled'`;
    expect(open?.n).toBe(600);
  } finally {
    await on.close();
  }
}, 120_000);
