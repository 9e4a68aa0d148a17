// What every mailbox does, the one in memory and the real one over IMAP: the same questions to both. Then what only a line can show: TLS, and who is
// on it.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type MailboxAddress, type Mailboxes, MailboxProblem } from '../../core/ports/mailbox.ts';
import { createTestAuthority } from '../../testing/certificates.ts';
import { type ImapServer, startImapServer } from '../../testing/imap-server.ts';
import { writeMail } from '../../testing/mail.ts';
import { createMemoryMailbox } from '../../testing/memory-mailbox.ts';
import { quietLog } from '../../testing/quiet-log.ts';
import { createImapMailboxes } from './imap-mailboxes.ts';
import { takeApart } from './take-apart.ts';

const imap = createImapMailboxes({ log: quietLog, timeoutMs: 5000 });
const address: MailboxAddress = {
  ...{
    host: '127.0.0.1',
    port: 993,
    security: 'none',
    authority: null,
    user: 'desk',
    password: 'pass',
    folder: 'INBOX',
  },
};
const kinds: Readonly<Record<string, () => Promise<{ box: ImapServer; mailboxes: Mailboxes }>>> = {
  'in memory': async () => {
    const box = createMemoryMailbox(address, takeApart);
    return { box, mailboxes: box.mailboxes };
  },
  'over IMAP': async () => ({ box: await startImapServer(), mailboxes: imap }),
};
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const deaf = { onNews() {}, onLost() {} };

describe.each(Object.entries(kinds))('%s', (_, start) => {
  async function setUp(listener = deaf) {
    const { box, mailboxes } = await start();
    closing.push(() => box.close());
    const session = await mailboxes.open(box.address, listener);
    closing.push(() => session.close());
    return { box, mailboxes, session };
  }

  test('lists what is new, oldest first, and reads it whole', async () => {
    const { box, session } = await setUp();
    expect(await session.list({ afterUid: 0 })).toEqual([]);
    const arrivedAt = new Date('2026-11-20T15:00:07Z');
    box.append(writeMail({ alert: '{"a":1}', messageId: 'one@x' }), arrivedAt);
    box.append(writeMail({ alert: '{"a":"ü"}', from: 'Other@Example.com', encoding: '8bit' }), arrivedAt);
    await session.check();
    const heads = await session.list({ afterUid: 0 });
    expect(heads.map(({ uid, from }) => [uid, from])).toEqual([
      [1, ['noreply@tradingview.com']],
      [2, ['other@example.com']],
    ]);
    expect(heads[0]!.arrivedAt).toEqual(arrivedAt);
    expect((await session.list({ afterUid: 1 })).map(({ uid }) => uid)).toEqual([2]);
    expect(await session.list({ afterUid: 2 })).toEqual([]);
    const mail = await session.read(1);
    expect(mail).toMatchObject({
      text: expect.stringContaining('{"a":1}'),
      subject: 'Alert: AAPL',
      messageId: '<one@x>',
    });
    expect((await session.read(2))?.text).toContain('ü');
    expect(await session.read(7)).toBeNull();
  });

  test('lists by day', async () => {
    const { box, session } = await setUp();
    box.append(writeMail({ alert: 'old' }), new Date('2026-11-18T12:00:00Z'));
    box.append(writeMail({ alert: 'new' }), new Date('2026-11-20T12:00:00Z'));
    await session.check();
    expect((await session.list({ since: new Date('2026-11-20T15:00:00Z') })).map(({ uid }) => uid)).toEqual([2]);
  });

  test('marks, and moves', async () => {
    const { box, session } = await setUp();
    for (const alert of ['a', 'b', 'c']) box.append(writeMail({ alert }));
    await session.check();
    await session.settle(1, null);
    await session.settle(2, 'Done');
    await session.settle(9, 'Done');
    expect(box.mails()).toEqual([
      { uid: 1, seen: true },
      { uid: 3, seen: false },
    ]);
    expect(box.mails('Done')).toHaveLength(1);
    expect(await session.folders()).toEqual(expect.arrayContaining(['INBOX', 'Done']));
  });

  test('tells of news, and of a line that ended', async () => {
    const listener = { onNews: vi.fn(), onLost: vi.fn() };
    const { box, session } = await setUp(listener);
    box.append(writeMail({ alert: 'a' }));
    await session.check();
    await vi.waitFor(() => expect(listener.onNews).toHaveBeenCalled());
    await box.away();
    closing.push(() => box.back());
    await vi.waitFor(() => expect(listener.onLost).toHaveBeenCalledTimes(1));
    await expect(session.list({ afterUid: 0 })).rejects.toThrow(MailboxProblem);
  });

  test('says that ids began anew', async () => {
    const { box, mailboxes, session } = await setUp();
    box.renumber();
    const again = await mailboxes.open(box.address, deaf);
    closing.push(() => again.close());
    expect(again.uidValidity).not.toBe(session.uidValidity);
  });

  test('a wrong password, a folder that is not there and a server that is away are told as what they are, without the password', async () => {
    const { box, mailboxes } = await setUp();
    const open = (change: object) =>
      mailboxes.open({ ...box.address, ...change }, deaf).then(
        () => 'opened',
        (error) => error.message,
      );
    expect(await open({ password: 'wrong-one' })).toMatch(/refuses the user or the password/);
    expect(await open({ password: 'wrong-one' })).not.toContain('wrong-one');
    expect(await open({ folder: 'Nowhere' })).toMatch(/has no folder “Nowhere”/);
    await box.away();
    closing.push(() => box.back());
    expect(await open({})).toMatch(/nobody answers there/);
  });
});

describe('TLS', () => {
  test('is spoken with a server whose authority is known, and with no other', async () => {
    const authority = createTestAuthority();
    const start = async (alternativeName: string) => {
      const { key, certificate } = authority.issue({ commonName: 'imap', alternativeName });
      const box = await startImapServer({ key, cert: certificate });
      closing.push(() => box.close());
      return box;
    };
    const box = await start('IP:127.0.0.1');
    const session = await imap.open({ ...box.address, authority: authority.certificate }, deaf);
    expect(await session.list({ afterUid: 0 })).toEqual([]);
    await session.close();
    await expect(imap.open(box.address, deaf)).rejects.toThrow(/certificate/);
    const other = await start('IP:127.0.0.2');
    await expect(imap.open({ ...other.address, authority: authority.certificate }, deaf)).rejects.toThrow(
      /for another host/,
    );
  });

  test('a server without STARTTLS is told no password', async () => {
    const box = await startImapServer();
    closing.push(() => box.close());
    await expect(imap.open({ ...box.address, security: 'starttls' }, deaf)).rejects.toThrow(MailboxProblem);
  });
});
