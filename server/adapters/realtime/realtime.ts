import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type {
  Account,
  AlarmJson,
  ApprovalJson,
  DecisionJson,
  EventJson,
  Execution,
  Order,
  Position,
  QuoteJson,
  Role,
  ServerToClient,
  Signal,
  SocketEventName,
  Status,
} from '../../contract/index.ts';
import type { StoredEvent } from '../../core/model/event.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { EventCursor, EventReader } from '../../core/ports/event-reader.ts';
import type { Log } from '../../core/ports/log.ts';
import { type Caller, mayDo } from '../../platform/access/roles.ts';
import { isPast, placeOf, placeText } from './place.ts';

export interface RealtimeParts {
  readonly server: HttpServer;
  readonly events: EventReader;
  readonly callerOf: (headers: Headers) => Promise<Caller | null>;
  /** The least role for each message. */
  readonly permissions: Readonly<Record<SocketEventName, Role>>;
  readonly origins: () => readonly string[];
  readonly queries: {
    findSignals(ids: readonly string[]): Promise<Signal[]>;
    findDecisions(signalIds: readonly string[]): Promise<DecisionJson[]>;
    findOrders(ids: readonly string[]): Promise<Order[]>;
    executionsOf(orderIds: readonly string[]): Promise<Execution[]>;
    positions(): Promise<Position[]>;
    accounts(): Promise<Account[]>;
    openAlarms(): Promise<AlarmJson[]>;
    openApprovals(): Promise<ApprovalJson[]>;
  };
  readonly status: () => Promise<Status>;
  /** Calls back on every quote of what is held or watched; answers a function that stops it. */
  readonly onQuote: (listener: (quote: QuoteJson) => void) => () => void;
  readonly clock: Clock;
  readonly log: Log;
  /** How often it is looked at again who listens; 30 s unless said otherwise. */
  readonly lookAgainEveryMs?: number;
}

/** Quotes are told at most this often, the latest of each symbol. */
const quotesEveryMs = 100;
const statusEveryMs = 5000;
/** The status follows what happened within this; batches that come meanwhile share it, as it takes several queries. */
const statusAfterMs = 100;
/** Sessions end and tokens are revoked: whoever listens is asked for again this often. */
const lookAgainEveryMs = 30_000;
/** After these at once: whoever is switched off or signed out hears nothing more. */
const changesWhoListens = /^person\.(changed|disabled|sessions_ended|signed_out|password_set)$/;
/** Whoever has missed more events than this reads everything anew, which is then less than to be told of each. */
const missedAtMost = 2000;
/** Missed events are told so many at a time. */
const missedAtOnce = 500;

type Connected = Socket<Record<string, never>, ServerToClient, Record<string, never>, { caller: Caller }>;
/** Whom a message is for: one that comes back, or everybody who may hear it. */
type Audience = Connected | 'everybody';

