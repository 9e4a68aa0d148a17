import type { Ticks, VenueOrder } from './model.ts';
import { lotsFor } from './money.ts';
import type { Lots } from './quantity.ts';

/**
 * Orders by dollars. How many lots one is for is known only with the price, so it stands in no book: whenever there is something new to
 * trade with, it takes at the best price what its money comes to there. What is shown covers that as a rule, and the order is filled as
 * one; what is not covered waits for the next quote. A fill never costs more than the money that is left, rounded down to a lot.
 */
export class DollarOrders {
  readonly #waiting = new Map<string, Set<VenueOrder>>();

  add(order: VenueOrder): void {
    const waiting = this.#waiting.get(order.symbol) ?? new Set();
    this.#waiting.set(order.symbol, waiting.add(order));
  }

  delete(order: VenueOrder): boolean {
    return this.#waiting.get(order.symbol)?.delete(order) ?? false;
  }

  has(order: VenueOrder): boolean {
    return this.#waiting.get(order.symbol)?.has(order) ?? false;
  }

  /** Those of a symbol, in order of arrival. */
  of(symbol: string): VenueOrder[] {
    return [...(this.#waiting.get(symbol) ?? [])];
  }
}

/** Whether the last trade has reached the stop of an order. */
export const reachesStop = ({ side, stopPrice }: VenueOrder, last: Ticks): boolean =>
  last > 0 && (side === 'buy' ? last >= stopPrice! : last <= stopPrice!);

/** What an order by dollars takes at the best price of the other side; 0: nothing there. `held`: lots of the account's position. */
export function lotsAt(order: VenueOrder, best: Ticks, held: Lots): Lots {
  if (best === 0) return 0;
  const limit = order.type === 'limit' || order.type === 'stop_limit' ? order.limitPrice! : null;
  if (limit !== null && (order.side === 'buy' ? best > limit : best < limit)) return 0;
  const lots = lotsFor(order.symbol, order.notional! - order.filledCost, best);
  return order.side === 'buy' ? lots : Math.min(lots, Math.max(0, held));
}

/** Whether nothing is left of an order by dollars after a fill at a price. */
export const isSpent = (order: VenueOrder, price: Ticks, held: Lots): boolean =>
  lotsFor(order.symbol, order.notional! - order.filledCost, price) === 0 || (order.side === 'sell' && held <= 0);
