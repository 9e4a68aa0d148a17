import type { OrderPool } from './order-pool.ts';
import * as row from './order-row.ts';

const { headAt, nextAt, prevAt, queueAt, queueDoubles, queueInts, queueTickAt, rowInts, tailAt } = row;

/**
 * First-in-first-out queues of orders, linked through the orders' own rows: joining, and leaving from anywhere, take no search and no
 * allocation. A price level is one; so are those who wait at market, and those just elected.
 */
export class OrderQueues {
  doubles: Float64Array;
  ints: Int32Array;
  readonly #orders: OrderPool;
  readonly #free: number[] = [];
  #used = 0;

  constructor(orders: OrderPool) {
    this.#orders = orders;
    const rows = new ArrayBuffer(64 * 16);
    this.doubles = new Float64Array(rows);
    this.ints = new Int32Array(rows);
  }

  create(tick: number): number {
    const queue = this.#free.pop() ?? this.#extend();
    this.doubles[queue * queueDoubles + queueTickAt] = tick;
    this.ints[queue * queueInts + headAt] = -1;
    this.ints[queue * queueInts + tailAt] = -1;
    return queue;
  }

  release(queue: number): void {
    this.#free.push(queue);
  }

  head(queue: number): number {
    return this.ints[queue * queueInts + headAt]!;
  }

  /** Adds an order at the end. */
  append(queue: number, slot: number): void {
    const { ints } = this;
    const orders = this.#orders.ints;
    const row = slot * rowInts;
    const tail = ints[queue * queueInts + tailAt]!;
    orders[row + prevAt] = tail;
    orders[row + nextAt] = -1;
    orders[row + queueAt] = queue;
    if (tail < 0) ints[queue * queueInts + headAt] = slot;
    else orders[tail * rowInts + nextAt] = slot;
    ints[queue * queueInts + tailAt] = slot;
  }

  /** Takes the first one out; true when the queue is empty then. */
  shift(queue: number): boolean {
    const orders = this.#orders.ints;
    const row = queue * queueInts;
    const next = orders[this.ints[row + headAt]! * rowInts + nextAt]!;
    this.ints[row + headAt] = next;
    if (next >= 0) {
      orders[next * rowInts + prevAt] = -1;
      return false;
    }
    this.ints[row + tailAt] = -1;
    return true;
  }

  /** Takes an order out; true when its queue is empty then. */
  remove(slot: number): boolean {
    const { ints } = this;
    const orders = this.#orders.ints;
    const row = slot * rowInts;
    const queue = orders[row + queueAt]!;
    const prev = orders[row + prevAt]!;
    const next = orders[row + nextAt]!;
    if (prev < 0) ints[queue * queueInts + headAt] = next;
    else orders[prev * rowInts + nextAt] = next;
    if (next < 0) ints[queue * queueInts + tailAt] = prev;
    else orders[next * rowInts + prevAt] = prev;
    return prev < 0 && next < 0;
  }

  /** The slots of a queue, first to last. */
  slots(queue: number): number[] {
    const found: number[] = [];
    for (let slot = this.head(queue); slot >= 0; slot = this.#orders.ints[slot * rowInts + nextAt]!) found.push(slot);
    return found;
  }

  #extend(): number {
    if (this.#used * queueDoubles === this.doubles.length) {
      const { doubles, ints } = row.twice(this.ints);
      this.doubles = doubles;
      this.ints = ints;
    }
    this.#used += 1;
    return this.#used - 1;
  }
}
