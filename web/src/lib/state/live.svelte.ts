import { io, type Socket } from 'socket.io-client';
import { goto } from '$app/navigation';
import { api } from '../api/client.ts';
import type { Account, Me, Position, QuoteJson, ServerToClient, SocketEventName, Status } from '../api/contract.ts';
import { clock } from './clock.svelte.ts';
import { valued } from './holding.ts';

type Message<K extends SocketEventName> = Parameters<ServerToClient[K]>[0];
type Listener<K extends SocketEventName> = (data: Message<K>) => void;

/**
 * What every page shows, read by REST first and kept by the socket after. After a lost connection everything is read anew, because what
 * happened meanwhile was told to nobody here.
 */
class Live {
  status = $state.raw<Status | null>(null);
  me = $state.raw<Me | null>(null);
  accounts = $state.raw<Account[]>([]);
  positions = $state.raw<Position[]>([]);
  quotes = $state.raw<Readonly<Record<string, QuoteJson>>>({});
  connection = $state<'connecting' | 'live' | 'lost'>('connecting');
  lostAtMs = $state<number | null>(null);
  /** Positions at the latest quotes. */
  holdings = $derived(this.positions.map((position) => valued(position, this.quotes[position.symbol])));
  zone = $derived(this.status?.zone ?? 'UTC');
  mayTrade = $derived(this.me?.role === 'admin' || this.me?.role === 'trader');
  mayAdminister = $derived(this.me?.role === 'admin');

  #socket: Socket<ServerToClient, Record<string, never>> | null = null;
  #listeners = new Map<SocketEventName, Set<Listener<never>>>();
  #reloads = new Set<() => void>();

  /** Reads everything and connects; to be called once somebody is signed in. */
  start(): void {
    if (this.#socket) return;
    void this.load();
    const socket = io({ transports: ['websocket', 'polling'] });
    this.#socket = socket;
    let before = false;
    socket.on('connect', () => {
      this.connection = 'live';
      this.lostAtMs = null;
      if (before) this.#reload();
      before = true;
    });
    socket.on('disconnect', (reason) => {
      this.#lost();
      // The server closes on purpose when it stops; socket.io tries again by itself in every other case.
      if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 1000);
    });
    socket.on('connect_error', (error) => {
      if (error.message === 'not signed in') void goto('/sign-in');
      else {
        this.#lost();
        if (!socket.active) setTimeout(() => socket.connect(), 2000);
      }
    });
    this.on('status', (status) => this.#show(status));
    this.on('positions', (positions) => {
      this.positions = positions;
    });
    this.on('account', (account) => {
      const known = this.accounts.some((each) => each.id === account.id);
      this.accounts = known
        ? this.accounts.map((each) => (each.id === account.id ? account : each))
        : [...this.accounts, account];
    });
    this.on('quotes', (quotes) => {
      this.quotes = { ...this.quotes, ...Object.fromEntries(quotes.map((quote) => [quote.symbol, quote])) };
    });
  }

  stop(): void {
    this.#socket?.close();
    this.#socket = null;
    this.me = null;
    this.status = null;
  }

  /** Reads anew what every page shows. */
  async load(): Promise<void> {
    const [me, status, accounts, positions] = await Promise.all([
      api.get<Me>('/me'),
      api.get<Status>('/status'),
      api.get<{ items: Account[] }>('/accounts'),
      api.get<{ items: Position[] }>('/positions'),
    ]).catch(() => []);
    if (!me || !status) {
      this.#lost();
      return;
    }
    this.me = me;
    this.accounts = accounts?.items ?? [];
    this.positions = positions?.items ?? [];
    this.#show(status);
  }

  /** Listens to a message of the socket; answers a function that ends it. */
  on<K extends SocketEventName>(name: K, listener: Listener<K>): () => void {
    let all = this.#listeners.get(name);
    if (!all) {
      all = new Set();
      this.#listeners.set(name, all);
      const heard = all;
      this.#socket?.on(name, ((data: Message<K>) => {
        for (const each of heard) (each as Listener<K>)(data);
      }) as never);
    }
    all.add(listener as Listener<never>);
    return () => void all.delete(listener as Listener<never>);
  }

  /** Calls back when everything has to be read anew; answers a function that ends it. */
  onReload(reload: () => void): () => void {
    this.#reloads.add(reload);
    return () => void this.#reloads.delete(reload);
  }

  #reload(): void {
    void this.load();
    for (const reload of this.#reloads) reload();
  }

  #show(status: Status): void {
    this.status = status;
    clock.learn(status.serverTime);
  }

  #lost(): void {
    if (this.connection === 'lost') return;
    this.connection = 'lost';
    this.lostAtMs = clock.nowMs;
  }
}

export const live = new Live();
