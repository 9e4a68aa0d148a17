// A database of before limits had versions comes out with every limit it had, readable by the rules, and with what its accounts have done.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultStrategySettings } from '../../../core/model/settings.ts';
import { createLimitBook, type LimitBook } from '../../../pipeline/risk/limit-book.ts';
import { loadRules } from '../../../pipeline/risk/load-rules.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { connectDatabase, type Sql } from '../connect.ts';
import { migrate } from '../migrate.ts';
import { readSnapshot, type Snapshot } from '../settings-store/snapshot.ts';

const migrations = fileURLToPath(new URL('../../../../migrations', import.meta.url));
/** The newest one of before. */
const last = '0016_shadow_told_once';
const own = '0a000000-0000-4000-8000-000000000001';
const plain = '0a000000-0000-4000-8000-000000000002';
const gone = '0a000000-0000-4000-8000-000000000003';
const at = '2026-11-20T15:30:00.000Z';

/** Brings an empty database to the shape it had before, by the same migrations in the same way. */
async function migrateUntil(url: string, tag: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-migrations-'));
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await cp(migrations, folder, { recursive: true });
    const file = join(folder, 'meta/_journal.json');
    const journal = JSON.parse(await readFile(file, 'utf8')) as { entries: { tag: string }[] };
    const entries = journal.entries.slice(0, journal.entries.findIndex((one) => one.tag === tag) + 1);
    await writeFile(file, JSON.stringify({ ...journal, entries }));
    await runMigrations(drizzle(client), { migrationsFolder: folder });
  } finally {
    await client.end();
    await rm(folder, { recursive: true });
  }
}

async function fill(sql: Sql): Promise<void> {
  const account = (id: string, name: string, limits: object, archived: boolean) => sql`
    insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted, limits, archived_at)
    values (${id}, ${name}, 'embedded', 'embedded', 'paper', ${name}, 'x', ${sql.json({ ...limits })},
      ${archived ? at : null})`;
  await account(
    own,
    'own',
    { maxOrderValue: null, maxOpenOrders: 3, maxPositionOfEquity: '0.10', maxDailyLossOfEquity: '99' },
    false,
  );
  await account(plain, 'plain', {}, false);
  await account(gone, 'gone', { maxExposureOfEquity: '40' }, true);
  const risk = {
    maxAlertAgeSeconds: 86_400,
    maxPriceDistance: '50',
    maxPositionOfEquity: '0.25',
    maxExposureOfEquity: '1.23456789199',
    maxOpenOrders: 100_000,
    maxOrderValue: '1000.50',
    maxDailyLossOfEquity: '0.02',
    maxQuoteAgeSeconds: 1,
    defaultBarSeconds: 86_400,
  };
  await sql`
    insert into settings (key, value, updated_by, updated_at) values
      ('risk', ${sql.json(risk)}, 'ada', ${at}), ('display.zone', '"Europe/Zurich"', 'bob', ${at})`;
  const { sizing, stop, bounds, ...strategy } = defaultStrategySettings;
  await sql`
    insert into strategies (key, mode, enabled, settings, updated_at)
    values ('trend', 'paper', true, ${sql.json({ ...strategy, stopDistance: '0.025' })}, ${at})`;
  const posting = '0b000000-0000-4000-8000-000000000001';
  await sql.begin(async (tx) => {
    await tx`
      insert into ledger_transactions (id, account_id, kind, reference, at, posted_at)
      values (${posting}, ${own}, 'deposit', 'opening', ${at}, ${at})`;
    await tx`
      insert into ledger_entries (id, transaction_id, account_id, book, amount) values
        (gen_random_uuid(), ${posting}, ${own}, 'cash', 100000), (gen_random_uuid(), ${posting}, ${own}, 'capital', -100000)`;
  });
  await sql`
    insert into equity_snapshots (account_id, at, cash, position_value, equity, realized_pnl, unrealized_pnl) values
      (${own}, '2026-11-20T16:00:00Z', 100000, 0, 100000, 0, 0), (${own}, '2026-11-20T17:00:00Z', 100000, 900, 100900, 0, 900),
      (${own}, '2026-11-20T18:00:00Z', 100000, 100, 100100, 0, 100)`;
  await sql.begin(async (tx) => {
    await tx`
      insert into positions (account_id, symbol, quantity, cost, updated_at)
      values (${own}, 'AAPL', 10, 1500, ${at}), (${own}, 'MSFT', 1, 400, ${at})`;
    await tx`
      insert into strategy_positions (account_id, strategy, symbol, quantity, cost, updated_at)
      values (${own}, 'trend', 'AAPL', 10, 1500, ${at}), (${own}, 'external', 'MSFT', 1, 400, ${at})`;
  });
}

