// Invariant: money and big numbers never pass through a JS number, and drizzle's habits stay with drizzle.
import { sql as statement } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { connectDatabase, openDrizzle } from './connect.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('reads numeric and bigint as text, times as Date, and writes a Date', async () => {
  const at = new Date('2026-11-20T15:00:00.123Z');
  const [row] = await database.sql`
    select 12345678901234567.89::numeric as money, 9007199254740993::bigint as big, ${at}::timestamptz as at`;
  expect(row).toEqual({ money: '12345678901234567.89', big: '9007199254740993', at });
});

it('gives drizzle a client of its own, so that ours keeps its dates', async () => {
  const sql = connectDatabase(database.url, { max: 1 });
  const { db, close } = openDrizzle(database.url, {});
  try {
    await db.execute(statement`select now()`);
    const [row] = await sql`select now() as at, ${new Date(0)}::timestamptz as zero`;
    expect(row!.at).toBeInstanceOf(Date);
    expect(row!.zero).toEqual(new Date(0));
  } finally {
    await close();
    await sql.end();
  }
});

it('ends statements that take too long and transactions that idle, and says who it is', async () => {
  const sql = connectDatabase(database.url, { max: 1, applicationName: 'a test' });
  try {
    const show = async (name: string) => (await sql.unsafe(`show ${name}`))[0]![name];
    expect(await show('statement_timeout')).toBe('10s');
    expect(await show('idle_in_transaction_session_timeout')).toBe('10s');
    expect(await show('application_name')).toBe('a test');
  } finally {
    await sql.end();
  }
});
