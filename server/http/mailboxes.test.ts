// Mailboxes are set by whoever administers, and by nobody else; the password goes in and never comes out; what nothing could prove, and what would send a
// password where it could be read, is refused.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MailboxAnswer, mailboxAnswer, mailboxTried, type Problem, type WebhookMade } from '../contract/index.ts';
import { type MailboxAddress, MailboxProblem } from '../core/ports/mailbox.ts';
import { type Api, openApi } from '../testing/api.ts';

let api: Api;
let id: string;
const asked: MailboxAddress[] = [];
const password = 'swordfish-of-the-desk';
const wish = {
  ...{ host: 'imap.example.com', user: 'desk@example.com', password },
  ...{ authServer: 'mx.example.com', recipients: ['Desk@Example.com'] },
};

beforeAll(async () => {
  api = await openApi(
    {},
    {
      mailboxes: {
        async open(address) {
          asked.push(address);
          throw new MailboxProblem('imap.example.com:993: nobody answers there.');
        },
      },
    },
  );
  const made = await api.as('admin', '/api/v1/sources', { method: 'POST', body: { name: 'Mail', source: 'mail' } });
  id = ((await made.json()) as WebhookMade).id;
});
afterAll(() => api.close());

const ask = async (method: string, body?: object, role: 'admin' | 'trader' | 'viewer' = 'admin', path = '') => {
  const response = await api.as(role, `/api/v1/sources/${id}/mailbox${path}`, { method, ...(body && { body }) });
  return { status: response.status, text: await response.text() };
};
const problemOf = ({ status, text }: { status: number; text: string }) => {
  const { code, fields } = JSON.parse(text) as Problem;
  return [status, code, fields?.[0]?.field];
};

it('is none at first, is set by an administrator alone, and never tells its password', async () => {
  expect(JSON.parse((await ask('GET', undefined, 'viewer')).text)).toEqual({ mailbox: null });
  expect((await ask('PUT', wish, 'trader')).status).toBe(403);
  expect((await ask('POST', wish, 'trader', '/try')).status).toBe(403);
  const set = await ask('PUT', wish);
  expect(set.status).toBe(200);
  const { mailbox } = mailboxAnswer.parse(JSON.parse(set.text)) as MailboxAnswer;
  expect(mailbox).toMatchObject({
    state: 'waiting',
    settings: {
      port: 993,
      security: 'tls',
      senders: ['noreply@tradingview.com'],
      recipients: ['desk@example.com'],
      maxAgeSeconds: 600,
    },
  });
  const { sql } = api;
  const everything = [
    set.text,
    (await ask('GET')).text,
    await sql`select * from mailboxes`,
    await sql`select * from events`,
    api.log,
  ];
  expect(JSON.stringify(everything)).not.toContain(password);
  expect((await sql`select data from events where kind = 'source.mailbox_changed'`)[0]!.data).toMatchObject({
    newPassword: true,
  });
});

it('keeps the password that is there, and sends it nowhere else', async () => {
  const { password: _, ...same } = wish;
  expect((await ask('PUT', { ...same, maxAgeSeconds: 60 })).status).toBe(200);
  for (const change of [
    { host: 'imap.attacker.example' },
    { port: 994 },
    { user: 'x@example.com' },
    { security: 'starttls' },
  ]) {
    expect(problemOf(await ask('PUT', { ...same, ...change }))).toEqual([400, 'INVALID', 'password']);
    expect(problemOf(await ask('POST', { ...same, ...change }, 'admin', '/try'))).toEqual([400, 'INVALID', 'password']);
  }
  asked.length = 0;
  const tried = await ask('POST', same, 'admin', '/try');
  expect(mailboxTried.parse(JSON.parse(tried.text))).toMatchObject({
    ok: false,
    sentences: [expect.stringContaining('nobody answers')],
  });
  expect(asked).toMatchObject([{ host: 'imap.example.com', security: 'tls', password }]);
});

it('refuses plain text to other machines, a word without an address of ours, and what nothing could prove', async () => {
  for (const host of ['imap.example.com', '192.0.2.1', '127.0.0.1.example.com'])
    expect(problemOf(await ask('PUT', { ...wish, host, security: 'none' }))).toEqual([400, 'INVALID', 'security']);
  expect(problemOf(await ask('PUT', { ...wish, recipients: [] }))).toEqual([400, 'INVALID', 'recipients']);
  expect(problemOf(await ask('PUT', { ...wish, moveTo: 'INBOX' }))).toEqual([400, 'INVALID', 'moveTo']);
  expect(problemOf(await ask('PUT', { ...wish, senders: ['nobody'] }))[0]).toBe(400);
  expect(problemOf(await ask('PUT', { ...wish, authServer: null }))).toEqual([409, 'PROOF_INCOMPLETE', undefined]);
  expect((await ask('PUT', { ...wish, host: '127.0.0.1', security: 'none' })).status).toBe(200);
});

it('is removed with its password, once', async () => {
  expect((await ask('DELETE')).status).toBe(200);
  expect((await ask('DELETE')).status).toBe(404);
  expect(await api.sql`select * from mailboxes`).toHaveLength(0);
  expect(problemOf(await ask('PUT', { ...wish, password: undefined }))).toEqual([400, 'INVALID', 'password']);
});
