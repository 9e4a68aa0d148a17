import type { OrderQueues } from './order-queues.ts';
import * as row from './order-row.ts';
import { RadixIndex } from './radix-index.ts';

const { queueDoubles, queueTickAt } = row;

/** The price levels of one side, best first, each a queue; the best one is always at hand. */
export class PriceLadder {
  /** 0 when there is no level. */
  bestTick = 0;
  /** The best level's queue; -1 when there is none. */
  bestQueue = -1;
  #levels = 0;
  readonly #index = new RadixIndex();
  readonly #queues: OrderQueues;
  readonly #lowestFirst: boolean;

  /** `best` says which price comes first: the lowest (asks), or the highest (bids). */
  constructor(queues: OrderQueues, best: 'lowest' | 'highest') {
    this.#queues = queues;
    this.#lowestFirst = best === 'lowest';
  }

  /** The queue of a price, -1 where nobody is. */
  queueAt(tick: number): number {
    return tick === this.bestTick ? this.bestQueue : this.#index.get(tick);
  }

  /** Adds an order at the end of its price's queue. */
  add(tick: number, slot: number): void {
    let queue = this.queueAt(tick);
    if (queue < 0) {
      queue = this.#queues.create(tick);
      this.#index.set(tick, queue);
      this.#levels += 1;
      if (this.bestTick === 0 || (this.#lowestFirst ? tick < this.bestTick : tick > this.bestTick)) {
        this.bestTick = tick;
        this.bestQueue = queue;
      }
    }
    this.#queues.append(queue, slot);
  }

  /** Forgets a queue that has become empty. */
  drop(queue: number): void {
    const tick = this.#queues.doubles[queue * queueDoubles + queueTickAt]!;
    this.#index.delete(tick);
    this.#queues.release(queue);
    this.#levels -= 1;
    if (tick !== this.bestTick) return;
    this.bestTick = this.#levels === 0 ? 0 : this.next(tick);
    this.bestQueue = this.bestTick === 0 ? -1 : this.#index.get(this.bestTick);
  }

  /** The level after this one; 0 when it was the last. */
  next(tick: number): number {
    const found = this.#lowestFirst ? this.#index.ceiling(tick + 1) : this.#index.floor(tick - 1);
    return found < 0 ? 0 : found;
  }
}
