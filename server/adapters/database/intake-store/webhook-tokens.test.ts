import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { systemRandom } from '../../clock/system-random.ts';
import { createWebhookTokens } from './webhook-tokens.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const open = (clock = new ManualClock()) => createWebhookTokens({ sql: database.sql, clock, random: systemRandom });

test('a token is found by itself and by nothing else, and only its hash is kept', async () => {
  const tokens = open();
  const token = await tokens.issue('mine', 'tradingview');
  expect(await tokens.find(token)).toMatchObject({ name: 'mine', source: 'tradingview' });
  expect(await tokens.find(`${token}x`)).toBeNull();
  expect(await tokens.find('')).toBeNull();
  const rows = await database.sql`SELECT * FROM webhook_tokens`;
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('a token issued by another process is found', async () => {
  const clock = new ManualClock();
  const ours = open(clock);
  expect(await ours.find('nothing')).toBeNull();
  const token = await open().issue('theirs', 'tradingview');
  await clock.advance(1000);
  expect(await ours.find(token)).toMatchObject({ name: 'theirs' });
});

test('guessing asks the database at most once a second', async () => {
  const clock = new ManualClock();
  let asked = 0;
  const sql = new Proxy(database.sql, {
    apply(target, self, args) {
      asked++;
      return Reflect.apply(target as never, self, args);
    },
  });
  const tokens = createWebhookTokens({ sql, clock, random: systemRandom });
  for (let i = 0; i < 50; i++) expect(await tokens.find(`guess-${i}`)).toBeNull();
  expect(asked).toBe(1);
  await clock.advance(1000);
  await Promise.all(Array.from({ length: 50 }, (_, i) => tokens.find(`guess-${i}`)));
  expect(asked).toBe(2);
});

test('a revoked token is no longer found', async () => {
  const tokens = open();
  const token = await tokens.issue('leaked', 'tradingview');
  const { id } = (await tokens.find(token))!;
  expect(await tokens.revoke(id)).toBe(true);
  expect(await tokens.find(token)).toBeNull();
  expect(await tokens.revoke(id)).toBe(false);
  expect((await tokens.list()).map((t) => t.id)).not.toContain(id);
});

test('a known token is answered from memory when the database is away, an unknown one is an error and no "no"', async () => {
  await using own = await createTestDatabase();
  const clock = new ManualClock();
  const tokens = createWebhookTokens({ sql: own.sql, clock, random: systemRandom });
  const token = await tokens.issue('mine', 'tradingview');
  await own.sql.end({ timeout: 0 });
  await clock.advance(60_000);
  expect(await tokens.find(token)).toMatchObject({ name: 'mine' });
  await clock.advance(60_000);
  await expect(tokens.find('unknown')).rejects.toThrow();
});

test('an address is known by its id and by its source, and by no token', async () => {
  const clock = new ManualClock();
  const tokens = open(clock);
  const token = await tokens.issue('momentum', 'from-elsewhere', { dialect: 'traders-post', strategy: 'momentum' });
  const found = (await tokens.find(token))!;
  expect(found).toMatchObject({ source: 'from-elsewhere', dialect: 'traders-post', strategy: 'momentum' });
  expect(await tokens.exists(found.id)).toBe(true);
  expect(await tokens.exists(found.id.toUpperCase())).toBe(true);
  expect(await tokens.exists('from-elsewhere')).toBe(true);
  expect(await tokens.exists(token)).toBe(false);
  await tokens.revoke(found.id);
  expect(await tokens.exists(found.id)).toBe(false);
});

test('what is changed of a source counts for the next alert, and what is not said stays', async () => {
  const tokens = open();
  const token = await tokens.issue('mine', 'changing', { strategy: 'momentum' });
  const { id } = (await tokens.find(token))!;
  expect(await tokens.change(id, { dialect: 'traders-post' })).toMatchObject({ name: 'mine', dialect: 'traders-post' });
  expect(await tokens.find(token)).toMatchObject({ name: 'mine', dialect: 'traders-post', strategy: 'momentum' });
  await tokens.change(id, { name: 'ours', dialect: null });
  expect(await tokens.find(token)).toMatchObject({ name: 'ours', dialect: null, strategy: 'momentum' });
  expect((await tokens.list()).find((one) => one.id === id)).toMatchObject({ name: 'ours', dialect: null });
  await tokens.revoke(id);
  expect(await tokens.change(id, { name: 'gone' })).toBeNull();
});
