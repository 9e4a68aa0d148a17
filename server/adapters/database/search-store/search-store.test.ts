// Invariants: every field of every document is in its template, which is strict; a repeat gives the same documents under the same versions.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type SearchDocument, searchAliases } from '../../../core/ports/search-index.ts';
import { instrumentsFile } from '../../../main/instruments.ts';
import { searchFolder } from '../../../main/search.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { seedTrades } from '../../../testing/search-seed.ts';
import { connectDatabase, plansByKey, type Sql } from '../connect.ts';
import { readEvents } from '../event-reader/cursor.ts';
import { createInstrumentStore } from '../instrument-store/instrument-store.ts';
import { loadInstruments } from '../instrument-store/load-shipped.ts';
import { instrumentFields } from './documents/shape.ts';
import { createSearchStore } from './search-store.ts';

let database: TestDatabase;
let sql: Sql;
let documents: readonly SearchDocument[];

beforeAll(async () => {
  database = await createTestDatabase();
  sql = connectDatabase(database.url, { max: 4, settings: plansByKey });
  await loadInstruments(sql, instrumentsFile);
  const trades = await seedTrades(sql);
  await trades.more(40);
  const held = [{ symbol: 'AAPL', quantity: '10', marketValue: '1510', unrealizedPnl: '10' }];
  const equity = { cash: '8490', positionValue: '1510', equity: '10000', realizedPnl: '1', unrealizedPnl: '10' };
  await sql`
    insert into events (kind, account_id, data) values
      ('equity.recorded', ${trades.accountId}, ${sql.json({ at: '2026-11-20T15:00:00.000Z', ...equity, positions: held })}),
      ('equity.recorded', ${trades.accountId}, ${sql.json({ at: '2026-11-20T15:00:15.000Z', ...equity })}),
      ('health.recorded', null, ${sql.json({ state: 'ok', stateCode: 0, degraded: [], down: [], sentence: 'All is well.' })}),
      ('kill_switch.engaged', null, ${sql.json({ by: 'ada', reason: 'a storm of {"odd": "words"}' })})`;
  documents = await read();
});
afterAll(async () => {
  await sql?.end();
  await database?.drop();
});

async function read(): Promise<readonly SearchDocument[]> {
  const [all] = await sql<{ count: number }[]>`select count(*)::int as count from events`;
  // A transaction of any test on the same server holds readers back for its length.
  const events = await vi.waitFor(
    async () => {
      const found = await readEvents(sql, { xid: '0', seq: '0', after: null }, 10_000);
      expect(found.events).toHaveLength(all!.count);
      return found.events;
    },
    { timeout: 60_000, interval: 50 },
  );
  return createSearchStore({ sql, baseUrl: 'https://signalbox.example' }).documents(events);
}
const of = (alias: string) => documents.filter((one) => one.alias === alias).map((one) => JSON.parse(one.json));

