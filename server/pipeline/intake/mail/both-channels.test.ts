// Invariants: an alert that comes by webhook and by mail is one signal with one job, whatever the order, at the same moment, by several processes, and
// however late its mail is read; a second alert of the same text, sent after the window, is a second one, also where the webhook of it was lost.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemRandom as random } from '../../../adapters/clock/system-random.ts';
import { createIntakeStore } from '../../../adapters/database/intake-store/intake-store.ts';
import { createWebhookTokens } from '../../../adapters/database/intake-store/webhook-tokens.ts';
import { takeApart } from '../../../adapters/mail/take-apart.ts';
import { createPgBossQueue } from '../../../adapters/queue/pg-boss-queue.ts';
import type { MailOutcome } from '../../../core/model/mail.ts';
import { defaultProofs, type ProofPolicy } from '../../../core/model/proofs.ts';
import { defaultSettings } from '../../../core/model/settings.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/database.ts';
import { writeMail } from '../../../testing/mail.ts';
import { ManualClock } from '../../../testing/manual-clock.ts';
import { quietLog as log } from '../../../testing/quiet-log.ts';
import { createIntake, type Intake } from '../intake.ts';
import { loadDialects } from '../load-dialects.ts';
import { createMailIntake, type MailIntake } from './mail-intake.ts';

const rules = {
  ...{ senders: ['noreply@tradingview.com'], authServer: 'mx.example.com', recipients: ['desk@example.com'] },
  ...{ maxAgeSeconds: 600, after: null, before: null },
};
const word = 'Authentication-Results: mx.example.com; dmarc=pass header.from=tradingview.com';
const start = new Date('2026-11-20T15:00:00Z');

let database: TestDatabase;
let webhookId: string;
let token: string;
let policy: ProofPolicy;
const clock = new ManualClock(start);
const processes: { intake: Intake; mail: MailIntake }[] = [];
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql, url } = database;
  const tokens = createWebhookTokens({ sql, clock, random });
  token = await tokens.issue('Test', 'tradingview');
  webhookId = (await tokens.find(token))!.id;
  policy = defaultProofs(webhookId);
  const dialects = await loadDialects();
  for (let one = 0; one < 2; one++) {
    const queue = await createPgBossQueue({ url, clock, random, log });
    const store = createIntakeStore({ url, jobs: queue, clock, log });
    closing.push(
      () => queue.stop(),
      () => store.close(),
    );
    const shared = {
      ...{ store, tokens, clock, random, log, dialects, onAccepted() {} },
      recordings: { record: async () => {} },
      signs: { beat: async () => {} },
      settings: {
        current: () =>
          ({ ...defaultSettings, intake: { ...defaultSettings.intake, ratePerSecond: 1e6, burst: 1e6 } }) as never,
      },
      proofs: { policy: async () => policy, claim: async () => true, release() {} },
    };
    processes.push({
      intake: createIntake({
        ...shared,
        failedProofs: { note() {} },
        metrics: { proofJudged() {} },
        trustedProxies: [],
      }),
      mail: createMailIntake(shared),
    });
  }
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  await database?.drop();
});

const after = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);
const alertOf = (ticker: string): string => JSON.stringify({ signal: 'BUY', ticker, risk: 100 });
const byWebhook = (alert: string, at = 0) =>
  processes[at]!.intake.receive({
    ...{ source: 'tradingview', token, body: Buffer.from(alert), contentType: 'application/json' },
    ...{ headers: {}, remoteAddress: '127.0.0.1' },
  });
let mails = 0;
async function byMail(
  alert: string,
  sentAt: Date,
  at = 0,
  change: Parameters<typeof writeMail>[0] | object = {},
): Promise<MailOutcome> {
  const source = writeMail({
    alert,
    date: sentAt,
    messageId: `m${mails++}@x`,
    above: [word],
    as: mails % 2 ? 'html' : 'plain',
    ...change,
  });
  const mail = await takeApart(source);
  return processes[at]!.mail.receiveMail({ webhookId, mailId: mail.messageId!, mail, arrivedAt: clock.now(), rules });
}
const signalsOf = async (ticker: string) =>
  (await database.sql`select s.id, (select count(*)::int from pgboss.job where data->>'signalId' = s.id::text) as jobs
    from trading_signals s where ticker = ${ticker}`) as unknown as { id: string; jobs: number }[];

