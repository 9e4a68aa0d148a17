import type { Place } from './order-row.ts';
import * as row from './order-row.ts';
import { RadixIndex } from './radix-index.ts';

const {
  arrivalAt,
  askSlot,
  bidSlot,
  collarAt,
  flag,
  flagsAt,
  idAt,
  lotsAt,
  nextAt,
  ownerAt,
  peerAt,
  rowDoubles,
  rowInts,
  tickAt,
} = row;

/** Open orders as rows of 64 bytes, a cache line each, in one buffer; slots are used again. */
export class OrderPool {
  doubles: Float64Array;
  ints: Int32Array;
  readonly #slots = new RadixIndex();
  /** The first slot to be used again, each naming the next one; -1: none. */
  #free = -1;
  #used = 2;
  /** Orders in the pool, quotes not counted. */
  count = 0;

  constructor() {
    const rows = new ArrayBuffer(64 * 64);
    this.doubles = new Float64Array(rows);
    this.ints = new Int32Array(rows);
    for (const slot of [bidSlot, askSlot]) this.ints[slot * rowInts + peerAt] = -1;
  }

  /** The slot of an open order; -1 when there is none of this id. */
  find(id: number): number {
    return this.#slots.get(id);
  }

  add(
    id: number,
    owner: number,
    flags: number,
    lots: number,
    tick: number,
    arrival: number,
    collarPpm: number,
  ): number {
    let slot = this.#free;
    if (slot < 0) slot = this.#extend();
    else this.#free = this.ints[slot * rowInts + nextAt]!;
    const d = slot * rowDoubles;
    const { doubles, ints } = this;
    doubles[d + idAt] = id;
    doubles[d + lotsAt] = lots;
    doubles[d + tickAt] = tick;
    doubles[d + arrivalAt] = arrival;
    const i = slot * rowInts;
    ints[i + flagsAt] = flags;
    ints[i + ownerAt] = owner;
    ints[i + peerAt] = -1;
    ints[i + collarAt] = collarPpm;
    this.#slots.set(id, slot);
    this.count += 1;
    return slot;
  }

  remove(slot: number): void {
    this.#slots.delete(this.doubles[slot * rowDoubles + idAt]!);
    this.doubles[slot * rowDoubles + idAt] = 0;
    this.ints[slot * rowInts + nextAt] = this.#free;
    this.#free = slot;
    this.count -= 1;
  }

  rename(slot: number, id: number): void {
    const at = slot * rowDoubles + idAt;
    this.#slots.delete(this.doubles[at]!);
    this.doubles[at] = id;
    this.#slots.set(id, slot);
  }

  /** Every open order's slot, in the order they came. */
  byArrival(): number[] {
    const open: number[] = [];
    for (let slot = 2; slot < this.#used; slot += 1) {
      if (this.doubles[slot * rowDoubles + idAt] !== 0) open.push(slot);
    }
    const arrival = (slot: number): number => this.doubles[slot * rowDoubles + arrivalAt]!;
    return open.sort((a, b) => arrival(a) - arrival(b));
  }

  #extend(): number {
    if (this.#used * rowDoubles === this.doubles.length) {
      const { doubles, ints } = row.twice(this.ints);
      this.doubles = doubles;
      this.ints = ints;
    }
    this.#used += 1;
    return this.#used - 1;
  }
}

/** Notes where an order is. */
export function setPlace(orders: OrderPool, slot: number, at: Place): void {
  const flags = slot * rowInts + flagsAt;
  orders.ints[flags] = (orders.ints[flags]! & ~flag.placeBits) | (at << flag.placeShift);
}
