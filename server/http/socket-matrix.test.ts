// Invariant: each socket message reaches the roles that the permission table names, and nobody else. Every message is told once under the
// table as it stands, and once under tables that ask for each role, so that a message that asks nobody is found.
import { io, type Socket } from 'socket.io-client';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { attachRealtime } from '../adapters/realtime/realtime.ts';
import type { Role, SocketEventName } from '../contract/index.ts';
import type { StoredEvent } from '../core/model/event.ts';
import type { EventCursor } from '../core/ports/event-reader.ts';
import { listen } from '../main/listen.ts';
import { mayDo } from '../platform/access/roles.ts';
import { allRoles } from '../testing/api.ts';
import { quietLog as log } from '../testing/quiet-log.ts';
import { socketPermissions } from './permissions.ts';

const names = Object.keys(socketPermissions) as SocketEventName[];
/** One of each family that a message may follow. */
const kinds = [
  'signal.accepted',
  'decision.approved',
  'order.accepted',
  'execution.recorded',
  'position.changed',
  'approval.given',
  'alarm.raised',
  'equity.recorded',
] as const;

const beginning = { xid: '1', seq: '0' };

/** The live half of the API over rows that are there at once, and one listener of each role that writes down what it hears. */
async function openSockets(permissions: Readonly<Record<SocketEventName, Role>>) {
  const listening = await listen('127.0.0.1', 0);
  let onBatch: (batch: readonly StoredEvent[], at: EventCursor) => Promise<void> = async () => {};
  let quote: (quote: never) => void = () => {};
  const row = async (): Promise<never> => [{ executionId: 'one' }] as never;
  const realtime = await attachRealtime({
    server: listening.server,
    events: {
      follow: async (options: { onBatch: unknown }) => {
        onBatch = options.onBatch as typeof onBatch;
        return async () => {};
      },
      kick() {},
      newest: async () => beginning,
      between: async () => [],
    },
    async callerOf(headers) {
      const role = headers.get('authorization')?.replace('Bearer ', '') as Role | undefined;
      return role && allRoles.includes(role) ? { id: role, name: role, email: null, role, by: 'token' } : null;
    },
    permissions,
    origins: () => [],
    queries: {
      ...{ findSignals: row, findDecisions: row, findOrders: row, executionsOf: row },
      ...{ positions: row, accounts: row, openAlarms: row, openApprovals: row },
    },
    status: async () => ({}) as never,
    onQuote(listener) {
      quote = listener;
      return () => {};
    },
    clock: systemClock,
    log,
  });
  const sockets: Socket[] = [];
  const heard = new Map<string, Set<string>>();
  async function connect(token: string): Promise<void> {
    const socket = io(`http://127.0.0.1:${listening.port}`, {
      ...{ autoConnect: false, reconnection: false, forceNew: true, transports: ['websocket'], auth: { token } },
    });
    sockets.push(socket);
    heard.set(token, new Set());
    const first = new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    socket.onAny((name: string) => heard.get(token)!.add(name));
    socket.connect();
    await first;
  }
  const tell = () => {
    quote({ symbol: 'AAPL', bid: '1', ask: '2', at: '2026-11-20T15:00:00.000Z' } as never);
    const about = { signalId: 'one', orderId: 'one', accountId: 'one', data: { executionId: 'one' } };
    return onBatch(
      kinds.map((kind, at) => ({ ...about, kind, seq: `${at}`, id: `${at}`, at: new Date(0) })),
      beginning,
    );
  };
  /** Ends every connection; what was sent before has arrived then, for a connection keeps its order. */
  async function close(): Promise<void> {
    const ended = sockets.map(
      (socket) => socket.connected && new Promise<void>((resolve) => socket.once('disconnect', () => resolve())),
    );
    await realtime.close();
    await Promise.all(ended);
    await listening.close();
  }
  return { connect, heard, tell, close };
}

/** Each as it stands, then all for one role. */
const tables: readonly (readonly [string, Readonly<Record<SocketEventName, Role>>])[] = [
  ['the table as it stands', socketPermissions],
  ...allRoles.map(
    (role) =>
      [`a table of messages for ${role}`, Object.fromEntries(names.map((name) => [name, role])) as never] as const,
  ),
];

describe.each(tables)('under %s', (_title, table) => {
  let heard: Map<string, Set<string>>;
  let stranger: unknown;
  beforeAll(async () => {
    const box = await openSockets(table);
    heard = box.heard;
    for (const role of allRoles) await box.connect(role);
    stranger = await box.connect('nobody').catch((error: unknown) => error);
    // The admin hears everything that there is to hear.
    await vi.waitFor(
      async () => {
        await box.tell();
        expect([...heard.get('admin')!].sort()).toEqual([...names].sort());
      },
      { timeout: 60_000, interval: 50 },
    );
    await box.tell();
    await box.close();
  }, 90_000);

  it.each(names)('%s', (name) => {
    const reached = allRoles.filter((role) => heard.get(role)!.has(name));
    expect(reached).toEqual(allRoles.filter((role) => mayDo(role, table[name])));
  });

  it('lets nobody in who is nobody', () => {
    expect(stranger).toMatchObject({ message: 'not signed in' });
    expect([...heard.get('nobody')!]).toEqual([]);
  });
});