/** The live half of the API: whoever is signed in is told of everything that changes, as whole rows. */
export async function attachRealtime(parts: RealtimeParts): Promise<{ close(): Promise<void> }> {
  const { server, queries, clock, log, permissions } = parts;
  /** Up to where everything has been told to whoever is in. Known before anybody can come in. */
  let told: EventCursor = await parts.events.newest();
  const io = new Server<Record<string, never>, ServerToClient, Record<string, never>, { caller: Caller }>(server, {
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    // A page of another site must not ride on the cookie; scripts bring a token and no origin.
    allowRequest: ({ headers: { origin, host } }, answer) => {
      answer(null, origin === undefined || parts.origins().includes(origin) || hostOf(origin) === host);
    },
  });
  /** Who is behind a socket now. */
  async function callerBehind({ handshake }: Pick<Socket, 'handshake'>): Promise<Caller | null> {
    const headers = new Headers();
    const token = (handshake.auth as { token?: unknown }).token;
    if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) headers.set('authorization', `Bearer ${token}`);
    else if (handshake.headers.cookie) headers.set('cookie', handshake.headers.cookie);
    const caller = await parts.callerOf(headers);
    // Listening is reading.
    return caller?.scopes && !caller.scopes.includes('read') ? null : caller;
  }
  io.use(async (socket, next) => {
    try {
      const caller = await callerBehind(socket);
      if (!caller) return next(new Error('not signed in'));
      socket.data.caller = caller;
      next();
    } catch (error) {
      log.warn({ error }, 'a socket could not be let in');
      next(new Error('try again'));
    }
  });
  let turn: Promise<unknown> = Promise.resolve();
  /** Batches are told and clients let in one after the other: nobody comes in amid a batch. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  }

  /**
   * Tells one client in order what it has missed since a place, until it stands where the others do, and lets it in there: nothing is left
   * out and nothing told twice.
   */
  async function letIn(socket: Connected): Promise<void> {
    const since = placeOf((socket.handshake.auth as { since?: unknown }).since);
    const catching = since && !isPast(since, told) ? { at: since, missed: 0 } : null;
    /** Whether it may still be told all of it. */
    async function tellMissed(): Promise<boolean> {
      if (catching === null) return false;
      const until = told;
      const events = await parts.events.between(catching.at, until, missedAtMost - catching.missed + 1);
      catching.missed += events.length;
      if (catching.missed > missedAtMost) return false;
      for (let from = 0; from < events.length; from += missedAtOnce)
        await tellOf(events.slice(from, from + missedAtOnce), socket);
      catching.at = until;
      return true;
    }
    // What there is of it while the others are told on; the little that came meanwhile, in turn.
    const following = await tellMissed();
    await inTurn(async () => {
      const all = following && (await tellMissed());
      if (!socket.connected) return;
      await socket.join(socket.data.caller.role);
      tell(socket, 'status', await parts.status());
      tell(socket, 'alarms', await queries.openAlarms());
      tell(socket, 'approvals', await queries.openApprovals());
      tell(socket, 'joined', { place: placeText(told), missed: all ? catching!.missed : null });
    });
  }
  io.on('connection', (socket) => {
    letIn(socket).catch((error: unknown) => {
      log.warn({ error }, 'a socket could not be told how things stand: it is closed, and comes again');
      socket.conn.close();
    });
  });

  async function lookAgain(): Promise<void> {
    for (const socket of io.sockets.sockets.values()) {
      try {
        const caller = await callerBehind(socket);
        if (!caller) {
          socket.disconnect(true);
          continue;
        }
        // Whoever has no room is not in yet, and comes in with the role of then.
        if (caller.role !== socket.data.caller.role && socket.rooms.has(socket.data.caller.role)) {
          await socket.leave(socket.data.caller.role);
          await socket.join(caller.role);
        }
        socket.data.caller = caller;
      } catch (error) {
        // Nobody is cut off because the database was away for a moment.
        log.warn({ error }, 'it could not be looked at again who listens');
        return;
      }
    }
  }

  const roles: readonly Role[] = ['admin', 'trader', 'analyst', 'viewer'];
  function tell<K extends SocketEventName>(to: Audience, name: K, ...data: Parameters<ServerToClient[K]>): void {
    if (to === 'everybody')
      io.to(roles.filter((role) => mayDo(role, permissions[name]))).emit(name, ...(data as never));
    else if (mayDo(to.data.caller.role, permissions[name])) to.emit(name, ...(data as never));
  }
  const anybody = (): boolean => io.engine.clientsCount > 0;

  async function onBatch(batch: readonly StoredEvent[], at: EventCursor): Promise<void> {
    if (batch.some(({ kind }) => changesWhoListens.test(kind))) void lookAgain();
    try {
      if (anybody()) await tellOf(batch, 'everybody');
      told = at;
      tell('everybody', 'place', placeText(at));
    } catch (error) {
      // Whoever comes again has not seen this batch, and is told of it then.
      told = at;
      log.warn({ error }, 'what happened could not be told to the sockets: they are closed, and come again');
      // A client whose transport closes connects anew by itself and reads everything; one that was left alone would
      // show what is no longer so. The next batch must not wait for this one either.
      for (const socket of io.sockets.sockets.values()) socket.conn.close();
    }
  }

  async function tellOf(batch: readonly StoredEvent[], to: Audience): Promise<void> {
    const kinds = new Set(batch.map((event) => event.kind.split('.')[0]));
    const ids = (of: 'signalId' | 'orderId', ...wanted: string[]): string[] => [
      ...new Set(
        batch
          .filter((event) => wanted.includes(event.kind.split('.')[0]!))
          .map((event) => event[of])
          .filter((id): id is string => typeof id === 'string'),
      ),
    ];
    const decided = ids('signalId', 'decision');
    const orderIds = ids('orderId', 'decision', 'order', 'execution', 'position', 'ledger', 'protection');
    const traded = ids('orderId', 'execution');
    const [orders, decisions, executions] = await Promise.all([
      queries.findOrders(orderIds),
      queries.findDecisions(decided),
      queries.executionsOf(traded),
    ]);
    // A position is shown with its stop and target, which are orders: legs come, change and go after the fill.
    const protection = orders.some((order) => order.role === 'stop_loss' || order.role === 'take_profit');
    const moved =
      protection || traded.length > 0 || kinds.has('position') || kinds.has('ledger') || kinds.has('protection');
    const signalIds = new Set([...ids('signalId', 'signal', 'decision'), ...orders.flatMap((o) => o.signalId ?? [])]);
    for (const signal of await queries.findSignals([...signalIds])) tell(to, 'signal', signal);
    for (const decision of decisions) tell(to, 'decision', decision);
    for (const order of orders) tell(to, 'order', order);
    const told = new Set(batch.map((event) => event.data.executionId));
    for (const execution of executions) if (told.has(execution.executionId)) tell(to, 'execution', execution);
    if (moved) {
      tell(to, 'positions', await queries.positions());
      for (const account of await queries.accounts()) tell(to, 'account', account);
    }
    if (kinds.has('approval') || kinds.has('decision')) tell(to, 'approvals', await queries.openApprovals());
    if (kinds.has('alarm')) tell(to, 'alarms', await queries.openAlarms());
    for (const event of batch) {
      tell(to, 'event', eventJson(event));
      if (event.kind === 'equity.recorded' && event.accountId) {
        const { at, cash, positionValue, equity, realizedPnl, unrealizedPnl } = event.data as Record<string, string>;
        tell(to, 'equity', {
          accountId: event.accountId,
          at: at ?? event.at.toISOString(),
          cash: cash!,
          positionValue: positionValue!,
          equity: equity!,
          realizedPnl: realizedPnl!,
          unrealizedPnl: unrealizedPnl!,
        });
      }
    }
    if (to === 'everybody') statusSoon ??= clock.after(statusAfterMs, tellStatus);
  }

  let statusSoon: Timer | null = null;
  function tellStatus(): void {
    statusSoon?.cancel();
    statusSoon = null;
    if (!anybody()) return;
    parts.status().then(
      (status) => tell('everybody', 'status', status),
      (error: unknown) => log.warn({ error }, 'the status could not be told'),
    );
  }

  const quotes = new Map<string, QuoteJson>();
  let quotesSoon: Timer | null = null;
  let quotesToldMs = Number.NEGATIVE_INFINITY;
  const stopQuotes = parts.onQuote((quote) => {
    quotes.set(quote.symbol, quote);
    // The first after a pause at once.
    quotesSoon ??= clock.after(Math.max(0, quotesToldMs + quotesEveryMs - clock.monotonicMs()), () => {
      quotesSoon = null;
      quotesToldMs = clock.monotonicMs();
      if (anybody()) tell('everybody', 'quotes', [...quotes.values()]);
      quotes.clear();
    });
  });
  const timers = [
    clock.every(statusEveryMs, tellStatus),
    clock.every(parts.lookAgainEveryMs ?? lookAgainEveryMs, () => void lookAgain()),
  ];
  const stopEvents = await parts.events.follow({
    reader: null,
    from: told,
    onBatch: (batch, at) => inTurn(() => onBatch(batch, at)),
  });

  return {
    async close() {
      for (const timer of timers) timer.cancel();
      statusSoon?.cancel();
      stopQuotes();
      quotesSoon?.cancel();
      await stopEvents();
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}

/** The host of an origin; null when it is none: browsers say `null` of sandboxed pages and of files. */
const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

const eventJson = (event: StoredEvent): EventJson => ({
  seq: event.seq,
  id: event.id,
  at: event.at.toISOString(),
  kind: event.kind,
  signalId: event.signalId ?? null,
  orderId: event.orderId ?? null,
  accountId: event.accountId ?? null,
  data: { ...event.data },
});
