import { type FetchMessageObject, ImapFlow } from 'imapflow';
import type { Log } from '../../core/ports/log.ts';
import {
  type MailboxAddress,
  type Mailboxes,
  MailboxProblem,
  type MailboxSession,
  type MailHead,
} from '../../core/ports/mailbox.ts';
import { problemOf } from './problem-of.ts';
import { takeApart } from './take-apart.ts';

/** A server that has not answered by then is away. */
const timeoutMs = 20_000;
/** One response of a server: a mail that is read is far smaller, and what lists thousands is many responses. */
const maxBytes = 8 * 1024 * 1024;

/** Of a box that has filled up, so many mails are listed at once: the oldest of what is new, the newest of some days. */
const mostAtOnce = 1000;

export interface ImapOptions {
  readonly log: Pick<Log, 'debug'>;
  /** Shorter in tests. */
  readonly timeoutMs?: number;
}

/**
 * Mailboxes by IMAP (RFC 9051 and 3501), one connection each. The server's certificate is always verified; without TLS only this machine is spoken
 * to. Nothing of what is said on the line is logged: it holds the password.
 */
export function createImapMailboxes(options: ImapOptions): Mailboxes {
  const limitMs = options.timeoutMs ?? timeoutMs;
  return {
    async open(address, listener) {
      const client = clientOf(address, limitMs);
      let closed = false;
      let lost: string | null = null;
      const isLost = (problem: string): void => {
        if (closed || lost !== null) return;
        lost = problem;
        listener.onLost(problem);
      };
      let opened = false;
      client.on('error', (error: unknown) => (opened ? isLost(problemOf(error, address)) : undefined));
      client.on('close', () => (opened ? isLost('the server ended the connection') : undefined));
      client.on('exists', () => listener.onNews());
      try {
        await client.connect();
        const box = await client.mailboxOpen(address.folder);
        opened = true;
        return sessionOf(client, {
          uidValidity: String(box.uidValidity),
          address,
          onClose() {
            closed = true;
          },
        });
      } catch (error) {
        closed = true;
        client.close();
        options.log.debug({ host: address.host, problem: problemOf(error, address) }, 'a mailbox could not be opened');
        throw new MailboxProblem(problemOf(error, address));
      }
    },
  };
}

function clientOf(address: MailboxAddress, limitMs: number): ImapFlow {
  const { host, port, security, authority, user, password } = address;
  return new ImapFlow({
    host,
    port,
    secure: security === 'tls',
    // Given, it is either done or refused; left out, it would be done only where the server offers it.
    doSTARTTLS: security === 'tls' ? undefined : security === 'starttls',
    auth: { user, pass: password },
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(authority !== null && { ca: authority }) },
    logger: false,
    clientInfo: { name: 'Signalbox' },
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    // It idles in between, and asks anew every two minutes: a line that says nothing for longer than that is dead.
    maxIdleTime: 120_000,
    autoIdleDelay: 500,
    socketTimeout: 180_000,
    maxLiteralSize: maxBytes,
    maxLineLength: maxBytes,
    maxResponseSize: 2 * maxBytes,
    disableCompression: true,
  });
}

function sessionOf(
  client: ImapFlow,
  about: { readonly uidValidity: string; readonly address: MailboxAddress; readonly onClose: () => void },
): MailboxSession {
  const asking = async <T>(work: () => Promise<T>): Promise<T> => {
    let answer: T;
    try {
      answer = await work();
    } catch (error) {
      throw new MailboxProblem(problemOf(error, about.address));
    }
    // A line that has ended is answered for as if there were nothing.
    if (!client.usable) throw new MailboxProblem(problemOf({ code: 'NoConnection' }, about.address));
    return answer;
  };
  return {
    uidValidity: about.uidValidity,
    list: (from) =>
      asking(async () => {
        const first = 'afterUid' in from ? from.afterUid + 1 : 1;
        const query = 'afterUid' in from ? { uid: `${first}:*` } : { since: from.since };
        const uids = await client.search(query, { uid: true });
        if (!uids) throw new MailboxProblem('The server did not carry out the search.');
        // `*` is the last one there is, whatever its id.
        const all = uids.filter((uid) => uid >= first).sort((a, b) => a - b);
        const wanted = 'afterUid' in from ? all.slice(0, mostAtOnce) : all.slice(-mostAtOnce);
        if (wanted.length === 0) return [];
        const heads = await client.fetchAll(
          wanted.join(','),
          { uid: true, envelope: true, internalDate: true, size: true },
          { uid: true },
        );
        return heads.map(headOf).sort((a, b) => a.uid - b.uid);
      }),
    async read(uid) {
      const found = await asking(() => client.fetchOne(String(uid), { uid: true, source: true }, { uid: true }));
      const source = found ? found.source : undefined;
      return source ? takeApart(source) : null;
    },
    settle: (uid, moveTo) =>
      asking(async () => {
        await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
        if (moveTo !== null) await client.messageMove(String(uid), moveTo, { uid: true });
      }),
    check: () => asking(() => client.noop()),
    folders: () => asking(async () => (await client.list()).map(({ path }) => path)),
    async close() {
      about.onClose();
      if (client.usable) await client.logout().catch(() => {});
      client.close();
    },
  };
}

const headOf = (message: FetchMessageObject): MailHead => ({
  uid: message.uid,
  arrivedAt: new Date(message.internalDate ?? 0),
  bytes: message.size ?? 0,
  from: (message.envelope?.from ?? []).flatMap(({ address }) => (address ? [address.toLowerCase()] : [])),
});
