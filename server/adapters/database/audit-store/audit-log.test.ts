// Invariants: every audited event becomes one entry, in commit order, however many processes chain at once; no statement of the app changes one;
// what is changed behind its back is found.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyChain } from '../../../core/audit/chain.ts';
import { verifyRows } from '../../../core/audit/verify.ts';
import type { AuditLog } from '../../../core/ports/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { connectDatabase, type Sql } from '../connect.ts';
import { appendEvents } from '../event-reader/append-events.ts';
import { createAuditLog } from './audit-log.ts';

let database: TestDatabase;
let others: Sql[];
let audit: AuditLog;
beforeAll(async () => {
  database = await createTestDatabase();
  others = Array.from({ length: 4 }, () => connectDatabase(database.url, { max: 1 }));
  audit = createAuditLog(database);
});
afterAll(async () => {
  await Promise.all(others.map((sql) => sql.end()));
  await database.drop();
});

/** Behind the app's back: what only whoever owns the database can do. */
async function behind(...statements: string[]): Promise<void> {
  await database.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const statement of statements) await tx.unsafe(statement);
  });
}
beforeEach(() => behind('truncate audit_entries', 'truncate events', 'truncate event_cursors'));
afterEach(() => behind('truncate audit_entries'));

const tell = (...names: string[]) =>
  appendEvents(
    database.sql,
    names.map((to) => ({ kind: 'settings.changed', data: { key: 'display.zone', to, by: 'Ada' } })),
  );
const toOf = (entry: string) => (JSON.parse(entry) as { data: { to: string } }).data.to;
/** Chains until nothing is left: a transaction of a test beside this one may hold the reader back for a moment. */
async function chainAll(expected: number): Promise<void> {
  await expect
    .poll(
      async () => {
        while ((await audit.chain(500)).more);
        return (await audit.head()).number;
      },
      { timeout: 60_000 },
    )
    .toBe(expected);
}
/** As the page and the command verify it. */
async function verify() {
  const rows = await audit.read(0, 10_000);
  const { fault } = verifyRows(emptyChain, rows);
  return fault ?? (await audit.compareEvents(rows)) ?? (await audit.findMissing());
}

describe('the chain', () => {
  it('has an entry for each event of people, in their order, and none of the machine’s', async () => {
    await tell('one', 'two');
    await appendEvents(database.sql, [{ kind: 'equity.recorded', data: {} }]);
    await tell('three');
    await chainAll(3);
    const rows = await audit.read(0, 10);
    expect(rows.map(({ entry }) => toOf(entry))).toEqual(['one', 'two', 'three']);
    expect(await audit.head()).toMatchObject({ number: 3, hash: rows[2]!.hash });
    expect(await verify()).toBeNull();
  });

  it('is one chain when many write and many chain at once', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `event ${at}`);
    const logs = others.map((sql) => createAuditLog({ sql }));
    const writing = Promise.all(names.map((name) => tell(name)));
    let done = false;
    const chaining = logs.map(async (log) => {
      while (!done) await log.chain(7);
    });
    await writing;
    await expect.poll(async () => (await audit.head()).number, { timeout: 60_000 }).toBe(200);
    done = true;
    await Promise.all(chaining);
    const rows = await audit.read(0, 1_000);
    expect(rows.map(({ entry }) => toOf(entry)).sort()).toEqual([...names].sort());
    expect(await verify()).toBeNull();
  });

  it('does not skip an event that commits late', async () => {
    const other = others[0]!;
    await other`begin`;
    await appendEvents(other, [{ kind: 'settings.changed', data: { to: 'late', by: 'Ada' } }]);
    await tell('early');
    await audit.chain(500);
    expect((await audit.head()).number).toBe(0);
    await other`commit`;
    await chainAll(2);
    expect((await audit.read(0, 10)).map(({ entry }) => toOf(entry))).toEqual(['late', 'early']);
  });

  it('is changed by no statement of the app', async () => {
    await tell('one', 'two');
    await chainAll(2);
    const { sql } = database;
    await expect(sql`update audit_entries set entry = '{}' where number = 1`).rejects.toThrow('append-only');
    await expect(sql`delete from audit_entries`).rejects.toThrow('append-only');
    await expect(sql`truncate audit_entries`).rejects.toThrow('append-only');
    for (const [number, previous] of [
      [2, '0'.repeat(64)],
      [4, (await audit.head()).hash],
      [3, 'f'.repeat(64)],
    ] as const) {
      await expect(
        sql`insert into audit_entries (number, previous_hash, hash, entry) values (${number}, ${previous}, 'x', '{}')`,
      ).rejects.toThrow('does not follow entry 2');
    }
    expect(await verify()).toBeNull();
  });

  it('is found by who, what, when and any word, a page at a time', async () => {
    await tell('one', '100 %', 'three');
    await chainAll(3);
    const numbers = async (query: object) => (await audit.list({ limit: 10, ...query })).map(({ number }) => number);
    expect(await numbers({})).toEqual([3, 2, 1]);
    expect(await numbers({ who: 'aDa', limit: 2 })).toEqual([3, 2]);
    expect(await numbers({ before: 2 })).toEqual([1]);
    expect(await numbers({ who: 'nobody' })).toEqual([]);
    expect(await numbers({ kind: 'settings.' })).toEqual([3, 2, 1]);
    expect(await numbers({ text: '0 %' })).toEqual([2]);
    expect(await numbers({ from: '2999-01-01T00:00:00.000Z' })).toEqual([]);
    expect(await numbers({ until: '2999-01-01T00:00:00.000Z' })).toEqual([3, 2, 1]);
  });
});

describe('what is done behind the app’s back is found', () => {
  beforeEach(async () => {
    await tell('one', 'two', 'three');
    await chainAll(3);
  });

  it.each([
    ['an entry changed', "update audit_entries set entry = replace(entry, 'two', 'owt') where number = 2", 2, 'HASH'],
    ['an entry deleted', 'delete from audit_entries where number = 2', 2, 'NUMBER'],
    ['the first deleted', 'delete from audit_entries where number = 1', 1, 'NUMBER'],
    ['the end cut off', 'delete from audit_entries where number = 3', 3, 'MISSING'],
    ['an event changed', `update events set data = data || '{"to": "x"}' where data->>'to' = 'two'`, 2, 'EVENT'],
    ['an event deleted', "delete from events where data->>'to' = 'three'", 3, 'EVENT'],
  ])('%s', async (_what, statement, number, code) => {
    await behind(statement);
    expect(await verify()).toMatchObject({ number, code });
  });

  it('an event put in where it had been read already', async () => {
    await behind(
      `insert into events (xid, kind, data)
       select xid, 'mode.changed', '{}' from events where data->>'to' = 'one'`,
      `update event_cursors set seq = (select max(seq) from events), xid = (select max(xid) from events) where reader = 'audit'`,
    );
    expect(await verify()).toMatchObject({ code: 'MISSING' });
  });
});
