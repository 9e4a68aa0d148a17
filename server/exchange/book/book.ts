/**
 * A continuous double auction for one symbol: price first, then time. Prices are integer ticks, quantities integer lots; the book has no
 * clock and no randomness, so the same commands give the same trades.
 */

export type BookSide = 'buy' | 'sell';

/** An order as the book sees it. */
export interface BookOrder {
  readonly id: string;
  readonly side: BookSide;
  /** Limit in ticks; null: at market, whatever the other side asks. */
  readonly price: number | null;
  /** Lots that are still to be filled; the book lowers it. */
  remaining: number;
}

/** A match. The price is the resting order's: who waited sets it. */
export interface BookTrade {
  readonly makerId: string;
  readonly takerId: string;
  readonly price: number;
  readonly quantity: number;
}

interface Level {
  readonly price: number;
  readonly queue: BookOrder[];
}

export class Book {
  /** Best first: bids downward, asks upward. */
  readonly #bids: Level[] = [];
  readonly #asks: Level[] = [];
  readonly #levelOf = new Map<string, Level>();

  /** The best prices in ticks; null where nobody waits. */
  best(side: BookSide): number | null {
    return this.#side(side)[0]?.price ?? null;
  }

  /** Lots waiting at a price or better, for the other side to take. */
  available(side: BookSide, limit: number | null): number {
    let lots = 0;
    for (const level of this.#side(side)) {
      if (limit !== null && !reaches(side, level.price, limit)) break;
      for (const order of level.queue) lots += order.remaining;
    }
    return lots;
  }

  /** Matches what can be matched; the rest of a limit order rests when `rest` is true. The rest of a market order never does. */
  submit(order: BookOrder, rest: boolean): BookTrade[] {
    const trades: BookTrade[] = [];
    const others = this.#side(order.side === 'buy' ? 'sell' : 'buy');
    while (order.remaining > 0 && others.length > 0) {
      const level = others[0]!;
      if (order.price !== null && !crosses(order.side, order.price, level.price)) break;
      const maker = level.queue[0]!;
      const quantity = Math.min(order.remaining, maker.remaining);
      maker.remaining -= quantity;
      order.remaining -= quantity;
      trades.push({ makerId: maker.id, takerId: order.id, price: level.price, quantity });
      if (maker.remaining === 0) {
        level.queue.shift();
        this.#levelOf.delete(maker.id);
        if (level.queue.length === 0) others.shift();
      }
    }
    if (rest && order.price !== null && order.remaining > 0) this.#insert(order, order.price);
    return trades;
  }

  /** Takes a resting order out; false when it does not rest here. */
  cancel(id: string): boolean {
    const level = this.#levelOf.get(id);
    if (!level) return false;
    this.#levelOf.delete(id);
    const at = level.queue.findIndex((order) => order.id === id);
    const [order] = level.queue.splice(at, 1);
    if (level.queue.length === 0) {
      const levels = this.#side(order!.side);
      levels.splice(levels.indexOf(level), 1);
    }
    return true;
  }

  has(id: string): boolean {
    return this.#levelOf.has(id);
  }

  #side(side: BookSide): Level[] {
    return side === 'buy' ? this.#bids : this.#asks;
  }

  #insert(order: BookOrder, price: number): void {
    const levels = this.#side(order.side);
    let low = 0;
    let high = levels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const better = order.side === 'buy' ? levels[middle]!.price > price : levels[middle]!.price < price;
      if (better) low = middle + 1;
      else high = middle;
    }
    let level = levels[low];
    if (level?.price !== price) {
      level = { price, queue: [] };
      levels.splice(low, 0, level);
    }
    level!.queue.push(order);
    this.#levelOf.set(order.id, level!);
  }
}

const crosses = (side: BookSide, limit: number, resting: number): boolean =>
  side === 'buy' ? limit >= resting : limit <= resting;

/** Whether a resting price on `side` is within the taker's limit. */
const reaches = (side: BookSide, resting: number, limit: number): boolean =>
  side === 'sell' ? resting <= limit : resting >= limit;
