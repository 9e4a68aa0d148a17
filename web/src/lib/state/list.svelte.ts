import { api, query, sentenceOf } from '../api/client.ts';
import type { ServerToClient, SocketEventName } from '../api/contract.ts';
import { live } from './live.svelte.ts';

type Row = { id: string };
type Query = Readonly<Record<string, string | number | null | undefined>>;
type Told<K extends SocketEventName> = Parameters<ServerToClient[K]>[0];

/**
 * A list of the API, newest first: its first page by REST, later ones when asked for, and what the socket tells put in place by id.
 * `order` says where a row that is new here belongs; `matches` whether it belongs here at all.
 */
export class LiveList<K extends 'signal' | 'decision' | 'order' | 'execution' | 'event'> {
  items = $state.raw<Told<K>[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  problem = $state<string | null>(null);
  loadingMore = $state(false);
  next = $state<string | null>(null);
  /** Ids that came live, not with a page: they slide in. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());

  #path: string;
  #query: Query;
  #matches: (row: Told<K>) => boolean;
  #momentOf: (row: Told<K>) => string;
  #told: Told<K>[] = [];
  #scheduled = false;
  #round = 0;
  #most: number;

  constructor(
    event: K,
    options: {
      path: string;
      query?: Query;
      matches?: (row: Told<K>) => boolean;
      momentOf: (row: Told<K>) => string;
      /** Rows kept at most; null keeps all. */
      most?: number;
    },
  ) {
    this.#path = options.path;
    this.#query = options.query ?? {};
    this.#matches = options.matches ?? (() => true);
    this.#momentOf = options.momentOf;
    this.#most = options.most ?? Number.POSITIVE_INFINITY;
    $effect(() => {
      void this.load();
      const ends = [live.on(event, (row) => this.#tell(row)), live.onReload(() => void this.load())];
      return () => {
        for (const end of ends) end();
      };
    });
  }

  async load(): Promise<void> {
    const round = ++this.#round;
    try {
      const page = await this.#page(null);
      if (round !== this.#round) return;
      this.items = page.items;
      this.next = page.next;
      this.state = 'ready';
      this.problem = null;
      this.#flush();
    } catch (error) {
      if (round !== this.#round) return;
      this.problem = sentenceOf(error);
      if (this.state === 'loading') this.state = 'failed';
    }
  }

  /** Reads the page after the last one. */
  async more(): Promise<void> {
    if (!this.next || this.loadingMore) return;
    const round = this.#round;
    this.loadingMore = true;
    try {
      const page = await this.#page(this.next);
      if (round !== this.#round) return;
      const known = new Set(this.items.map((row) => (row as Row).id));
      this.items = [...this.items, ...page.items.filter((row) => !known.has((row as Row).id))];
      this.next = page.next;
      this.problem = null;
    } catch (error) {
      this.problem = sentenceOf(error);
    } finally {
      this.loadingMore = false;
    }
  }

  #page(cursor: string | null): Promise<{ items: Told<K>[]; next: string | null }> {
    return api.get(`${this.#path}${query({ limit: 200, ...this.#query, cursor })}`);
  }

  #tell(row: Told<K>): void {
    this.#told.push(row);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // A burst of alerts is drawn once a frame, not once a message.
    requestAnimationFrame(() => {
      this.#scheduled = false;
      if (this.state === 'ready') this.#flush();
    });
  }

  #flush(): void {
    if (this.#told.length === 0) return;
    const told = new Map(this.#told.map((row) => [(row as Row).id, row]));
    this.#told = [];
    const kept: Told<K>[] = [];
    for (const row of this.items) {
      const id = (row as Row).id;
      const newer = told.get(id);
      told.delete(id);
      if (!newer) kept.push(row);
      else if (this.#matches(newer)) kept.push(newer);
    }
    const added = [...told.values()].filter((row) => this.#matches(row));
    this.fresh = new Set(added.map((row) => (row as Row).id));
    if (added.length > 0) {
      kept.unshift(...added);
      kept.sort((a, b) => (this.#momentOf(a) < this.#momentOf(b) ? 1 : this.#momentOf(a) > this.#momentOf(b) ? -1 : 0));
    }
    this.items = kept.length > this.#most ? kept.slice(0, this.#most) : kept;
  }
}
