import { fixedReserve } from './margin.ts';
import type { VenueOrder } from './model.ts';
import type { Money } from './money.ts';
import { isCrypto } from './quantity.ts';

/** What an account's open orders have reserved of its buying power, as far as it does not move with the market. */
interface Reserved {
  /** Of shares, which may be bought with borrowed money, and of coins, which may not. */
  shares: Money;
  coins: Money;
  /** Those whose reserve moves with the market. */
  readonly moving: Set<VenueOrder>;
}

const none: ReadonlySet<VenueOrder> = new Set();

/** Orders that are not final, found by what the checks of a new order ask for, so that thousands that rest do not slow one down. */
export class OpenOrders {
  readonly #all = new Set<VenueOrder>();
  readonly #accounts = new Map<string, Set<VenueOrder>>();
  readonly #sides = new Map<string, Set<VenueOrder>>();
  readonly #reserved = new Map<string, Reserved>();
  /** What each order was counted with. */
  readonly #counted = new Map<VenueOrder, Money>();

  add(order: VenueOrder): void {
    this.#all.add(order);
    within(this.#accounts, order.accountId).add(order);
    within(this.#sides, sideKey(order.accountId, order.symbol, order.side)).add(order);
    this.#count(order, fixedReserve(order));
  }

  /** Notes that an order was changed. */
  change(order: VenueOrder): void {
    if (this.#all.has(order)) this.#count(order, fixedReserve(order));
  }

  remove(order: VenueOrder): void {
    if (!this.#all.delete(order)) return;
    this.#accounts.get(order.accountId)!.delete(order);
    this.#sides.get(sideKey(order.accountId, order.symbol, order.side))!.delete(order);
    this.#count(order, 0n);
    this.#counted.delete(order);
  }

  /** In order of arrival. */
  all(): ReadonlySet<VenueOrder> {
    return this.#all;
  }

  of(accountId: string): ReadonlySet<VenueOrder> {
    return this.#accounts.get(accountId) ?? none;
  }

  on(accountId: string, symbol: string, side: 'buy' | 'sell'): ReadonlySet<VenueOrder> {
    return this.#sides.get(sideKey(accountId, symbol, side)) ?? none;
  }

  reserved(accountId: string): Readonly<Reserved> {
    let reserved = this.#reserved.get(accountId);
    if (!reserved) {
      reserved = { shares: 0n, coins: 0n, moving: new Set() };
      this.#reserved.set(accountId, reserved);
    }
    return reserved;
  }

  /** Counts an order with this reserve instead of what it was counted with; null: it moves with the market. */
  #count(order: VenueOrder, reserve: Money | null): void {
    const reserved = this.reserved(order.accountId) as Reserved;
    const more = (reserve ?? 0n) - (this.#counted.get(order) ?? 0n);
    if (isCrypto(order.symbol)) reserved.coins += more;
    else reserved.shares += more;
    this.#counted.set(order, reserve ?? 0n);
    if (reserve === null) reserved.moving.add(order);
    else reserved.moving.delete(order);
  }
}

function within(sets: Map<string, Set<VenueOrder>>, key: string): Set<VenueOrder> {
  let found = sets.get(key);
  if (!found) {
    found = new Set();
    sets.set(key, found);
  }
  return found;
}

const sideKey = (accountId: string, symbol: string, side: 'buy' | 'sell'): string => `${accountId} ${symbol} ${side}`;