describe('documents', () => {
  it('have only fields of their strict templates, and there are some of every kind', () => {
    const seen = new Set<string>();
    for (const { alias, json } of documents) {
      seen.add(alias);
      const template = JSON.parse(readFileSync(join(searchFolder, 'templates', `${alias}.json`), 'utf8'));
      const fields = Object.keys(template.template.mappings.properties);
      expect(fields, alias).toEqual(expect.arrayContaining(Object.keys(JSON.parse(json))));
    }
    expect([...seen].sort()).toEqual([...searchAliases].sort());
  });

  it('are one for each row, under the number of the newest event that told of it', async () => {
    const [row] = await sql<Record<string, number>[]>`
      select (select count(*)::int from trading_signals) as signals, (select count(*)::int from orders) as orders,
        (select count(*)::int from trade_executions) as executions`;
    expect(of('trading-signals')).toHaveLength(row!.signals!);
    expect(of('trading-orders')).toHaveLength(row!.orders!);
    expect(of('trade-executions')).toHaveLength(row!.executions!);
    const [newest] = await sql<{ signal: string; seq: string }[]>`
      select signal_id as signal, max(seq)::text as seq from events where signal_id is not null group by 1 limit 1`;
    const signal = documents.find(({ alias, id }) => alias === 'trading-signals' && id === newest!.signal);
    expect(signal).toMatchObject({ version: newest!.seq, part: '2026.11' });
    expect(await read()).toEqual(documents);
  });

  it('say what a ticker stands for, and where the receipt is', () => {
    const signals = of('trading-signals');
    expect(signals.find((one) => one.ticker === 'AAPL')).toMatchObject({
      sector: 'Information Technology',
      industry: 'Technology Hardware, Storage & Peripherals',
      name: 'Apple Inc.',
    });
    expect(signals.find((one) => one.ticker === 'NOPE')).toMatchObject({ sector: 'Unknown', industry: 'Unknown' });
    for (const one of signals) expect(one.receiptUrl).toBe(`https://signalbox.example/signals/${one.signalId}`);
  });

  it('count what is not in the table as limits do', async () => {
    const symbols = ['AAPL', 'BTC/USD', 'NEWCOIN/USDT', 'EUR/USD', 'NOPE'];
    const instruments = await createInstrumentStore({ sql, clock: new ManualClock() });
    const limits = symbols.map((symbol) => {
      const { sector, industry } = instruments.classify(symbol);
      return [symbol, sector, industry];
    });
    const rows = await sql<{ told: Record<string, string> }[]>`
      select json_build_object(${instrumentFields(sql, sql`t.ticker`)}) as told
      from unnest(${symbols}::text[]) with ordinality as t (ticker, at)
      left join instruments i on i.symbol = t.ticker order by at`;
    expect(rows.map(({ told }) => [told.ticker, told.sector, told.industry])).toEqual(limits);
  });

  it('tell slippage from our side: positive is worse, for a buyer and for a seller', () => {
    const fills = of('trade-executions');
    const buy = fills.find((one) => one.side === 'buy');
    const sell = fills.find((one) => one.side === 'sell');
    // Seeded a cent above the reference price: bad for a buyer, good for a seller.
    expect(buy.slippageAmount).toBeCloseTo(buy.quantity * 0.01, 9);
    expect(sell.slippageAmount).toBeCloseTo(sell.quantity * -0.01, 9);
    expect(buy.slippageBps).toBeCloseTo((0.01 / (buy.price - 0.01)) * 10_000, 3);
  });

  it('tell how long each step took, and which rules denied', () => {
    expect(of('trading-orders')[0]).toMatchObject({
      intakeToDecisionMs: 9,
      decisionToSubmitMs: 3,
      submitToAcknowledgedMs: 4,
      submitToFilledMs: 3,
      alertToFilledMs: 15,
    });
    expect(of('trading-decisions').find((one) => one.outcome === 'denied')).toMatchObject({
      deniedBy: ['max-position'],
      passed: ['kill-switch'],
      code: 'RISK_MAX_POSITION',
      modeReasons: ['signal: paper'],
    });
  });

  it('of equity have one for each position, by its share', () => {
    expect(of('trading-exposure')).toEqual([
      expect.objectContaining({
        ticker: 'AAPL',
        marketValue: 1510,
        exposureOfEquity: 0.151,
        sector: 'Information Technology',
      }),
    ]);
    expect(of('trading-equity').map((one) => one.exposureOfEquity)).toEqual([0.151, 0]);
  });
});

describe('the store', () => {
  it('knows how far a reader is behind, by number and by age', async () => {
    const store = createSearchStore({ sql, baseUrl: '' });
    const [all] = await sql<{ count: number }[]>`select count(*)::int as count from events`;
    const lag = await store.lag(1);
    expect(lag.events).toBe(all!.count);
    expect(lag.seconds).toBeGreaterThan(0);
    await sql`
      insert into event_cursors (reader, xid, seq) select 'search:1', xid, seq from events order by xid desc, seq desc limit 1`;
    expect(await store.lag(1)).toEqual({ events: 0, seconds: 0 });
    await store.forgetOthers(2);
    expect((await store.lag(1)).events).toBe(all!.count);
  });

  it('gives one process at a time the right to write a generation', async () => {
    const [one, two] = [createSearchStore({ sql, baseUrl: '' }), createSearchStore({ sql, baseUrl: '' })];
    const release = await one.takeTurn(7);
    expect(await two.takeTurn(7)).toBeNull();
    const other = await two.takeTurn(8);
    await release!();
    const again = await two.takeTurn(7);
    expect(again).not.toBeNull();
    await Promise.all([other!(), again!()]);
  });

  it('leaves the others their connections when the one that had the right was lost', async () => {
    const few = connectDatabase(database.url, { max: 1 });
    try {
      const store = createSearchStore({ sql: few, baseUrl: '' });
      const release = await store.takeTurn(9);
      const end = () => sql`
        select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 9 and granted`;
      expect(await end()).toHaveLength(1);
      await expect.poll(async () => (await end()).length).toBe(0);
      await release!();
      // Whatever comes next gets a connection that works, and the right can be had again.
      expect(await few`select 1 as one`).toEqual([{ one: 1 }]);
      const again = await store.takeTurn(9);
      await again!();
      expect(await few`select 2 as two`).toEqual([{ two: 2 }]);
    } finally {
      await few.end({ timeout: 1 });
    }
  });

  it('keeps what was refused until that very version was taken', async () => {
    const store = createSearchStore({ sql, baseUrl: '' });
    const document = documents[0]!;
    await store.keepRefused(1, [{ document, reason: 'no such field' }]);
    await store.keepRefused(1, [{ document: { ...document, version: '999' }, reason: 'still no such field' }]);
    await store.forgetRefused(1, [document]);
    expect(await store.refused(1, 10)).toEqual([
      { document: { ...document, version: '999' }, reason: 'still no such field' },
    ]);
    await store.forgetRefused(1, [{ ...document, version: '999' }]);
    expect(await store.countRefused(1)).toBe(0);
  });
});