describe('a database of before limits had versions', () => {
  let database: TestDatabase;
  let name: string;
  let sql: Sql;
  let snapshot: Snapshot;
  let book: LimitBook;

  beforeAll(async () => {
    database = await createTestDatabase();
    name = `${new URL(database.url).pathname.slice(1)}_old`;
    await database.sql.unsafe(`create database ${name}`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    await migrateUntil(url.href, last);
    sql = connectDatabase(url.href, { max: 2 });
    await fill(sql);
    await migrate(url.href);
    snapshot = await readSnapshot(sql);
    book = createLimitBook(await loadRules(), snapshot.settings.limits);
  });
  afterAll(async () => {
    await sql?.end();
    await database?.sql.unsafe(`drop database if exists ${name} with (force)`);
    await database?.drop();
  });

  const held = (accountId: string) =>
    Object.fromEntries(
      book
        .heldFor({ accountId, strategy: 'trend', sector: 'Technology', symbol: 'AAPL' })
        .map((limit) => [limit.rule.key, { scope: limit.scope.kind, severity: limit.severity, ...limit.parameters }]),
    );

  it('holds everybody to what the settings said', () => {
    const scope = { scope: 'everything', severity: 'deny' };
    expect(held(plain)).toMatchObject({
      'alert-age': { ...scope, maxAgeSeconds: 86_400, maxSkewSeconds: 60 },
      // More than the rule can have now.
      'price-against-quote': { ...scope, maxDistance: '1' },
      'max-position': { ...scope, maxShareOfEquity: '0.25' },
      // More digits than it can have now.
      'max-exposure': { ...scope, maxShareOfEquity: '1.234567891' },
      'max-open-orders': { ...scope, maxOrders: 100_000 },
      'max-order-value': { ...scope, maxValue: '1000.5' },
      'daily-loss': { ...scope, maxShareOfEquity: '0.02' },
      'live-quote': { ...scope, maxAgeSeconds: 1 },
      'duplicate-in-bar': { ...scope, barSeconds: 86_400 },
    });
  });

  it('holds an account to what it had of its own, and where it had no limit to none', () => {
    const scope = { scope: 'account', severity: 'deny' };
    expect(held(own)).toMatchObject({
      'max-open-orders': { ...scope, maxOrders: 3 },
      'max-position': { ...scope, maxShareOfEquity: '0.1' },
      'daily-loss': { ...scope, maxShareOfEquity: '1' },
      'max-exposure': { scope: 'everything' },
    });
    expect(held(own)).not.toHaveProperty('max-order-value');
    expect(held(gone)).toMatchObject({ 'max-exposure': { ...scope, maxShareOfEquity: '20' } });
  });

  it('has no limit that the rules cannot read, and says who set them and when', async () => {
    for (const accountId of [own, plain, gone]) {
      expect(book.unreadable({ accountId, strategy: 'trend', sector: 'Technology', symbol: 'AAPL' })).toBeNull();
    }
    const rows = await sql`
      select scope_kind as kind, author, version, count(*)::int as count from risk_limits group by 1, 2, 3 order by 1`;
    expect(rows).toEqual([
      { kind: 'account', author: 'an earlier version', version: 1, count: 5 },
      { kind: 'everything', author: 'ada', version: 1, count: 9 },
    ]);
    expect(snapshot.settings.limits.find((one) => one.scope.kind === 'everything')!.at).toEqual(new Date(at));
    expect(await sql`select key from settings`).toEqual([{ key: 'display.zone' }]);
    expect(snapshot.settings['display.zone']).toBe('Europe/Zurich');
  });

  it('keeps its strategies, which size and stop as they did', () => {
    expect(snapshot.strategies.get('trend')!.settings).toEqual({ ...defaultStrategySettings, stopDistance: '0.025' });
  });

  it('knows what its accounts have done until now, and folds their trades again', async () => {
    expect(await sql`select book, trim_scale(balance)::text as balance from account_balances order by book`).toEqual([
      { book: 'capital', balance: '-100000' },
      { book: 'cash', balance: '100000' },
    ]);
    const [mark] = await sql`
      select account_id as account, first_at as "firstAt", trim_scale(first_equity)::text as first,
        trim_scale(capital_at_first)::text as capital, trim_scale(peak_equity)::text as peak
      from account_marks`;
    expect(mark).toEqual({
      account: own,
      firstAt: new Date('2026-11-20T16:00:00Z'),
      first: '100000',
      capital: '-100000',
      peak: '100900',
    });
    expect(await sql`select strategy, symbol, stale from trade_folds`).toEqual([
      { strategy: 'trend', symbol: 'AAPL', stale: true },
    ]);
  });
});
