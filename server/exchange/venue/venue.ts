import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Random } from '../../core/ports/random.ts';
import { Holders } from '../awkward/market-faults.ts';
import type { Liquidity } from '../book/terms.ts';
import type { Sessions } from '../calendar/sessions.ts';
import type { Market } from '../market/market.ts';
import type { Books } from './books.ts';
import type { Prices } from './checks.ts';
import { type Desk, deskOf } from './desk.ts';
import { Hours } from './hours.ts';
import { Matching } from './matching.ts';
import { byTurn, type Ticks, type VenueUpdate } from './model.ts';
import { refuse, VenueRefusal } from './refusal.ts';
import { workOffHours } from './session-edge.ts';
import { VenueState } from './state.ts';
import type { ExchangeStore } from './store.ts';

export type { Desk } from './desk.ts';

export interface VenueParts {
  readonly store: ExchangeStore;
  readonly market: Market;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What the market lends to orders that meet its quotes; the size it shows unless told. */
  readonly liquidity?: Liquidity | undefined;
}

interface Waiting {
  readonly run: (desk: Desk) => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** How long the hours wait after they could not be kept. */
const retryMs = 1000;

/**
 * The venue: commands run one after the other on the books in memory, what they changed is stored in one transaction (commands that
 * arrive meanwhile share the next), and only then are they answered and the streams told. When storing fails, the books are
 * read anew and every command of that transaction is answered with the error: nothing was done.
 */
export class Venue {
  readonly #parts: VenueParts;
  readonly #hours: Hours;
  #books: Books;
  readonly #listeners = new Set<(update: VenueUpdate) => void>();
  #queue: Waiting[] = [];
  #running: Promise<void> | null = null;
  #broken = false;
  /** Symbols that do not trade, and those that take no new orders. */
  readonly #halted = new Holders();
  readonly #suspended = new Holders();
  readonly #cuts = new Set<{ readonly symbol: string | null; readonly partialPpm: number }>();
  /** When the hours next ask for something, in milliseconds since 1970; 0: now. */
  #due = 0;
  #timer: Timer | null = null;
  #closed = false;
  readonly #unwatch: () => void;