describe('a signal of several accounts', () => {
  it('names each of them, those of shadows by themselves, and a decision says its weight and what it is for', async () => {
    const [given] = await sql<{ id: string; account: string; pnl: string }[]>`
      select s.id, d.account_id as account, e.realized_pnl as pnl from trading_signals s join decisions d on d.signal_id = s.id
      join orders o on o.decision_id = d.id join trade_executions e on e.order_id = o.id
      where e.realized_pnl <> 0 order by s.received_at limit 1`;
    const { id, account } = given!;
    const [first] = await sql<{ name: string }[]>`select name from accounts where id = ${account}`;
    const add = async (name: string, weight: string, shadow: boolean) => {
      const [row] = await sql<{ accountId: string; orderId: string }[]>`
        with opened as (
          insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
          values (gen_random_uuid(), ${name}, 'alpaca', 'embedded', 'paper', 'key', 'sealed') returning id),
        decided as (
          insert into decisions (id, signal_id, account_id, weight, shadow, mode, mode_reasons, intent, outcome, quantity, sizing,
            verdicts, started_at, decided_at)
          select gen_random_uuid(), ${id}, opened.id, ${weight}, ${shadow}, 'paper', '[]', 'exit', 'approved', 5, '{}', '[]',
            d.started_at, d.decided_at + interval '1 second' from opened, decisions d
          where d.signal_id = ${id} and d.account_id = ${account} returning *),
        sent as (
          insert into orders (id, account_id, decision_id, signal_id, strategy, mode, role, client_order_id, symbol, side, type,
            order_class, time_in_force, quantity, reference_price, status, created_at, updated_at)
          select gen_random_uuid(), account_id, id, ${id}, 'breakout', 'paper', 'exit', ${name}, 'KO', 'sell', 'market', 'simple',
            'day', 5, 60, 'filled', decided_at, decided_at from decided returning *),
        filled as (
          insert into trade_executions (id, order_id, account_id, execution_id, symbol, side, quantity, price, cumulative_quantity,
            realized_pnl, source, executed_at, recorded_at)
          select gen_random_uuid(), id, account_id, ${name}, 'KO', 'sell', 5, 61, 5, 1000, 'stream', created_at, created_at from sent),
        told as (
          insert into events (kind, signal_id, order_id, account_id, data)
          select 'decision.approved', ${id}, id, account_id, '{}' from sent)
        select account_id as "accountId", id as "orderId" from sent`;
      return row!;
    };
    const half = await add('half', '0.5', false);
    const beside = await add('beside', '1', true);
    const to = (accountId: string, change: object) => ({ accountId, weight: '1', shadow: false, ...change });
    const destinations = [
      to(account, {}),
      to(half.accountId, { exitOnly: true }),
      to(beside.accountId, { shadow: true }),
    ];
    await sql`update trading_signals set destinations = ${sql.json(destinations)} where id = ${id}`;

    documents = await read();
    const one = of('trading-signals').find((signal) => signal.signalId === id);
    expect(one).toMatchObject({
      account: [first!.name, 'half'],
      accountId: [account, half.accountId],
      shadowAccount: ['beside'],
    });
    // What a shadow made is nobody's money.
    expect(one.realizedPnl).toBeCloseTo(Number(given!.pnl) + 1000, 6);
    const decisions = of('trading-decisions').filter((decision) => decision.signalId === id);
    expect(
      decisions.map((decision) => [decision.account, decision.weight, decision.shadow, decision.exitOnly]).sort(),
    ).toEqual(
      [
        [first!.name, 1, false, false],
        ['half', 0.5, false, true],
        ['beside', 1, true, false],
      ].sort(),
    );
    const shadows = of('trading-orders').filter((order) => order.shadow);
    expect(shadows.map((order) => order.orderId)).toEqual([beside.orderId]);
  });
});
