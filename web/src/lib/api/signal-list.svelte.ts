import { api, query } from './client.ts';
import type { Signal } from './contract.ts';
import { live } from './live.svelte.ts';

/** What a list of signals is narrowed down to; empty text narrows nothing. Moments are ISO, `to` not included. */
export interface SignalFilter {
  readonly status: string;
  readonly source: string;
  readonly strategy: string;
  readonly ticker: string;
  readonly from: string;
  readonly to: string;
}

const pageSize = 200;
const keyOf = (row: Signal): string => row.receivedAt + row.id;

const matches = (row: Signal, { status, source, strategy, ticker, from, to }: SignalFilter): boolean =>
  (status === '' || row.status === status) &&
  (source === '' || row.source === source) &&
  (strategy === '' || row.strategy === strategy) &&
  (ticker === '' || row.ticker === ticker.toUpperCase()) &&
  (from === '' || row.receivedAt >= from) &&
  (to === '' || row.receivedAt < to);

/** Signals by a filter, as far back as they were asked for: pages of the server, with what is told live before and among them. */
export class SignalList {
  #filter = $state.raw<SignalFilter | null>(null);
  #read = $state.raw<readonly Signal[]>([]);
  #next = $state.raw<string | null>(null);
  #asked = 0;
  loaded = $state(false);
  busy = $state(false);
  problem = $state.raw<unknown>(null);

  /** Every one that is known, the newest first; of those that are told live too, that version, as it is the newer one. */
  readonly rows = $derived.by(() => {
    const filter = this.#filter;
    if (filter === null) return [];
    const known = new Map(this.#read.map((row) => [row.id, row]));
    for (const row of live.signals.items) {
      if (matches(row, filter)) known.set(row.id, row);
      else known.delete(row.id);
    }
    return [...known.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));
  });

  /** Whether the server has older ones. */
  get more(): boolean {
    return this.#next !== null;
  }

  /** Begins anew. */
  async ask(filter: SignalFilter): Promise<void> {
    this.#filter = filter;
    this.#read = [];
    this.#next = null;
    this.loaded = false;
    await this.#page(null);
  }

  async older(): Promise<void> {
    if (this.#next !== null && !this.busy) await this.#page(this.#next);
  }

  async #page(cursor: string | null): Promise<void> {
    const turn = ++this.#asked;
    this.busy = true;
    try {
      const page = await api.get<{ items: Signal[]; next: string | null }>(
        `/signals${query({ ...this.#filter, cursor, limit: pageSize })}`,
      );
      if (turn !== this.#asked) return;
      this.#read = [...this.#read, ...page.items];
      this.#next = page.next;
      this.loaded = true;
      this.problem = null;
    } catch (error) {
      if (turn === this.#asked) this.problem = error;
    } finally {
      if (turn === this.#asked) this.busy = false;
    }
  }
}

/** By which a row stands before or after another. */
export const signalKey = keyOf;
