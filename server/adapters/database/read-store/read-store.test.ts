import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { account, decision, event, execution, order, position, receipt, signal } from '../../../contract/index.ts';
import { money, price, quantity } from '../../../core/decimal.ts';
import { BadCursor } from '../../../core/ports/paging.ts';
import { createTestDatabase } from '../../../testing/database.ts';
import { brokerFill, brokerOrder, seedOrders } from '../../../testing/seeded-orders.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createLedgerStore } from '../ledger-store/ledger-store.ts';
import { createReadStore } from './index.ts';

let box: Awaited<ReturnType<typeof seedOrders>>;
let store: ReturnType<typeof createReadStore>;
beforeAll(async () => {
  box = await seedOrders(await createTestDatabase());
  store = createReadStore({
    sql: box.sql,
    clock: box.clock,
    lastPrice: (_accountId, symbol) => (symbol === 'AAPL' ? price('151.005') : null),
    connected: (id) => id === box.accountId,
  });
});
afterAll(() => box.drop());

const valid = <S extends z.ZodType>(schema: S, items: unknown[]) => {
  for (const item of items) expect(schema.safeParse(item).error).toBeUndefined();
};

/** Every item of every page, following `next` to its end. */
async function pages<T>(read: (cursor: string | undefined) => Promise<{ items: T[]; next: string | null }>) {
  const items: T[] = [];
  const sizes: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    sizes.push(page.items.length);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return { items, sizes };
}