  private constructor(parts: VenueParts, state: VenueState) {
    this.#parts = parts;
    this.#hours = new Hours(parts.sessions);
    this.#books = this.#newBooks(state);
    this.#unwatch = parts.sessions.onChange(() => {
      this.#due = 0;
      this.#wake();
    });
  }

  /** Reads the books, and does at once what the hours asked for while the venue was not running. */
  static async open(parts: VenueParts): Promise<Venue> {
    const stored = await parts.store.load();
    parts.market.restore(stored.prices);
    const venue = new Venue(parts, new VenueState(stored));
    await venue.command(() => undefined);
    return venue;
  }

  /** Stops looking at the clock, and resolves when everything that was asked for is done. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#unwatch();
    await this.idle();
  }

  /** Runs a command; resolves with its answer once that is durable. Rejects with a `VenueRefusal`, or with what storing failed of. */
  command<T>(run: (desk: Desk) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run, resolve: resolve as (value: never) => void, reject });
      this.#running ??= this.#drain();
    });
  }

  onUpdate(listener: (update: VenueUpdate) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes the symbols' new quotes to the books. Nothing is stored unless an order was touched. */
  async show(symbols: readonly string[]): Promise<void> {
    await this.command(({ now }) => {
      for (const symbol of symbols) {
        const quote = this.#parts.market.quote(symbol);
        if (quote) this.#books.matching.show(symbol, quote, this.#parts.market.lastTrade(symbol)?.price ?? null, now);
      }
    });
  }

  /** Stops all trading in a symbol: orders are taken and wait. What it answers lets it trade again. */
  async halt(symbol: string): Promise<() => Promise<void>> {
    await this.command(() => {
      this.#halted.take(symbol);
      this.#books.matching.halt(symbol);
    });
    return () =>
      this.command(({ now }) => {
        if (this.#halted.release(symbol)) this.#books.matching.resume(symbol, now);
      });
  }

  /**
   * Cuts a share of the fills against the market's quotes, in millionths, to a part of what they could be; the rest waits for the next quote.
   * Null: of every symbol. What it answers ends that.
   */
  async fillInPart(symbol: string | null, partialPpm: number): Promise<() => Promise<void>> {
    const cut = { symbol, partialPpm };
    const apply = (): void => this.#books.matching.cutFills((one) => this.#partialPpm(one));
    await this.command(() => {
      this.#cuts.add(cut);
      apply();
    });
    return () =>
      this.command(() => {
        this.#cuts.delete(cut);
        apply();
      });
  }

  #partialPpm(symbol: string): number {
    return [...this.#cuts].reduce((most, cut) => {
      return cut.symbol === null || cut.symbol === symbol ? Math.max(most, cut.partialPpm) : most;
    }, 0);
  }

  /** Refuses new orders in a symbol; what rests goes on resting. What it answers takes them again. */
  async suspend(symbol: string): Promise<() => Promise<void>> {
    await this.command(() => this.#suspended.take(symbol));
    return () => this.command(() => void this.#suspended.release(symbol));
  }

  /** Whether orders in the symbol are taken. */
  isTradable(symbol: string): boolean {
    return !this.#suspended.has(symbol);
  }

  /** Resolves when everything that was asked for is done. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #newBooks(state: VenueState): Books {
    const { clock, liquidity, market, random } = this.#parts;
    const hours = this.#hours;
    const newId = (): string => random.id();
    const matching = new Matching({ state, hours, newId, liquidity });
    const now = clock.now().toISOString();
    for (const symbol of this.#halted.symbols()) matching.halt(symbol);
    matching.cutFills((symbol) => this.#partialPpm(symbol));
    for (const order of state.open().sort(byTurn)) matching.work(order, now);
    const mark = (symbol: string): Ticks => market.lastTrade(symbol)?.price ?? matching.lastTrade(symbol) ?? 0;
    const prices = (symbol: string, at: Date): Prices => {
      const quote = market.quote(symbol);
      if (!quote) throw refuse.unprocessable(`asset "${symbol}" has no quote`);
      return {
        bid: quote.bid,
        ask: quote.ask,
        last: matching.lastTrade(symbol) ?? market.lastTrade(symbol)?.price ?? quote.bid,
        phase: hours.priceBasis(symbol, at),
      };
    };
    return { state, matching, market, hours, mark, prices, newId, isTradable: (symbol) => this.isTradable(symbol) };
  }

  /** Does what the hours ask for, when they do. */
  #keepHours(at: Date): void {
    if (at.getTime() < this.#due) return;
    workOffHours(this.#books, at);
    this.#due = this.#parts.sessions.nextEdge(at).getTime();
    this.#arm();
  }

  #arm(): void {
    this.#timer?.cancel();
    if (this.#closed) return;
    const { clock } = this.#parts;
    const wait = this.#due - clock.now().getTime();
    this.#timer = clock.after(wait > 0 ? wait : retryMs, () => this.#wake());
  }

  /** Every command looks at the hours first; this one does nothing else. */
  #wake(): void {
    if (this.#closed) return;
    this.command(() => undefined)
      .catch((error: unknown) => this.#parts.log.error({ error }, 'the exchange could not keep its hours'))
      .finally(() => this.#arm());
  }

  async #drain(): Promise<void> {
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      await this.#runBatch(batch);
    }
    this.#running = null;
  }

  async #runBatch(batch: readonly Waiting[]): Promise<void> {
    const at = this.#parts.clock.now();
    try {
      if (this.#broken) await this.#reload();
      this.#keepHours(at);
    } catch (error) {
      this.#broken = true;
      for (const waiting of batch) waiting.reject(error);
      return;
    }
    const desk = deskOf(this.#books, at);
    const answers = batch.map((waiting) => {
      try {
        const value = waiting.run(desk);
        return () => waiting.resolve(value as never);
      } catch (error) {
        if (!(error instanceof VenueRefusal)) this.#broken = true;
        return () => waiting.reject(error);
      }
    });
    const { changes, updates, empty } = this.#books.state.take();
    try {
      // A defect in a command may have left the books half changed: they are read anew, and nothing of the batch was done.
      if (this.#broken) throw new Error('a command failed');
      if (!empty) await this.#parts.store.commit(changes);
    } catch (error) {
      this.#broken = true;
      this.#parts.log.error({ error }, 'the exchange could not store what it did; nothing of it was done');
      for (const waiting of batch) waiting.reject(error);
      return;
    }
    for (const answer of answers) answer();
    for (const update of updates) for (const listener of this.#listeners) listener(update);
  }

  async #reload(): Promise<void> {
    this.#books = this.#newBooks(new VenueState(await this.#parts.store.load()));
    this.#due = 0;
    this.#broken = false;
    const at = this.#parts.clock.now();
    this.#keepHours(at);
    for (const { symbol } of this.#parts.market.instruments) {
      const quote = this.#parts.market.quote(symbol);
      if (quote) this.#books.matching.show(symbol, quote, null, at.toISOString());
    }
  }
}
