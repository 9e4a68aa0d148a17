// What a person replays is no evidence for production: neither its trades nor its days nor its fills, those of its stop included.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { seedTrades } from '../../../testing/seeded-trades.ts';
import { promotionEvidence } from './shadow.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const criteria = { minDays: 1, minTrades: 1, maxSlippageBps: '100' } as const;
const evidence = async () => {
  const { lines, fills, realizedPnl, since } = await promotionEvidence(database.sql, 'swing', criteria);
  return { found: lines.map(({ found }) => found), fills, realizedPnl, since };
};

it('counts what alerts traded, and nothing of a replay', async () => {
  const { sql } = database;
  const seed = await seedTrades(sql, 'swing');
  await seed.trade({ day: '2026-11-16', bought: '50', sold: '51', quote: '50' });
  const before = await evidence();
  expect(before).toMatchObject({ fills: 2, realizedPnl: '10' });
  await seed.trade({ day: '2026-11-17', bought: '50', sold: '60', quote: '40' });
  expect(await evidence()).toMatchObject({ fills: 4, realizedPnl: '110' });
  const [first, second] = await sql<{ id: string }[]>`select id from trading_signals order by received_at`;
  await sql`
    update trading_signals set replay_of = ${first!.id}, parsed = parsed || '{"requestedMode": "paper"}' where id = ${second!.id}`;
  expect(await evidence()).toEqual(before);
});