describe('pages', () => {
  const at = new Date('2026-11-20T10:00:00.000Z');
  const count = 12;
  beforeAll(async () => {
    for (let i = 0; i < count; i++) {
      // Seven of one moment, so that pages end in the midst of them.
      const received = new Date(at.getTime() + (i < 7 ? 0 : i));
      await box.sql`
        insert into trading_signals (id, source, received_at, status, raw_body, proofs, ticker, strategy)
        values (${systemRandom.id()}, 'tradingview', ${received}, ${i % 2 ? 'denied' : 'refused'}, '{}', '{}',
          ${i % 3 ? 'MSFT' : 'KO'}, 'paged')`;
    }
  });
  const read = (query: object) =>
    pages((cursor) => store.signals({ limit: 5, strategy: 'paged', ...query, ...(cursor ? { cursor } : {}) }));

  it('have every row once, newest first, however many share a moment', async () => {
    const { items, sizes } = await read({});
    valid(signal, items);
    expect(sizes).toEqual([5, 5, 2]);
    expect(new Set(items.map((one) => one.id)).size).toBe(count);
    const keys = items.map((one) => one.receivedAt + one.id);
    expect(keys).toEqual([...keys].sort().reverse());
  });

  it('end with null when the last is full', async () => {
    expect((await read({ limit: 12 })).sizes).toEqual([12]);
    expect((await read({ limit: 6 })).sizes).toEqual([6, 6]);
  });

  it('are not moved by what comes in between', async () => {
    const first = await store.signals({ limit: 5, strategy: 'paged' });
    await box.sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs, strategy)
      values (${systemRandom.id()}, 'tradingview', now() + interval '1 day', 'refused', '{}', '{}', 'paged')`;
    const second = await store.signals({ limit: 5, strategy: 'paged', cursor: first.next! });
    const seen = new Set(first.items.map((one) => one.id));
    expect(second.items.filter((one) => seen.has(one.id))).toEqual([]);
    await box.sql`delete from trading_signals where strategy = 'paged' and received_at > now()`;
  });

  it('hold only what was asked for', async () => {
    const { items } = await read({ status: 'denied', ticker: 'ko' });
    expect(items.length).toBeGreaterThan(0);
    expect(items.every((one) => one.status === 'denied' && one.ticker === 'KO')).toBe(true);
  });

  it.each(['', 'made up', Buffer.from(`2026-01-01T00:00:00Z ${'-'.repeat(36)}`).toString('base64url')])(
    'refuse the cursor %j',
    async (cursor) => {
      await expect(store.signals({ limit: 5, cursor })).rejects.toBeInstanceOf(BadCursor);
    },
  );
});

describe('events', () => {
  const kind = 'broker.connected';
  let seqs: string[] = [];
  beforeAll(async () => {
    // In one transaction, and more than ten, so that numbers have to be compared as numbers.
    await box.sql.begin(async (tx) => {
      for (let i = 0; i < 25; i++)
        await tx`insert into events (kind, account_id, data) values (${kind}, ${box.accountId}, ${tx.json({ i })})`;
    });
    seqs = (await box.sql`select seq::text as seq from events where kind = ${kind} order by events.seq`).map(
      (row) => row.seq as string,
    );
    await released();
  });
  /** Transactions of other tests on the same server hold events back as well: waits until all that is there may be read. */
  const released = () =>
    vi.waitFor(
      async () => {
        const [row] = await box.sql`select max(xid) < pg_snapshot_xmin(pg_current_snapshot()) as released from events`;
        if (!row!.released) throw new Error('an older transaction still runs on this server');
      },
      { timeout: 30_000, interval: 20 },
    );
  const numbers = (items: { data: Record<string, unknown> }[]) => items.map((one) => one.data.i);
  const upTo25 = Array.from({ length: 25 }, (_, i) => i);

  it('are read onwards from any of them, oldest first, and from 0 on all', async () => {
    for (const [after, expected] of [
      ['0', upTo25],
      [seqs[0]!, upTo25.slice(1)],
      [seqs[23]!, [24]],
      [seqs[24]!, []],
    ] as const) {
      const first = await store.events({ limit: 4, kind, after });
      const items = [...first.items];
      for (let next = first.next; next !== null; ) {
        const page = await store.events({ limit: 4, kind, after: next });
        items.push(...page.items);
        next = page.next;
      }
      valid(event, items);
      expect(numbers(items)).toEqual(expected);
    }
  });

  it('are read backwards, newest first, when no place is given', async () => {
    const { items, sizes } = await pages((cursor) => store.events({ limit: 10, kind, ...(cursor ? { cursor } : {}) }));
    expect(sizes).toEqual([10, 10, 5]);
    expect(numbers(items)).toEqual([...upTo25].reverse());
  });

  it('go on in their direction when the next of a page comes as its cursor', async () => {
    const first = await store.events({ limit: 4, kind, after: '0' });
    const second = await store.events({ limit: 4, kind, after: '0', cursor: first.next! });
    expect(numbers(second.items)).toEqual([4, 5, 6, 7]);
  });

  it.each(['-1', 'x', '999999999', '9999999999999999999'])('refuse the place %s', async (after) => {
    await expect(store.events({ limit: 4, after })).rejects.toBeInstanceOf(BadCursor);
  });

  it('of a transaction that still runs hold back those behind it, so that none is missed', async () => {
    const last = (await store.events({ limit: 1 })).items[0]!.seq;
    let commit!: () => void;
    const ending = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let begun!: () => void;
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow = box.sql.begin(async (tx) => {
      await tx`insert into events (kind, data) values ('system.started', '{"i":"slow"}')`;
      begun();
      await ending;
    });
    await running;
    await box.sql`insert into events (kind, data) values ('system.started', '{"i":"quick"}')`;
    expect((await store.events({ limit: 10, after: last })).items).toEqual([]);
    commit();
    await slow;
    await released();
    expect(numbers((await store.events({ limit: 10, after: last })).items)).toEqual(['slow', 'quick']);
  });
});

describe('a trade', () => {
  let ids: Awaited<ReturnType<typeof box.accept>>;
  beforeAll(async () => {
    const ledger = createLedgerStore({ sql: box.sql, clock: box.clock, random: systemRandom });
    await ledger.open(box.accountId, { cash: money('100000'), holdings: [] }, box.clock.now());
    await box.sql`
      insert into equity_snapshots (account_id, at, cash, position_value, equity, realized_pnl, unrealized_pnl)
      values (${box.accountId}, ${new Date('2026-11-20T14:00:00Z')}, 99990, 0, 99990.000, 0, 0)`;
    ids = await box.accept('10');
    const legs = [
      { role: 'stop_loss', type: 'stop', stopPrice: '145', limitPrice: null },
      { role: 'take_profit', type: 'limit', stopPrice: null, limitPrice: '160' },
    ];
    for (const leg of legs) {
      const id = systemRandom.id();
      await box.sql`
        insert into orders (id, account_id, parent_id, strategy, mode, role, client_order_id, symbol, side, type, order_class,
          time_in_force, quantity, stop_price, limit_price, reference_price, status, created_at, updated_at)
        values (${id}, ${box.accountId}, ${ids.orderId}, 'default', 'paper', ${leg.role}, ${id}, 'AAPL', 'sell', ${leg.type},
          'bracket', 'gtc', '10.000', ${leg.stopPrice}, ${leg.limitPrice}, '150', 'accepted', ${box.clock.now()}, ${box.clock.now()})`;
    }
    await box.store.recordFill(
      box.accountId,
      brokerFill(ids.brokerOrderId, '4', '4', { price: price('150.10') }),
      'stream',
    );
    await box.store.recordFill(
      box.accountId,
      brokerFill(ids.brokerOrderId, '6', '10', { price: price('150.00') }),
      'poll',
    );
    await box.store.applyBrokerOrder(
      box.accountId,
      brokerOrder(ids, { status: 'filled', filledQuantity: quantity('10') }),
      'poll',
    );
  });

  it('is a position at its average, marked at the last price, with what protects it', async () => {
    const items = await store.positions();
    valid(position, items);
    expect(items).toEqual([
      expect.objectContaining({
        accountId: box.accountId,
        symbol: 'AAPL',
        quantity: '10',
        averagePrice: '150.04',
        cost: '1500.4',
        lastPrice: '151.005',
        marketValue: '1510.05',
        unrealizedPnl: '9.65',
        stopLossPrice: '145',
        takeProfitPrice: '160',
      }),
    ]);
    expect(await store.positions(systemRandom.id())).toEqual([]);
  });

  it('leaves the account with cash and equity of the ledger, and the day’s profit', async () => {
    const [mine] = await store.accounts();
    valid(account, [mine]);
    expect(mine).toMatchObject({
      cash: '98499.6',
      positionValue: '1510.05',
      equity: '100009.65',
      unrealizedPnl: '9.65',
      realizedPnl: '0',
      dayPnl: '19.65',
      connected: true,
    });
  });

  it('is an order with its legs and fills, decimals without padding', async () => {
    const [whole, ...legs] = await store.orderWithLegs(ids.orderId);
    valid(order, [whole, ...legs]);
    expect(whole).toMatchObject({ filledQuantity: '10', averagePrice: '150.04', status: 'filled' });
    expect(legs.map((leg) => [leg.role, leg.quantity, leg.signalId])).toEqual([
      ['take_profit', '10', ids.signalId],
      ['stop_loss', '10', ids.signalId],
    ]);
    const fills = await store.executionsOf([ids.orderId]);
    valid(execution, fills);
    expect(fills.map((fill) => [fill.quantity, fill.price, fill.source])).toEqual([
      ['4', '150.1', 'stream'],
      ['6', '150', 'poll'],
    ]);
  });

  it('is among the closed orders, its legs among the open ones', async () => {
    const roles = async (status: 'open' | 'closed' | 'all') =>
      (await store.orders({ limit: 50, status, symbol: 'aapl' })).items.map((one) => one.role).sort();
    expect(await roles('open')).toEqual(['stop_loss', 'take_profit']);
    expect(await roles('closed')).toEqual(['entry']);
    expect(await roles('all')).toEqual(['entry', 'stop_loss', 'take_profit']);
  });

  it('has a receipt from the raw body to the ledger', async () => {
    const found = await store.receipt(ids.signalId);
    valid(receipt, [found]);
    expect(found).toMatchObject({
      signal: { id: ids.signalId, orderId: ids.orderId, orderStatus: 'filled', averagePrice: '150.04' },
      raw: { body: '{}', bytes: 2 },
      decision: { id: ids.decisionId, outcome: 'approved' },
      order: { id: ids.orderId },
      pnl: { realized: '0', fees: '0', slippage: '0.4' },
    });
    expect(found!.legs).toHaveLength(2);
    expect(found!.executions).toHaveLength(2);
    expect(found!.pnl.ledgerTransactions).toHaveLength(2);
    expect(found!.events.map((one) => one.kind)).toEqual(
      expect.arrayContaining(['order.filled', 'execution.recorded']),
    );
    const reached = found!.steps.filter((one) => one.at !== null).map((one) => one.name);
    expect(reached).toEqual(expect.arrayContaining(['decided', 'submitting', 'acknowledged', 'first_fill', 'filled']));
    expect(await store.receipt(systemRandom.id())).toBeNull();
  });

  it('has a decision in the list, newest first, and by its signal', async () => {
    const { items } = await store.decisions({ limit: 50, outcome: 'approved' });
    valid(decision, items);
    expect(items.map((one) => one.id)).toContain(ids.decisionId);
    expect((await store.decisions({ limit: 50, outcome: 'denied' })).items).toEqual([]);
    expect(await store.findDecisions([ids.signalId])).toHaveLength(1);
  });

  it('is the latest signal', async () => {
    expect((await store.latestSignal())?.id).toBe(ids.signalId);
  });

  it('has an equity curve that is thinned but keeps its ends', async () => {
    const since = new Date('2026-11-20T15:00:00Z');
    await box.sql`
      insert into equity_snapshots (account_id, at, cash, position_value, equity, realized_pnl, unrealized_pnl)
      select ${box.accountId}, ${since}::timestamptz + i * interval '15 seconds', 1, 1, i + 0.1250, 0, 0
      from generate_series(0, 9999) as i`;
    const points = await store.equity(box.accountId, since);
    expect(points.length).toBeGreaterThan(1000);
    expect(points.length).toBeLessThanOrEqual(1502);
    expect(points.at(-1)!.equity).toBe('9999.13');
    expect(points.map((point) => point.at)).toEqual([...points.map((point) => point.at)].sort());
  });
});

describe('a short position', () => {
  it('is protected by a stop above it, the nearest of several', async () => {
    const at = box.clock.now();
    const accountId = systemRandom.id();
    await box.sql`
      insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
      values (${accountId}, 'short', 'alpaca', 'embedded', 'paper', 'key', 'sealed')`;
    await box.sql`
      with owned as (insert into strategy_positions (account_id, strategy, symbol, quantity, cost, updated_at)
        values (${accountId}, 'default', 'AAPL', -3, -450, ${at}))
      insert into positions (account_id, symbol, quantity, cost, updated_at)
      values (${accountId}, 'AAPL', -3, -450, ${at})`;
    for (const stop of ['158', '155']) {
      const id = systemRandom.id();
      await box.sql`
        insert into orders (id, account_id, strategy, mode, role, client_order_id, symbol, side, type, order_class, time_in_force,
          quantity, stop_price, reference_price, status, created_at, updated_at)
        values (${id}, ${accountId}, 'default', 'paper', 'stop_loss', ${id}, 'AAPL', 'buy', 'stop', 'bracket', 'gtc', 3, ${stop},
          150, 'accepted', ${at}, ${at})`;
    }
    expect(await store.positions(accountId)).toMatchObject([
      { quantity: '-3', averagePrice: '150', marketValue: '-453.015', unrealizedPnl: '-3.02', stopLossPrice: '155' },
    ]);
  });
});
