import type { Mail } from '../core/model/mail.ts';
import { type MailboxAddress, type Mailboxes, MailboxProblem, UnreadableMail } from '../core/ports/mailbox.ts';

interface Kept {
  uid: number;
  readonly source: Uint8Array;
  readonly arrivedAt: Date;
  seen: boolean;
}

/** A mailbox in memory, that behaves as its port says. `takeApart` reads the bytes of a mail. */
export function createMemoryMailbox(address: MailboxAddress, takeApart: (source: Uint8Array) => Promise<Mail>) {
  const folders = new Map<string, Kept[]>([
    ['INBOX', []],
    ['Done', []],
  ]);
  const listeners = new Set<{ onNews(): void; onLost(problem: string): void }>();
  let uidValidity = 1;
  let nextUid = 1;
  let isAway = false;
  const inbox = () => folders.get('INBOX')!;

  const mailboxes: Mailboxes = {
    async open(asked, listener) {
      const at = `${asked.host}:${asked.port}`;
      if (isAway) throw new MailboxProblem(`${at}: nobody answers there.`);
      if (asked.user !== address.user || asked.password !== address.password)
        throw new MailboxProblem(`${at} refuses the user or the password.`);
      const folder = folders.get(asked.folder);
      if (!folder) throw new MailboxProblem(`${at} has no folder “${asked.folder}”.`);
      listeners.add(listener);
      const there = <T>(value: () => T): T => {
        if (isAway || !listeners.has(listener)) throw new MailboxProblem(`${at}: the connection has ended.`);
        return value();
      };
      const fromOf = async (source: Uint8Array): Promise<readonly string[]> =>
        (await takeApart(source).catch(() => null))?.from ?? [];
      return {
        uidValidity: String(uidValidity),
        async list(from) {
          const found = there(() =>
            folder.filter(({ uid, arrivedAt }) =>
              'afterUid' in from
                ? uid > from.afterUid
                : arrivedAt.toISOString().slice(0, 10) >= from.since.toISOString().slice(0, 10),
            ),
          );
          return Promise.all(
            found.map(async ({ uid, source, arrivedAt }) => ({
              uid,
              arrivedAt,
              bytes: source.byteLength,
              from: await fromOf(source),
            })),
          );
        },
        async read(uid) {
          const found = there(() => folder.find((one) => one.uid === uid));
          if (!found) return null;
          return takeApart(found.source).catch((error: unknown) => {
            throw new UnreadableMail(String(error));
          });
        },
        async settle(uid, moveTo) {
          const found = there(() => folder.find((one) => one.uid === uid));
          if (!found) return;
          found.seen = true;
          const target = moveTo === null ? undefined : folders.get(moveTo);
          if (target) target.push(...folder.splice(folder.indexOf(found), 1));
        },
        check: async () => there(() => undefined),
        folders: async () => there(() => [...folders.keys()]),
        async close() {
          listeners.delete(listener);
        },
      };
    },
  };
  return {
    address,
    mailboxes,
    append(source: Uint8Array, arrivedAt = new Date()): void {
      inbox().push({ uid: nextUid++, source, arrivedAt, seen: false });
      for (const { onNews } of listeners) onNews();
    },
    mails: (folder = 'INBOX') => (folders.get(folder) ?? []).map(({ uid, seen }) => ({ uid, seen })),
    renumber(): void {
      uidValidity++;
      for (const [at, mail] of inbox().entries()) mail.uid = at + 1;
      nextUid = inbox().length + 1;
    },
    async away(): Promise<void> {
      isAway = true;
      for (const { onLost } of listeners) onLost('the server ended the connection');
      listeners.clear();
    },
    async back(): Promise<void> {
      isAway = false;
    },
    connections: () => listeners.size,
    async close(): Promise<void> {},
  };
}
