import { io, type Socket } from 'socket.io-client';
import { caughtUp, tooMuchMissed } from '../format/stale.ts';
import { finalStates } from '../format/states.ts';
import { newYork } from '../format/time.ts';
import { clock } from '../state/clock.svelte.ts';
import type { LastPortfolio } from '../state/last-portfolio.ts';
import { notices } from '../state/notices.svelte.ts';
import { offline } from '../state/offline.svelte.ts';
import { preferences } from '../state/preferences.svelte.ts';
import { api } from './client.ts';
import type {
  Account,
  AlarmJson,
  ApprovalJson,
  DecisionJson,
  EventJson,
  Execution,
  Me,
  Order,
  Position,
  QuoteJson,
  ServerToClient,
  SettingsJson,
  Signal,
  Status,
} from './contract.ts';
import { Gathering } from './gathering.ts';
import { Marking } from './marking.ts';
import { Rows } from './rows.svelte.ts';
import { unread } from './unread.svelte.ts';

type Page<T> = { items: T[]; next?: string | null };
/** The server says every 5 s how things stand. Whoever has not heard that for so long shows what may be old. */
const unheardMs = 15_000;
/** How long after the server has turned this page away it is asked again. */
const turnedAwayMs = 2000;
/** So many of the newest signals, and of orders that have ended, are kept for a start without the server. */
const keptNewest = 20;

/**
 * Everything the pages show that changes: read once over REST, then kept fresh by the socket. After a lost connection the server tells what
 * was missed; where that is too much, everything is read anew.
 */
