// On a real database: TradersPost's address answers as TradersPost does, whatever becomes of the alert, and tells no secret.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemRandom as random } from '../adapters/clock/system-random.ts';
import { createSecretBox } from '../adapters/database/account-store/secret-box.ts';
import { createIntakeStore } from '../adapters/database/intake-store/intake-store.ts';
import { createWebhookTokens } from '../adapters/database/intake-store/webhook-tokens.ts';
import { createProofStore } from '../adapters/database/proof-store/proof-store.ts';
import { createPgBossQueue, type PgBossQueue } from '../adapters/queue/pg-boss-queue.ts';
import { defaultSettings } from '../core/model/settings.ts';
import type { IntakeStore } from '../core/ports/intake-store.ts';
import { readCorpus, textOf } from '../pipeline/intake/corpus/read-corpus.ts';
import { createIntake, type IntakeAnswer } from '../pipeline/intake/intake.ts';
import { loadDialects } from '../pipeline/intake/load-dialects.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { createRecordedLog } from '../testing/recorded-log.ts';
import { tradersPostRoutes } from './traders-post.ts';

let database: TestDatabase;
let queue: PgBossQueue;
let store: IntakeStore;
let app: ReturnType<typeof tradersPostRoutes>;
let password: string;
let id: string;
const clock = new ManualClock();
const log = createRecordedLog();
/** Takes the store's place where a test says so. */
let answers: IntakeAnswer | null = null;
let limits = { ratePerSecond: 1000, burst: 1000 };

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql, url } = database;
  queue = await createPgBossQueue({ url, clock, random, log });
  store = createIntakeStore({ url, jobs: queue, clock, log });
  const webhooks = createWebhookTokens({ sql, clock, random });
  password = await webhooks.issue('Momentum', 'momentum', { dialect: 'native', strategy: 'momentum' });
  id = (await webhooks.find(password))!.id;
  await webhooks.issue('Another', 'another');
  const secretBox = createSecretBox(random.token(32));
  const intake = createIntake({
    signs: { beat: async () => {} },
    metrics: { proofJudged() {} },
    store,
    tokens: webhooks,
    proofs: createProofStore({ sql, clock, random, log, secretBox, rotated: async () => {} }),
    failedProofs: { note: () => undefined },
    trustedProxies: [],
    settings: {
      current: () => ({ ...defaultSettings, intake: { ...defaultSettings.intake, ...limits } }),
    },
    dialects: await loadDialects(),
    recordings: { record: async () => {} },
    clock,
    random,
    log,
    onAccepted: () => undefined,
  });
  app = tradersPostRoutes({
    intake: { receive: async (alert) => answers ?? intake.receive(alert) },
    webhooks,
    connectionOf: () => ({ remote: { address: '203.0.113.7' } }),
  });
});
afterAll(async () => {
  await store.close();
  await queue.stop();
  await database.drop();
});

const send = async (body: string, address = `${id}/${password}`, method = 'POST'): Promise<Response> =>
  app.request(`/trading/webhook/${address}`, {
    method,
    ...(method === 'GET' ? {} : { body }),
    headers: { 'content-type': 'application/json' },
  });
/** What was answered. */
const replyOf = async (response: Response) =>
  (await response.json()) as { success: boolean; id: string; logId: string; messageCode?: string; message?: string };
const alert = (change = {}) =>
  JSON.stringify({ ticker: 'AAPL', action: 'buy', quantity: 1, extras: random.id(), ...change });

test('an alert is answered with its id and with what was sent, and is stored for the strategy of its webhook', async () => {
  const body = `{"ticker":"AAPL","action":"buy","quantity":1.50,"extras":"${random.id()}","stopLoss":{"percent":2}}`;
  const response = await send(body);
  expect(response.status).toBe(200);
  const text = await response.text();
  const reply = JSON.parse(text);
  expect(reply).toEqual({ success: true, id: expect.any(String), logId: reply.id, payload: JSON.parse(body) });
  expect(text).toContain('1.50');
  const [row] =
    await database.sql`select parsed, raw_body, strategy, status from trading_signals where id = ${reply.id}`;
  expect(row).toMatchObject({ raw_body: body, strategy: 'momentum', status: 'accepted' });
  expect(row!.parsed).toMatchObject({ action: 'buy', quantity: '1.5', stopLossPercent: '2', opposite: 'reverse' });
});

test('the same alert again is answered with the first one’s id', async () => {
  const body = alert({ time: '2026-11-20T15:30:00Z' });
  const first = await replyOf(await send(body));
  const again = await send(body);
  expect(again.status).toBe(200);
  expect(await again.json()).toEqual(first);
  const [{ count }] =
    (await database.sql`select count(*)::int as count from trading_signals where id = ${first.id}`) as [
      { count: number },
    ];
  expect(count).toBe(1);
});

test('the name of the source does for its id', async () => {
  expect((await send(alert(), `momentum/${password}`)).status).toBe(200);
});

test('the alerts of the corpus are answered with TradersPost’s words, and those refused are kept', async () => {
  const corpus = (await readCorpus('traders-post')).filter((one) => one.problems);
  for (const one of corpus) {
    const response = await send(textOf(one));
    expect([one.name, response.status]).toEqual([one.name, 400]);
    const reply = await replyOf(response);
    expect([one.name, reply.messageCode]).toEqual([one.name, one.messageCode]);
    expect(reply).toEqual({
      success: false,
      logId: expect.any(String),
      messageCode: one.messageCode,
      message: expect.stringMatching(/expected|TradingView/),
    });
    const [row] = await database.sql`select status, code from trading_signals where id = ${reply.logId}`;
    expect(row).toMatchObject({ status: 'refused', code: one.code });
  }
});

describe('who is not known', () => {
  test.each([
    ['an id that is none', (): string => `${random.id()}/${password}`, 404, 'not-found'],
    ['a wrong password', (): string => `${id}/wrong`, 400, 'invalid-password'],
    ['another webhook’s password', (): string => `another/${password}`, 400, 'invalid-password'],
    ['a source that is none', (): string => 'nowhere/wrong', 404, 'not-found'],
  ] as const)('%s', async (_, address, status, messageCode) => {
    const response: Response = await send(alert(), address());
    expect(response.status).toBe(status);
    const text: string = await response.text();
    expect(JSON.parse(text)).toMatchObject({ success: false, messageCode });
    expect(text).not.toContain(password);
  });
});

test('what is not posted is told so', async () => {
  const response = await send('', undefined, 'GET');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ success: false, messageCode: 'post-required' });
});

test('what is too large is refused without being stored', async () => {
  const response = await send(alert({ extras: 'x'.repeat(70_000) }));
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    success: false,
    messageCode: 'invalid-payload',
    message: expect.stringContaining('65536'),
  });
});

test('more than the limit is 429, with when to come again', async () => {
  limits = { ratePerSecond: 0.1, burst: 1 };
  try {
    await send(alert());
    const response = await send(alert());
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(1);
    expect(await response.json()).toMatchObject({ success: false, messageCode: 'too-many-requests' });
  } finally {
    limits = { ratePerSecond: 1000, burst: 1000 };
    await clock.advance(60_000);
  }
});

test('503 only when nothing was stored', async () => {
  answers = { kind: 'unavailable', retryAfterMs: 1000 };
  try {
    const response = await send(alert());
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ success: false, messageCode: 'unavailable' });
  } finally {
    answers = null;
  }
});
