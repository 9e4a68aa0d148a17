import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Random } from '../../core/ports/random.ts';
import { Holders } from '../awkward/market-faults.ts';
import type { Market } from '../market/market.ts';
import { checkAccount, checkReplacement, heldForOrders } from './account-checks.ts';
import { checkShape, type Prices } from './checks.ts';
import { buyingPowerOf, cashPowerOf, equityOf } from './margin.ts';
import { Matching } from './matching.ts';
import {
  isFinal,
  type OrderRequest,
  type Ticks,
  type VenueAccount,
  type VenueOrder,
  type VenueUpdate,
} from './model.ts';
import type { Money } from './money.ts';
import type { Lots } from './quantity.ts';
import { refuse, VenueRefusal } from './refusal.ts';
import { type Replacement, replacementOf } from './replace.ts';
import { VenueState } from './state.ts';
import type { ExchangeStore } from './store.ts';

export interface VenueParts {
  readonly store: ExchangeStore;
  readonly market: Market;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What a command may do; everything it changes is stored before its answer is given. */
export interface Desk {
  readonly state: VenueState;
  readonly now: string;
  place(account: VenueAccount, request: OrderRequest): VenueOrder;
  cancel(order: VenueOrder): void;
  replace(order: VenueOrder, change: Replacement): VenueOrder;
  equity(account: VenueAccount): Money;
  buyingPower(account: VenueAccount): Money;
  /** What may be spent on what is not bought with borrowed money. */
  cashPower(account: VenueAccount): Money;
  held(account: VenueAccount, symbol: string, side: 'buy' | 'sell'): Lots;
  mark(symbol: string): Ticks;
}

interface Waiting {
  readonly run: (desk: Desk) => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The venue: commands run one after the other on the books in memory, what they changed is stored in one transaction (commands that
 * arrive meanwhile share the next), and only then are they answered and the streams told. When storing fails, the books are
 * read anew and every command of that transaction is answered with the error: nothing was done.
 */
export class Venue {
  readonly #parts: VenueParts;
  #state: VenueState;
  #matching: Matching;
  readonly #listeners = new Set<(update: VenueUpdate) => void>();
  #queue: Waiting[] = [];
  #running: Promise<void> | null = null;
  #broken = false;
  /** Symbols that do not trade, and those that take no new orders. */
  readonly #halted = new Holders();
  readonly #suspended = new Holders();

  private constructor(parts: VenueParts, state: VenueState) {
    this.#parts = parts;
    this.#state = state;
    this.#matching = this.#newMatching(state);
  }

