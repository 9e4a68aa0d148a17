import { createRequire } from 'node:module';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { MailboxAddress } from '../core/ports/mailbox.ts';

interface Hoodiecrow {
  readonly server: Server;
  readonly users: Record<string, { password: string }>;
  getMailbox(
    path: string,
  ): { uidvalidity: number; messages: { uid: number; flags: string[]; raw: string | Buffer }[] } | undefined;
  appendMessage(box: string, flags: string[], at: Date | null, raw: string): unknown;
  listen(port: number, host: string, done: () => void): void;
}
const hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap') as (options: object) => Hoodiecrow;

export interface ImapServer {
  readonly address: MailboxAddress;
  append(mail: Uint8Array, arrivedAt?: Date): void;
  /** The mails of a folder, oldest first. */
  mails(folder?: string): readonly { readonly uid: number; readonly seen: boolean }[];
  /** Ids begin anew, as after a server was restored. */
  renumber(): void;
  /** Ends every connection, and takes none until `back`. */
  away(): Promise<void>;
  back(): Promise<void>;
  connections(): number;
  close(): Promise<void>;
}

/** A real IMAP server, with a folder INBOX and one called Done, on a free port. */
export async function startImapServer(tls?: { readonly key: string; readonly cert: string }): Promise<ImapServer> {
  const plugins = ['ID', 'ENABLE', 'IDLE', 'UIDPLUS', 'MOVE', 'LITERALPLUS', 'UNSELECT', 'NAMESPACE', 'SPECIAL-USE'];
  const box = hoodiecrow({
    plugins,
    storage: { INBOX: { messages: [] }, '': { folders: { Done: {} } } },
    users: { desk: { password: 'secret-pass' } },
    ...(tls && { secureConnection: true, credentials: tls }),
  });
  const sockets = new Set<Socket>();
  box.server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  const listen = (port: number) => new Promise<void>((resolve) => box.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = box.server.address() as AddressInfo;
  const away = () =>
    new Promise<void>((resolve) => {
      box.server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  let open = true;
  return {
    address: {
      ...{ host: '127.0.0.1', port, security: tls ? 'tls' : 'none', authority: null },
      ...{ user: 'desk', password: 'secret-pass', folder: 'INBOX' },
    },
    append: (mail, arrivedAt) =>
      void box.appendMessage('INBOX', [], arrivedAt ?? null, Buffer.from(mail).toString('latin1')),
    mails: (folder = 'INBOX') =>
      (box.getMailbox(folder)?.messages ?? []).map(({ uid, flags }) => ({ uid, seen: flags.includes('\\Seen') })),
    renumber() {
      const inbox = box.getMailbox('INBOX')!;
      inbox.uidvalidity += 1;
      for (const [at, message] of inbox.messages.entries()) message.uid = at + 1;
    },
    async away() {
      open = false;
      await away();
    },
    async back() {
      open = true;
      await listen(port);
    },
    connections: () => sockets.size,
    async close() {
      if (open) await away();
    },
  };
}
