import { io, type Socket } from 'socket.io-client';
import { finalStates } from '../format/states.ts';
import { clock } from '../state/clock.svelte.ts';
import type { LastPortfolio } from '../state/last-portfolio.ts';
import { offline } from '../state/offline.svelte.ts';
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
import { marked } from './marking.ts';
import { Rows } from './rows.svelte.ts';
import { unread } from './unread.svelte.ts';

type Page<T> = { items: T[]; next?: string | null };
/** How long messages are gathered before the page is told, so that a burst costs one rendering. */
const gatherMs = 60;
/** How long after the server has turned this page away it is asked again. */
const turnedAwayMs = 2000;
/** So many of the newest signals, and of orders that have ended, are kept for a start without the server. */
const keptNewest = 20;

/** Everything the pages show that changes: read once over REST, kept fresh by the socket, read anew after a lost connection. */
class Live {
  connection = $state<'connecting' | 'live' | 'lost'>('connecting');
  lostAt = $state<string | null>(null);
  loaded = $state(false);
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
  /** Every open position, at the newest quote. */
  readonly positions = $derived.by(() =>
    this.#positions.items
      .filter((row) => !/^-?0(\.0+)?$/.test(row.quantity))
      .map((row) => marked(row, this.quotes.get(row.symbol))),
  );
  #pending: (() => void)[] = [];
  #equityListeners = new Set<ServerToClient['equity']>();

  get zone(): string {
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
    const socket: Socket<ServerToClient> = io({ transports: ['websocket', 'polling'], reconnectionDelayMax: 3000 });
    const later = (apply: () => void): void => {
      if (this.#pending.push(apply) === 1) setTimeout(() => this.#flush(), gatherMs);
    };
    socket.on('connect', () => {
      void this.load().then(() => {
        this.connection = 'live';
        this.lostAt = null;
      });
    });
    const lost = (): void => {
      if (this.connection === 'lost') return;
      this.connection = 'lost';
      this.lostAt = new Date().toISOString();
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
    socket.on('status', (row) => this.setStatus(row));
    socket.on('signal', (row) => later(() => this.signals.merge([row])));
    socket.on('decision', (row) => later(() => this.decisions.merge([row])));
    socket.on('order', (row) => later(() => this.orders.merge([row])));
    socket.on('execution', (row) => later(() => this.executions.merge([row])));
    socket.on('event', (row) => later(() => this.events.merge([row])));
    socket.on('positions', (rows) => later(() => this.#positions.replaceAll(rows)));
    socket.on('alarms', (rows) => later(() => (this.alarms = rows)));
    socket.on('approvals', (rows) => later(() => (this.approvals = rows)));
    socket.on('account', (row) => later(() => this.accounts.merge([row])));
    socket.on('quotes', (rows) => later(() => this.#quote(rows)));
    socket.on('equity', (row) => {
      for (const listener of this.#equityListeners) listener(row);
    });
    return () => {
      clearTimeout(again);
      socket.off('disconnect', tryAgain).close();
    };
  }

  /** Reads everything anew. What fails leaves what was there. */
  async load(): Promise<void> {
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
    await Promise.allSettled([
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

  #flush(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const apply of pending) apply();
  }
}

export const live = new Live();
