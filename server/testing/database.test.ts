import { expect, it } from 'vitest';
import { createTestDatabase } from './database.ts';

it('gives each test a migrated database of its own', async () => {
  await using one = await createTestDatabase();
  await using two = await createTestDatabase();
  await one.sql`insert into strategies (key, settings) values ('only-in-one', '{}')`;
  expect(await two.sql`select key from strategies`).toHaveLength(0);
  expect(await one.sql`select key from strategies`).toHaveLength(1);
});