  static async open(parts: VenueParts): Promise<Venue> {
    const stored = await parts.store.load();
    parts.market.restore(stored.prices);
    return new Venue(parts, new VenueState(stored));
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
        if (quote) this.#matching.show(symbol, quote, this.#parts.market.lastTrade(symbol)?.price ?? null, now);
      }
    });
  }

  /** Stops all trading in a symbol: orders are taken and wait. What it answers lets it trade again. */
  async halt(symbol: string): Promise<() => Promise<void>> {
    await this.command(() => {
      this.#halted.take(symbol);
      this.#matching.halt(symbol);
    });
    return () =>
      this.command(({ now }) => {
        if (this.#halted.release(symbol)) this.#matching.resume(symbol, now);
      });
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

  #newMatching(state: VenueState): Matching {
    const matching = new Matching(state, () => this.#parts.random.id());
    const now = this.#parts.clock.now().toISOString();
    for (const symbol of this.#halted.symbols()) matching.halt(symbol);
    for (const order of state.open().sort((a, b) => a.sequence - b.sequence)) matching.work(order, now);
    return matching;
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
    try {
      if (this.#broken) await this.#reload();
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
      return;
    }
    const answers = batch.map((waiting) => {
      try {
        const value = waiting.run(this.#desk());
        return () => waiting.resolve(value as never);
      } catch (error) {
        if (!(error instanceof VenueRefusal)) this.#broken = true;
        return () => waiting.reject(error);
      }
    });
    const { changes, updates, empty } = this.#state.take();
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
    this.#state = new VenueState(await this.#parts.store.load());
    this.#matching = this.#newMatching(this.#state);
    this.#broken = false;
    const now = this.#parts.clock.now().toISOString();
    for (const { symbol } of this.#parts.market.instruments) {
      const quote = this.#parts.market.quote(symbol);
      if (quote) this.#matching.show(symbol, quote, null, now);
    }
  }

  #prices(symbol: string): Prices {
    const quote = this.#parts.market.quote(symbol);
    if (!quote) throw refuse.unprocessable(`asset "${symbol}" has no quote`);
    return {
      bid: quote.bid,
      ask: quote.ask,
      last: this.#matching.lastTrade(symbol) ?? this.#parts.market.lastTrade(symbol)?.price ?? quote.bid,
      phase: 'core',
    };
  }

  #mark = (symbol: string): Ticks => {
    const trade = this.#parts.market.lastTrade(symbol);
    return trade?.price ?? this.#matching.lastTrade(symbol) ?? 0;
  };

  #desk(): Desk {
    const state = this.#state;
    const now = this.#parts.clock.now().toISOString();
    return {
      state,
      now,
      place: (account, request) => this.#place(state, account, request, now),
      cancel: (order) => this.#matching.cancel(order, now),
      replace: (order, change) => this.#replace(state, order, change, now),
      equity: (account) => equityOf(state, account, this.#mark),
      buyingPower: (account) => buyingPowerOf(state, account, this.#mark),
      cashPower: (account) => cashPowerOf(state, account, this.#mark),
      held: (account, symbol, side) => heldForOrders(state, account.id, symbol, side, this.#mark),
      mark: this.#mark,
    };
  }

  #place(state: VenueState, account: VenueAccount, request: OrderRequest, now: string): VenueOrder {
    if (!this.isTradable(request.symbol)) throw refuse.unprocessable(`asset "${request.symbol}" is not tradable`);
    const prices = this.#prices(request.symbol);
    checkShape(request, prices);
    const same = state.findByClientId(account.id, request.clientOrderId);
    if (same) {
      throw isFinal(same.status)
        ? refuse.malformed('client_order_id must be unique')
        : refuse.unprocessable('client_order_id must be unique');
    }
    const effect = checkAccount({ state, account, prices, mark: this.#mark }, request);
    const { takeProfit, stopLoss } = request;
    const grouped = takeProfit !== null || stopLoss !== null;
    const oco = request.orderClass === 'oco';
    const groupId = grouped ? this.#parts.random.id() : null;
    const blank = {
      accountId: account.id,
      symbol: request.symbol,
      timeInForce: request.timeInForce,
      orderClass: request.orderClass === 'simple' ? ('' as const) : request.orderClass,
      extendedHours: request.extendedHours,
      qty: request.qty,
      notional: request.notional,
      filledQty: 0,
      filledCost: 0n,
      elected: false,
      groupId,
      replaces: null,
      replacedBy: null,
      createdAt: now,
      submittedAt: now,
      updatedAt: now,
      filledAt: null,
      canceledAt: null,
      expiredAt: null,
      replacedAt: null,
    };
    const order: VenueOrder = {
      ...blank,
      id: this.#parts.random.id(),
      clientOrderId: request.clientOrderId,
      side: request.side,
      type: oco ? 'limit' : request.type,
      limitPrice: oco ? takeProfit!.limitPrice : request.limitPrice,
      stopPrice: oco ? null : request.stopPrice,
      status: 'new',
      positionIntent: `${request.side}_to_${effect}`,
      groupRole: !grouped ? null : oco ? 'take_profit' : 'entry',
      parentId: null,
      sequence: state.nextSequence(),
    };
    state.addOrder(order);
    const exit = oco ? request.side : request.side === 'buy' ? ('sell' as const) : ('buy' as const);
    const leg = (role: 'take_profit' | 'stop_loss', limitPrice: Ticks | null, stopPrice: Ticks | null): void => {
      const id = this.#parts.random.id();
      state.addOrder({
        ...blank,
        id,
        clientOrderId: id,
        side: exit,
        type: stopPrice === null ? 'limit' : limitPrice === null ? 'stop' : 'stop_limit',
        limitPrice,
        stopPrice,
        status: oco ? 'new' : 'held',
        positionIntent: `${exit}_to_close`,
        groupRole: role,
        parentId: order.id,
        sequence: state.nextSequence(),
      });
    };
    if (takeProfit && !oco) leg('take_profit', takeProfit.limitPrice, null);
    if (stopLoss) leg('stop_loss', stopLoss.limitPrice, stopLoss.stopPrice);
    state.publish({ accountId: account.id, event: 'new', order, execution: null, positionQty: null, at: now });
    this.#matching.work(order, now);
    if (oco) for (const other of state.legs(order)) this.#matching.work(other, now);
    return order;
  }

  #replace(state: VenueState, order: VenueOrder, change: Replacement, now: string): VenueOrder {
    const next = replacementOf(order, change, this.#parts.random.id(), state.nextSequence(), now);
    if (state.findByClientId(order.accountId, next.clientOrderId))
      throw refuse.malformed('client_order_id must be unique');
    const account = state.accounts.get(order.accountId)!;
    checkReplacement({ state, account, prices: this.#prices(order.symbol), mark: this.#mark }, order, next);
    order.status = 'replaced';
    order.replacedBy = next.id;
    order.replacedAt = now;
    state.touch(order, now);
    state.addOrder(next);
    state.publish({
      accountId: order.accountId,
      event: 'replaced',
      order,
      execution: null,
      positionQty: null,
      at: now,
    });
    state.publish({
      accountId: order.accountId,
      event: 'new',
      order: next,
      execution: null,
      positionQty: null,
      at: now,
    });
    this.#matching.replace(order, next, now);
    return next;
  }
}
