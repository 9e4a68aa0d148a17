// Invariant: a database is migrated once, however many processes start on it at the same time.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../testing/database.ts';
import { connectDatabase } from './connect.ts';
import { migrate } from './migrate.ts';

const journal = JSON.parse(
  readFileSync(new URL('../../../migrations/meta/_journal.json', import.meta.url), 'utf8'),
) as { entries: unknown[] };

it('brings an empty database to the newest shape, four callers at once', async () => {
  await using database = await createTestDatabase();
  const name = `${new URL(database.url).pathname.slice(1)}_empty`;
  await database.sql.unsafe(`create database ${name}`);
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  const sql = connectDatabase(url.href, { max: 1 });
  try {
    await Promise.all([1, 2, 3, 4].map(() => migrate(url.href)));
    expect(await sql`select id from drizzle.__drizzle_migrations`).toHaveLength(journal.entries.length);
    const [found] = await sql`select to_regclass('trading_signals') is not null as signals`;
    expect(found).toEqual({ signals: true });
    await migrate(url.href);
    expect(await sql`select id from drizzle.__drizzle_migrations`).toHaveLength(journal.entries.length);
  } finally {
    await sql.end();
    await database.sql.unsafe(`drop database ${name} with (force)`);
  }
});