test('at the same moment, by two processes, twenty times', async () => {
  for (let round = 0; round < 20; round++) {
    const alert = alertOf(`AT${String.fromCharCode(65 + round)}`);
    const answers = await Promise.all([byWebhook(alert, round % 2), byMail(alert, clock.now(), (round + 1) % 2)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['accepted', 'repeated']);
    expect((await signalsOf(`AT${String.fromCharCode(65 + round)}`)).map(({ jobs }) => jobs)).toEqual([1]);
  }
});

test('a mail that is read late is its webhook’s twin, also when the same alert fired anew meanwhile', async () => {
  const alert = alertOf('LATE');
  const sent = clock.now();
  expect((await byWebhook(alert)).kind).toBe('accepted');
  await clock.advance(120_000);
  expect((await byWebhook(alert)).kind).toBe('accepted');
  expect((await byMail(alert, sent)).kind).toBe('repeated');
  expect((await byMail(alert, clock.now())).kind).toBe('repeated');
  expect(await signalsOf('LATE')).toHaveLength(2);
});

test('where the second webhook is lost, its mail counts; a mail that is slow is not taken for one', async () => {
  const alert = alertOf('LOST');
  const first = clock.now().getTime();
  expect((await byWebhook(alert)).kind).toBe('accepted');
  await clock.advance(90_000);
  // Sent 90 s after the webhook: as the first mail of it, it may still be its twin; the next one is not.
  expect((await byMail(alert, new Date(first + 85_000))).kind).toBe('repeated');
  expect((await byMail(alert, new Date(first + 88_000))).kind).toBe('accepted');
  expect(await signalsOf('LOST')).toHaveLength(2);
});

test('alerts by mail alone: the same text again after the window is a new one', async () => {
  const alert = alertOf('ALONE');
  expect((await byMail(alert, clock.now())).kind).toBe('accepted');
  await clock.advance(61_000);
  expect((await byMail(alert, clock.now())).kind).toBe('accepted');
});

test('the same mail read twice is the same signal, and no second way', async () => {
  const alert = alertOf('TWICE');
  const mail = await takeApart(writeMail({ alert, date: clock.now(), messageId: 'twice@x', above: [word] }));
  const letter = { webhookId, mailId: 'twice@x', mail, arrivedAt: clock.now(), rules };
  const first = await processes[0]!.mail.receiveMail(letter);
  expect(first.kind).toBe('accepted');
  await clock.advance(3_600_000);
  expect(await processes[1]!.mail.receiveMail(letter)).toEqual({ ...first, kind: 'repeated' });
  const [row] = await signalsOf('TWICE');
  expect(
    await database.sql`select 1 from events where signal_id = ${row!.id} and kind = 'signal.repeated'`,
  ).toHaveLength(0);
});

test('an alert without a time fired when its mail was sent, and expires when the mail is too old; a clock that is ahead makes nothing young', async () => {
  const sent = after(0);
  const outcome = await byMail(alertOf('OLD'), sent);
  const ahead = await byMail(alertOf('AHEAD'), new Date(clock.now().getTime() + 900_000));
  if (outcome.kind !== 'accepted' || ahead.kind !== 'accepted') throw new Error('expected both to be taken');
  const read = async (id: string) =>
    (await database.sql`select parsed from trading_signals where id = ${id}`)[0]!.parsed;
  expect(await read(outcome.signalId)).toMatchObject({
    firedAt: sent.toISOString(),
    expiresAt: after(600).toISOString(),
  });
  expect(await read(ahead.signalId)).toMatchObject({ firedAt: clock.now().toISOString() });
});

test('what a source asks of its webhook is asked of its mails by the nearest equal', async () => {
  const kindOf = async (required: ProofPolicy['required'], change: object = {}) => {
    policy = { ...defaultProofs(webhookId), required };
    const outcome = await byMail(alertOf('PROOF'), clock.now(), 0, change);
    return outcome.kind === 'refused' ? outcome.code : outcome.kind;
  };
  expect(await kindOf(['url_secret'], { above: [] })).toBe('PROOF_MAIL_FORGEABLE');
  expect(await kindOf(['url_secret'], { to: 'other@example.com' })).toBe('PROOF_MAIL_FORGEABLE');
  expect(await kindOf(['url_secret'], { from: 'noreply@tradingview.com.attacker.example' })).toBe('PROOF_MAIL_SENDER');
  expect(await kindOf(['url_secret', 'certificate'], { above: [] })).toBe('PROOF_MAIL_AUTHENTICATION');
  expect(await kindOf(['url_secret', 'body_secret'])).toBe('PROOF_BODY_SECRET');
  expect(await kindOf(['url_secret', 'signature'])).toBe('PROOF_SIGNATURE');
  expect(await signalsOf('PROOF')).toEqual([]);
  expect(await kindOf(['url_secret', 'certificate', 'address'])).toBe('accepted');
  policy = defaultProofs(webhookId);
});