class Live {
  connection = $state<'connecting' | 'live' | 'lost'>('connecting');
  /** Since when, by the server's time, nothing shown is live; null while it is. */
  staleSince = $state<string | null>(null);
  loaded = $state(false);
  /** Why some of what is shown could not be read, the last time it was tried. */
  problem = $state.raw<unknown>(null);
  /** How often everything was read anew: what a page has read itself is then to be read again as well. */
  readings = $state(0);
  /** Whether the positions were read, which the first view does not let wait for anything else. */
  positionsLoaded = $state(false);
  me = $state.raw<Me | null>(null);
  status = $state.raw<Status | null>(null);
  settings = $state.raw<SettingsJson | null>(null);
  /** Every open alarm, what pages first. */
  alarms = $state.raw<readonly AlarmJson[]>([]);
  /** Everything that waits for a person, what ends first before the others. */
  approvals = $state.raw<readonly ApprovalJson[]>([]);
  quotes = $state.raw<ReadonlyMap<string, QuoteJson>>(new Map());
  readonly signals = new Rows<Signal>(
    (row) => row.id,
    (row) => row.receivedAt + row.id,
  );
  readonly orders = new Rows<Order>(
    (row) => row.id,
    (row) => row.createdAt + row.id,
  );
  readonly decisions = new Rows<DecisionJson>(
    (row) => row.id,
    (row) => row.decidedAt + row.id,
  );
  readonly executions = new Rows<Execution>(
    (row) => row.id,
    (row) => row.executedAt + row.id,
  );
  readonly events = new Rows<EventJson>(
    (row) => row.id,
    (row) => row.seq.padStart(20, '0'),
  );
  readonly accounts = new Rows<Account>(
    (row) => row.id,
    (row) => row.name,
  );
  readonly #positions = new Rows<Position>(
    (row) => `${row.accountId} ${row.symbol}`,
    (row) => row.openedAt ?? row.updatedAt,
  );
  readonly #marking = new Marking();
  /** Every open position, at the newest quote. */
  readonly positions = $derived.by(() =>
    this.#positions.items
      .filter((row) => !/^-?0(\.0+)?$/.test(row.quantity))
      .map((row) => this.#marking.of(row, this.quotes.get(row.symbol))),
  );
  readonly #gathering = new Gathering(() => void this.load());
  #heardMs = performance.now();
  /** Up to where the server has told everything. */
  #place: string | null = null;
  #reading: Promise<void> = Promise.resolve();
  #equityListeners = new Set<ServerToClient['equity']>();

  /** The zone in which this browser shows times: the one place that says so. */
  get zone(): string {
    if (preferences.times === 'device') return Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (preferences.times === 'new-york') return newYork;
    return this.status?.zone ?? 'UTC';
  }

  /** The symbols of quotes are told for what is held; a page may hear of each equity point too. */
  onEquity(listener: ServerToClient['equity']): () => void {
    this.#equityListeners.add(listener);
    return () => this.#equityListeners.delete(listener);
  }

  /** How many entries wait for a person, by whichever source has heard of more. */
  get waiting(): number {
    const open = this.approvals.filter((one) => one.state === 'open').length;
    return Math.max(this.status?.approvalsWaiting ?? 0, open);
  }

  /** Whether the person signed in may change anything. */
  get mayTrade(): boolean {
    return this.me?.role === 'admin' || this.me?.role === 'trader';
  }

  /** Whether the paper account trades at the embedded exchange. */
  get runsExchange(): boolean {
    return this.accounts.items.some(({ venue, enabled }) => venue === 'embedded' && enabled);
  }

  start(): () => void {
    const socket: Socket<ServerToClient> = io({
      transports: ['websocket', 'polling'],
      reconnectionDelayMax: 3000,
      auth: (answer) => answer(this.#place === null ? {} : { since: this.#place }),
    });
    const heard = (): void => {
      this.#heardMs = performance.now();
    };
    socket.on('joined', ({ place, missed }) => {
      heard();
      const first = this.#place === null;
      this.#place = place;
      const live = (): void => {
        this.connection = 'live';
        this.staleSince = null;
      };
      if (missed !== null) {
        // No event tells of these two.
        void this.#readOwn();
        if (missed > 0) notices.done(caughtUp(missed));
        live();
        return;
      }
      if (!first) notices.done(tooMuchMissed());
      // What was read before the connection stood may lack what happened since.
      void this.#reading.then(() => this.load()).then(live);
    });
    socket.on('place', (place) => {
      heard();
      this.#place = place;
    });
    const lost = (): void => {
      this.connection = 'lost';
      this.staleSince ??= new Date(clock.nowMs - (performance.now() - this.#heardMs)).toISOString();
    };
    // The client tries again by itself after a cut, but not where the server has ended it or turned it away, as one does that is stopping or
    // starting.
    let again: ReturnType<typeof setTimeout> | undefined;
    const tryAgain = (): void => {
      lost();
      if (socket.active) return;
      clearTimeout(again);
      again = setTimeout(() => socket.connect(), turnedAwayMs);
    };
    socket.on('disconnect', tryAgain);
    socket.on('connect_error', tryAgain);
    // A cable that is pulled says nothing: the silence tells.
    const watch = setInterval(() => {
      if (this.connection !== 'live' || performance.now() - this.#heardMs < unheardMs) return;
      lost();
      socket.io.engine?.close();
    }, 1000);
    const looked = (): void => this.#gathering.look();
    document.addEventListener('visibilitychange', looked);
    socket.on('status', (row) => {
      heard();
      this.setStatus(row);
    });
    const gathering = this.#gathering;
    const rows =
      <T>(kind: string, into: Rows<T>, idOf: (row: T) => string) =>
      (row: T) =>
        gathering.add<T>(kind, idOf(row), row, (all) => into.merge(all));
    socket.on(
      'signal',
      rows('signal', this.signals, (row) => row.id),
    );
    socket.on(
      'decision',
      rows('decision', this.decisions, (row) => row.id),
    );
    socket.on(
      'order',
      rows('order', this.orders, (row) => row.id),
    );
    socket.on(
      'execution',
      rows('execution', this.executions, (row) => row.id),
    );
    socket.on(
      'event',
      rows('event', this.events, (row) => row.id),
    );
    socket.on(
      'account',
      rows('account', this.accounts, (row) => row.id),
    );
    socket.on('positions', (list) => gathering.add('positions', '', list, ([all]) => this.#positions.replaceAll(all!)));
    socket.on('quotes', (list) => {
      for (const quote of list) gathering.add('quotes', quote.symbol, quote, (all) => this.#quote(all));
    });
    // These two are in the title, which is read while the page is hidden.
    socket.on('alarms', (list) => {
      this.alarms = list;
    });
    socket.on('approvals', (list) => {
      this.approvals = list;
    });
    socket.on('equity', (row) => {
      for (const listener of this.#equityListeners) listener(row);
    });
    return () => {
      clearTimeout(again);
      clearInterval(watch);
      document.removeEventListener('visibilitychange', looked);
      socket.off('disconnect', tryAgain).close();
    };
  }

  async #readOwn(): Promise<void> {
    await Promise.allSettled([
      api.get<Me>('/me').then((row) => (this.me = row)),
      api.get<SettingsJson>('/settings').then((row) => (this.settings = row)),
    ]);
  }

  /** Reads everything anew. What fails leaves what was there, and is told in `problem`. */
  load(): Promise<void> {
    this.#reading = this.#readAll();
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    // What answers the first look comes first: on a slow line the long lists would take its place.
    const first = await Promise.allSettled([
      api.get<Status>('/status').then((row) => this.setStatus(row)),
      api.get<Me>('/me').then((row) => (this.me = row)),
      unread.watch(
        'accounts',
        api.get<Page<Account>>('/accounts').then((page) => this.accounts.replaceAll(page.items)),
      ),
      unread.watch('positions', this.loadPositions()),
    ]);
    const then = await Promise.allSettled([
      api.get<SettingsJson>('/settings').then((row) => (this.settings = row)),
      unread.watch(
        'alarms',
        api.get<Page<AlarmJson>>('/alarms?state=open&limit=100').then((page) => (this.alarms = page.items)),
      ),
      api
        .get<Page<ApprovalJson>>('/approvals?state=open&limit=100')
        .then((page) => (this.approvals = page.items.toSorted((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1)))),
      unread.watch(
        'signals',
        api.get<Page<Signal>>('/signals?limit=500').then((page) => this.signals.merge(page.items)),
      ),
      unread.watch(
        'orders',
        api.get<Page<Order>>('/orders?status=all&limit=500').then((page) => this.orders.merge(page.items)),
      ),
      // However old: what is open is never left out.
      unread.watch(
        'open orders',
        api.get<Page<Order>>('/orders?status=open&limit=500').then((page) => this.orders.merge(page.items)),
      ),
    ]);
    const failed = [...first, ...then].find((one) => one.status === 'rejected');
    this.problem = failed ? failed.reason : null;
    this.readings += 1;
    if (first[0].status === 'fulfilled') this.loaded = true;
    // Anything that was kept on this device and could not be read anew is still old.
    if (first.every(({ status }) => status === 'fulfilled')) offline.asOf = null;
  }

  /** Shows what this device has kept, as the server does not answer: for somebody who may change nothing. */
  restore(kept: LastPortfolio): void {
    if (this.loaded) return;
    offline.asOf = kept.asOf;
    this.me = { ...kept.me, role: 'viewer' };
    this.status = kept.status;
    this.settings = kept.settings;
    this.alarms = kept.alarms;
    this.approvals = kept.approvals;
    this.accounts.replaceAll(kept.accounts);
    this.orders.merge(kept.orders);
    this.signals.merge(kept.signals);
    this.#positions.replaceAll(kept.positions);
    this.positionsLoaded = true;
    this.loaded = true;
  }

  /** What there is to keep for a start without the server; null: nothing that is known to be so now. */
  portfolio(): LastPortfolio | null {
    const { me, status } = this;
    if (!this.positionsLoaded || !this.loaded || !me || !status || this.connection === 'lost' || offline.asOf)
      return null;
    const open = this.orders.items.filter((order) => !finalStates.includes(order.status));
    const ended = this.orders.items.filter((order) => finalStates.includes(order.status)).slice(0, keptNewest);
    return {
      ...{ asOf: new Date(clock.nowMs).toISOString(), me, status, settings: this.settings },
      ...{ accounts: this.accounts.items, positions: this.positions, orders: [...open, ...ended] },
      signals: this.signals.items.slice(0, keptNewest),
      ...{ alarms: this.alarms, approvals: this.approvals },
    };
  }

  async loadPositions(): Promise<void> {
    const page = await api.get<Page<Position>>('/positions');
    this.#positions.replaceAll(page.items);
    this.positionsLoaded = true;
    if (page.items.length === 0) return;
    const symbols = [...new Set(page.items.map((row) => row.symbol))].slice(0, 100).join(',');
    const quotes = await api.get<Page<QuoteJson>>(`/quotes?symbols=${encodeURIComponent(symbols)}`);
    this.#quote(quotes.items);
  }

  /** An alarm that was acknowledged here: shown before the socket tells. */
  acknowledged(row: AlarmJson): void {
    this.alarms = this.alarms.map((one) => (one.id === row.id ? row : one));
  }

  /** A vote that was given here: shown before the socket tells. */
  voted(row: ApprovalJson): void {
    this.approvals = this.approvals.flatMap((one) => (one.id !== row.id ? [one] : row.settledAt === null ? [row] : []));
  }

  setStatus(row: Status): void {
    clock.synchronise(row.serverTime);
    this.status = row;
  }

  #quote(rows: readonly QuoteJson[]): void {
    const next = new Map(this.quotes);
    for (const row of rows) {
      const before = next.get(row.symbol);
      if (!before || before.at <= row.at) next.set(row.symbol, row);
    }
    this.quotes = next;
  }
}

export const live = new Live();
