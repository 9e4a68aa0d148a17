// On the whole system, with a real IMAP server beside it: an alert that comes by webhook and by mail is traded once, whichever is first; a forged mail
// is not; a restart in between loses and doubles nothing; nor does a mailbox that was away.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MailboxAnswer, MailboxTried, Receipt, Rotated, SourcesJson } from '../contract/index.ts';
import { type ImapServer, startImapServer } from '../testing/imap-server.ts';
import { type MailWish, writeMail } from '../testing/mail.ts';
import { askerOf, newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';
import type { Ask } from '../testing/wide-limits.ts';

let system: System;
let ask: Ask;
let dataDir: string;
let imap: ImapServer;
let sourceId: string;
const secret = 'a secret of the body';
const patience = { timeout: 90_000, interval: 200 };

beforeAll(async () => {
  dataDir = await newDataDir();
  imap = await startImapServer();
  await start();
  const { items } = (await ask('GET', '/sources')) as SourcesJson;
  sourceId = items.find(({ source }) => source === 'tradingview')!.id;
  (await ask('POST', `/sources/${sourceId}/secrets/body_secret`, { secret, overlapSeconds: 0 })) satisfies
    | Rotated
    | unknown;
  await ask('PATCH', `/sources/${sourceId}/proofs`, { bodyField: 'secret' });
  const { host, port, user, password } = imap.address;
  const wish = {
    host,
    port,
    user,
    password,
    security: 'none',
    moveTo: 'Done',
    authServer: 'mx.example.com',
    recipients: ['desk@example.com'],
  };
  const tried = (await ask('POST', `/sources/${sourceId}/mailbox/try`, wish)) as MailboxTried;
  expect(tried).toMatchObject({ ok: true, folders: expect.arrayContaining(['INBOX', 'Done']) });
  await ask('PUT', `/sources/${sourceId}/mailbox`, wish);
  await vi.waitFor(async () => expect((await mailbox()).state).toBe('reading'), patience);
}, 300_000);
afterAll(async () => {
  await system?.stop();
  await imap?.close();
  await removeDataDir(dataDir);
}, 60_000);

async function start(): Promise<void> {
  system = await startSystem(dataDir);
  ask = askerOf(system);
}
const mailbox = async () => ((await ask('GET', `/sources/${sourceId}/mailbox`)) as MailboxAnswer).mailbox!;
const receipt = (id: string) => system.api<Receipt>(`/signals/${id}/receipt`);
/** An alert with neither id nor time, as most are. */
const alertOf = (ticker: string, more: object = { secret }) =>
  JSON.stringify({
    signal: 'BUY',
    ticker,
    mode: 'Paper',
    risk: 100,
    strategy: `mail-${ticker}`.toLowerCase(),
    ...more,
  });
const send = (wish: MailWish): void => imap.append(writeMail({ as: 'both', ...wish }));
/** When so many mails have been looked at, the last one. */
async function lastOf(count: number) {
  await expect.poll(async () => (await mailbox()).mails.length, patience).toBe(count);
  return (await mailbox()).mails[0]!;
}
const ordersOf = async (id: string) => (await receipt(id)).orders.length;

it('the webhook first, then the mail: traded once, and the receipt names both ways', async () => {
  const answer = await system.post(alertOf('AAPL'));
  expect(answer.status).toBe(202);
  const id = String(answer.body.id);
  await expect.poll(() => ordersOf(id), patience).toBeGreaterThan(0);
  const orders = await ordersOf(id);
  send({ alert: alertOf('AAPL') });
  expect(await lastOf(1)).toMatchObject({ outcome: 'repeated', signalId: id });
  expect(await ordersOf(id)).toBe(orders);
  const { channels } = await receipt(id);
  expect(channels.map(({ channel }) => channel)).toEqual(['webhook', 'mail']);
  expect(channels[1]!.afterMs).toBeGreaterThan(0);
  await expect.poll(() => imap.mails('Done').length, patience).toBe(1);
}, 240_000);

it('the mail first, then the webhook: traded once', async () => {
  send({ alert: alertOf('MSFT'), as: 'html' });
  const mail = await lastOf(2);
  expect(mail.outcome).toBe('accepted');
  const id = mail.signalId!;
  await expect.poll(() => ordersOf(id), patience).toBeGreaterThan(0);
  const answer = await system.post(alertOf('MSFT'));
  expect([answer.status, answer.body.id]).toEqual([200, id]);
  const { channels, proofs } = await receipt(id);
  expect(channels.map(({ channel }) => channel)).toEqual(['mail', 'webhook']);
  expect(proofs).toMatchObject({ channel: 'mail', mailSender: 'noreply@tradingview.com', bodySecret: 'matched' });
  expect(JSON.stringify(await receipt(id))).not.toContain(secret);
}, 240_000);

it('a forged mail is refused and told, a stranger’s is left alone, and neither stops the next', async () => {
  send({ alert: alertOf('NVDA', { secret: 'guessed wrongly' }) });
  send({ alert: alertOf('NVDA'), from: 'somebody@example.com' });
  imap.append(
    Buffer.from('From: noreply@tradingview.com\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\nno parts'),
  );
  // TradingView's, says the server; but to somebody else, who has an account there as well.
  const word =
    'Authentication-Results: mx.example.com; dkim=pass header.d=tradingview.com; dmarc=pass header.from=tradingview.com';
  send({ alert: alertOf('NVDA', {}), to: 'attacker@example.net', above: [word] });
  send({ alert: alertOf('AMZN', {}), above: [word] });
  expect((await lastOf(6)).outcome).toBe('accepted');
  const [, ...before] = (await mailbox()).mails;
  expect(before.slice(0, 3).map(({ outcome, code }) => [outcome, code])).toEqual([
    ['refused', 'PROOF_MAIL_FORGEABLE'],
    ['refused', 'MAIL_EMPTY'],
    ['refused', 'PROOF_MAIL_FORGEABLE'],
  ]);
  expect(imap.mails().filter(({ seen }) => seen)).toEqual([]);
  const signals = await system.api<{ items: { ticker: string | null }[] }>('/signals?limit=50');
  expect(signals.items.map(({ ticker }) => ticker)).not.toContain('NVDA');
  const events = await system.api<{ items: { kind: string }[] }>('/events?limit=200');
  expect(events.items.filter(({ kind }) => kind === 'source.mail_refused')).toHaveLength(3);
}, 240_000);

it('a mail that is too late is stored, and not traded', async () => {
  send({ alert: alertOf('TSLA'), date: new Date(Date.now() - 700_000) });
  const id = (await lastOf(7)).signalId!;
  await expect.poll(async () => (await receipt(id)).signal.status, patience).toBe('denied');
  expect(await ordersOf(id)).toBe(0);
}, 240_000);

it('a mailbox that was away and is back is read on, and a restart in between neither loses nor doubles', async () => {
  await imap.away();
  await expect.poll(async () => (await mailbox()).state, patience).toBe('failing');
  send({ alert: alertOf('AMD') });
  await imap.back();
  expect((await lastOf(8)).outcome).toBe('accepted');
  await system.stop();
  send({ alert: alertOf('GOOGL') });
  await start();
  expect((await lastOf(9)).outcome).toBe('accepted');
  const signals = async () => (await system.api<{ items: unknown[] }>('/signals?limit=100')).items.length;
  const before = await signals();
  // Ids that begin anew: the three that were refused are still there, and are read again; nothing of them counts.
  await imap.away();
  imap.renumber();
  send({ alert: alertOf('META') });
  await imap.back();
  expect((await lastOf(13)).outcome).toBe('accepted');
  expect(await signals()).toBe(before + 1);
}, 300_000);
