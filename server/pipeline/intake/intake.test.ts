import { expect, test } from 'vitest';
import { defaultProofs } from '../../core/model/proofs.ts';
import { defaultSettings, type IntakeSettings } from '../../core/model/settings.ts';
import type { NewAlert, StoreAnswer } from '../../core/ports/intake-store.ts';
import type { WebhookToken } from '../../core/ports/webhook-tokens.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { createIntake, type IncomingAlert } from './intake.ts';
import { loadDialects } from './load-dialects.ts';

const token: WebhookToken = { id: 'token-1', source: 'tradingview', name: 'mine', dialect: null, strategy: null };
const secret = 'the-secret-in-the-address';
const good = '{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100}';

async function setUp(
  options: { answer?: StoreAnswer; find?: () => Promise<null>; intake?: Partial<IntakeSettings> } = {},
) {
  const stored: NewAlert[] = [];
  const clock = new ManualClock();
  const log = createRecordedLog();
  let accepted = 0;
  let ids = 0;
  const settings = { ...defaultSettings, intake: { ...defaultSettings.intake, ...options.intake } };
  const intake = createIntake({
    signs: { beat: async () => {} },
    metrics: { proofJudged() {} },
    store: {
      async store(alert) {
        stored.push(alert);
        return options.answer ?? { kind: 'stored' };
      },
      async close() {},
    },
    tokens: {
      find: options.find ?? (async (given) => (given === secret ? token : null)),
    },
    proofs: { policy: async (id) => defaultProofs(id), claim: async () => true, release: () => {} },
    failedProofs: { note: () => {} },
    trustedProxies: [],
    settings: { current: () => settings },
    dialects: await loadDialects(),
    recordings: { record: async () => {} },
    clock,
    random: { id: () => `id-${++ids}` },
    log,
    onAccepted: () => void accepted++,
  });
  const receive = (body: string | Uint8Array = good, change: Partial<IncomingAlert> = {}) =>
    intake.receive({
      source: 'tradingview',
      token: secret,
      body: typeof body === 'string' ? Buffer.from(body) : body,
      contentType: 'application/json',
      headers: {},
      remoteAddress: '127.0.0.1',
      ...change,
    });
  return { receive, stored, clock, log, accepted: () => accepted };
}

test('an alert that is understood is stored, then the queue is told', async () => {
  const { receive, stored, accepted } = await setUp();
  expect(await receive()).toEqual({ kind: 'accepted', id: 'id-1' });
  expect(stored[0]).toMatchObject({ id: 'id-1', tokenId: 'token-1', rawBody: good, outcome: { kind: 'accepted' } });
  expect(accepted()).toBe(1);
});

test('the window of an alert without id and time is the setting', async () => {
  const { receive, stored } = await setUp({ intake: { repeatWindowSeconds: 90 } });
  await receive();
  expect(stored[0]?.outcome).toMatchObject({ dedupeUntil: new Date('2026-11-20T15:01:30.000Z') });
});

test('a repeated alert has the first id, and starts nothing', async () => {
  const { receive, accepted } = await setUp({ answer: { kind: 'repeated', id: 'first' } });
  expect(await receive()).toEqual({ kind: 'repeated', id: 'first' });
  expect(accepted()).toBe(0);
});

test('a refused alert is stored as it came, with every problem, and starts nothing', async () => {
  const { receive, stored, accepted } = await setUp();
  const answer = await receive('{"signal":"HOLD","ticker":"AAPL","risk":-1}');
  expect(answer).toMatchObject({ kind: 'refused', id: 'id-1', code: 'INTAKE_INVALID' });
  expect(answer.kind === 'refused' && answer.fields.map((f) => f.field)).toEqual(['signal', 'risk']);
  expect(stored[0]).toMatchObject({
    rawBody: '{"signal":"HOLD","ticker":"AAPL","risk":-1}',
    outcome: { kind: 'refused', code: 'INTAKE_INVALID' },
  });
  expect(accepted()).toBe(0);
});

test('bytes that are no text are refused, shown as far as they can be, and kept whole', async () => {
  const { receive, stored } = await setUp();
  const bytes = Uint8Array.of(0x7b, 0xff, 0x00, 0x7d);
  expect(await receive(bytes)).toMatchObject({ kind: 'refused', code: 'INTAKE_MALFORMED' });
  expect(stored[0]?.rawBody).toBe('{\ufffd␀}');
  expect(stored[0]?.proofs.bodyBase64).toBe(Buffer.from(bytes).toString('base64'));
  const nul = await receive('{"signal":"BUY"\0}');
  expect(nul).toMatchObject({ kind: 'refused', fields: [{ field: '(body)', code: 'not_text' }] });
});

test('a byte order mark before the JSON is no fault', async () => {
  const { receive } = await setUp();
  expect((await receive(`\ufeff${good}`)).kind).toBe('accepted');
});

test('a wrong token, and a right one at another source, are the same answer; neither is stored nor logged', async () => {
  const { receive, stored, log } = await setUp();
  expect(await receive(good, { token: 'guess' })).toEqual({ kind: 'unknown_token' });
  expect(await receive(good, { source: 'elsewhere' })).toEqual({ kind: 'unknown_token' });
  expect(stored).toEqual([]);
  expect(log.lines).toEqual([]);
});

test('when tokens cannot be looked up the sender is asked to come again, and told no lie; the log has no secret', async () => {
  const { receive, log } = await setUp({ find: () => Promise.reject(new Error('database down')) });
  expect(await receive()).toEqual({ kind: 'unavailable', retryAfterMs: 1000 });
  expect(log.lines).toHaveLength(1);
  expect(JSON.stringify(log.lines)).not.toContain(secret);
});

test('a burst beyond the limit is told how long to wait, and is not stored', async () => {
  const { receive, stored, clock } = await setUp({ intake: { ratePerSecond: 2, burst: 2 } });
  await receive();
  await receive();
  expect(await receive()).toEqual({ kind: 'rate_limited', retryAfterMs: 500 });
  expect(stored).toHaveLength(2);
  await clock.advance(500);
  expect((await receive()).kind).toBe('accepted');
});

test('what could not be stored is unavailable, refused or not', async () => {
  const { receive, accepted } = await setUp({ answer: { kind: 'unavailable' } });
  expect((await receive()).kind).toBe('unavailable');
  expect((await receive('nonsense')).kind).toBe('unavailable');
  expect(accepted()).toBe(0);
});

test('the sender is kept as proof, and what it says of itself as its word', async () => {
  const { receive, stored } = await setUp();
  await receive(good, {
    headers: { 'user-agent': 'Go-http-client\u0000/1.1', 'x-forwarded-for': '52.89.214.238' },
    remoteAddress: '10.0.0.1',
  });
  expect(stored[0]?.proofs).toEqual({
    token: 'matched',
    remoteAddress: '10.0.0.1',
    userAgent: 'Go-http-client�/1.1',
    forwardedForAsTold: '52.89.214.238',
    asked: 'secret of the address',
    senderAddress: '10.0.0.1',
    contentType: 'application/json',
  });
});
