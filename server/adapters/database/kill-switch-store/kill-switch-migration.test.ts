// The one switch there was comes out of the migration as the one for everything: who had stopped trading has it stopped still.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../../testing/database.ts';
import { selectEngaged, toKillSwitch } from './rows.ts';

const migration = readFileSync(new URL('../../../../migrations/0009_kill_switches.sql', import.meta.url), 'utf8');

it.each([
  [{ engaged: true, reason: 'news', by: 'ada', at: '2026-11-20T15:30:00.000Z' }, true],
  [{ engaged: false, reason: 'it is over', by: 'bob', at: '2026-11-20T15:30:00.000Z' }, false],
])('of %o', async (value, engaged) => {
  await using database = await createTestDatabase();
  const { sql } = database;
  await sql`drop trigger orders_killed on orders`;
  await sql`drop function refuse_killed_entry`;
  await sql`drop table kill_switches`;
  await sql`insert into settings (key, value, updated_by) values ('kill_switch', ${sql.json(value)}, 'ada')`;
  await sql.unsafe(migration);
  expect(await sql`select 1 from settings where key = 'kill_switch'`).toHaveLength(0);
  expect((await selectEngaged(sql)).map(toKillSwitch)).toMatchObject(
    engaged
      ? [
          {
            scope: 'all',
            key: '',
            reason: 'news',
            by: 'ada',
            flatten: false,
            engagedAt: new Date(value.at),
            lifted: null,
          },
        ]
      : [],
  );
});
