// One reader a box over all processes; a process that goes is succeeded; what was read is not read again; a mail that cannot be read stops none after
// it; what cannot be stored comes again; and a box that stays away raises an alarm that ends by itself.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { systemRandom as random } from '../../adapters/clock/system-random.ts';
import { createWebhookTokens } from '../../adapters/database/intake-store/webhook-tokens.ts';
import { createMailboxStore } from '../../adapters/database/mailbox-store/mailbox-store.ts';
import { takeApart } from '../../adapters/mail/take-apart.ts';
import type { AlertMail, MailOutcome } from '../../core/model/mail.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { writeMail } from '../../testing/mail.ts';
import { createMemoryMailbox } from '../../testing/memory-mailbox.ts';
import { quietLog as log } from '../../testing/quiet-log.ts';
import { createMailboxReaders } from './mailbox-readers.ts';

let database: TestDatabase;
let webhookId: string;
let taken: AlertMail[];
let outcome: (mail: AlertMail) => MailOutcome;
let alarms: string[];
let running: ReturnType<typeof createMailboxReaders>[];
let box: ReturnType<typeof createMemoryMailbox>;
let store: ReturnType<typeof createMailboxStore>;
const address = {
  host: 'imap.example.com',
  port: 993,
  security: 'tls',
  authority: null,
  user: 'desk',
  password: 'pass',
  folder: 'INBOX',
} as const;
const patience = { timeout: 30_000, interval: 50 };

beforeEach(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  const tokens = createWebhookTokens({ sql, clock: systemClock, random });
  webhookId = (await tokens.find(await tokens.issue('Test', 'tradingview')))!.id;
  store = createMailboxStore({
    sql,
    clock: systemClock,
    random,
    secretBox: { seal: (s) => `sealed ${s}`, open: (s) => s.slice(7) },
  });
  box = createMemoryMailbox(address, takeApart);
  taken = [];
  alarms = [];
  running = [];
  outcome = () => ({ kind: 'accepted', signalId: random.id() });
  await set();
});
afterEach(async () => {
  await Promise.all(running.map((readers) => readers.stop()));
  await database.drop();
});

const set = (change: object = {}) =>
  store.put(
    webhookId,
    {
      ...{
        host: address.host,
        port: 993,
        security: 'tls',
        authority: null,
        user: 'desk',
        folder: 'INBOX',
        enabled: true,
        moveTo: null,
      },
      ...{
        senders: ['noreply@tradingview.com'],
        authServer: null,
        recipients: [],
        maxAgeSeconds: 600,
        after: null,
        before: null,
      },
      ...{ alarmMinutes: 5, ...change },
    },
    'pass',
    'a person',
  );
function startProcess() {
  const readers = createMailboxReaders({
    ...{ store, mailboxes: box.mailboxes, clock: systemClock, random, log },
    metrics: { mailRead() {} },
    alarms: {
      raise: async ({ key }) => void alarms.push(`raise ${key.split(':')[0]}`),
      clear: async (key) => void alarms.push(`clear ${key.split(':')[0]}`),
    },
    async receiveMail(mail) {
      taken.push(mail);
      return outcome(mail);
    },
  });
  running.push(readers);
  readers.start();
  return readers;
}
const send = (alert: string, from?: string): void => box.append(writeMail({ alert, ...(from && { from }) }));
const texts = () => taken.map(({ mail }) => mail.text?.trim());
const progress = async () => (await store.find(webhookId))!.progress;

test('two processes read a box once; when one goes, the other goes on where it was', async () => {
  const first = startProcess();
  const second = startProcess();
  await vi.waitFor(async () => expect((await progress()).readAt).not.toBeNull(), patience);
  expect(box.connections()).toBe(1);
  send('one');
  await vi.waitFor(() => expect(texts()).toEqual(['one']), patience);
  await vi.waitFor(() => expect(box.mails()).toEqual([{ uid: 1, seen: true }]), patience);
  await first.stop();
  send('two');
  second.kick();
  await vi.waitFor(() => expect(texts()).toEqual(['one', 'two']), patience);
  await second.stop();
  expect(box.connections()).toBe(0);
  startProcess();
  send('three');
  await vi.waitFor(() => expect(texts()).toEqual(['one', 'two', 'three']), patience);
});

test('strangers’ mails are passed by, one that cannot be read or believed stops nothing, and one that cannot be stored comes again', async () => {
  let tries = 0;
  outcome = ({ mail }) => {
    if (mail.text?.includes('forged')) return { kind: 'refused', code: 'PROOF_MAIL_FORGEABLE', detail: null };
    if (mail.text?.includes('busy') && tries++ < 2) return { kind: 'later', retryAfterMs: 10 };
    return { kind: 'repeated', signalId: random.id() };
  };
  send('private', 'friend@example.com');
  send('forged');
  send('busy');
  send('last');
  startProcess();
  await vi.waitFor(() => expect(texts()).toEqual(['forged', 'busy', 'busy', 'busy', 'last']), patience);
  await vi.waitFor(async () => expect((await progress()).lastUid).toBe(4), patience);
  expect(box.mails().map(({ seen }) => seen)).toEqual([false, false, true, true]);
  expect((await store.mails(webhookId, 10)).map(({ uid, outcome: what, code }) => [uid, what, code])).toEqual([
    [4, 'repeated', null],
    [3, 'repeated', null],
    [2, 'refused', 'PROOF_MAIL_FORGEABLE'],
  ]);
  expect(await database.sql`select 1 from events where kind = 'source.mail_refused'`).toHaveLength(1);
});

test('a box that is away is tried again, told when it stays away, and that is over with the first reading', async () => {
  await box.away();
  send('waits');
  const readers = startProcess();
  await vi.waitFor(async () => expect((await progress()).problem).toMatch(/nobody answers/), patience);
  expect(alarms).not.toContain('raise mailbox.unread');
  await database.sql`update mailboxes set problem_since = problem_since - interval '6 minutes'`;
  readers.kick();
  await vi.waitFor(() => expect(alarms).toContain('raise mailbox.unread'), patience);
  await box.back();
  await vi.waitFor(() => expect(texts()).toEqual(['waits']), patience);
  await vi.waitFor(async () => expect((await progress()).problem).toBeNull(), patience);
  readers.kick();
  await vi.waitFor(() => expect(alarms.at(-1)).toBe('clear mailbox.unread'), patience);
});

test('ids that begin anew are read anew; a box that is switched off is not read', async () => {
  const readers = startProcess();
  send('one');
  await vi.waitFor(() => expect(texts()).toEqual(['one']), patience);
  box.renumber();
  await box.away();
  await box.back();
  await vi.waitFor(() => expect(texts()).toEqual(['one', 'one']), patience);
  await set({ enabled: false });
  readers.kick();
  await vi.waitFor(() => expect(box.connections()).toBe(0), patience);
});
