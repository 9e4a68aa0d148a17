import type { EventTape } from './event-tape.ts';
import { type OrderPool, setPlace } from './order-pool.ts';
import type { OrderQueues } from './order-queues.ts';
import * as row from './order-row.ts';
import { PriceLadder } from './price-ladder.ts';
import * as terms from './terms.ts';

const { flag, flagsAt, idAt, place, queueAt, rowDoubles, rowInts } = row;
const { eventKind, million } = terms;

/** What makes a stop order one. */
export interface StopTerms {
  /** The price at which it is elected; 0 while a trailing one has seen no price. */
  stop: number;
  /** How far a trailing stop follows: in ticks, or as a share of the mark in millionths; both 0 when it does not trail. */
  trailTicks: number;
  trailPpm: number;
  /** The best price a trailing stop has seen (highest for a sell, lowest for a buy); 0: none yet. */
  mark: number;
}

/** Where a trailing stop stands for a mark. A share is rounded away from the market, so that it is never elected early. */
export function trailedStop(sell: boolean, mark: number, trailTicks: number, trailPpm: number): number {
  if (trailTicks > 0) return Math.max(1, sell ? mark - trailTicks : mark + trailTicks);
  return Math.max(
    1,
    sell ? Math.floor((mark * (million - trailPpm)) / million) : Math.ceil((mark * (million + trailPpm)) / million),
  );
}

/**
 * Orders that wait for a trade at their price, nearest first. Each trade price is told; the elected ones are put in a queue, in order of
 * price and then time, to be worked by the auction when the trade that elected them is done.
 */
export class StopBook {
  /** The elected, in the order they were. */
  readonly elected: number;
  /** Some were elected, and have not been worked yet. */
  fired = false;
  readonly #orders: OrderPool;
  readonly #queues: OrderQueues;
  readonly #tape: EventTape;
  readonly #buys: PriceLadder;
  readonly #sells: PriceLadder;
  /** Trailing stops that have seen no price yet. */
  readonly #unpriced: number;
  readonly #terms = new Map<number, StopTerms>();
  readonly #trailing = new Set<number>();

  constructor(orders: OrderPool, queues: OrderQueues, tape: EventTape) {
    this.#orders = orders;
    this.#queues = queues;
    this.#tape = tape;
    this.#buys = new PriceLadder(queues, 'lowest');
    this.#sells = new PriceLadder(queues, 'highest');
    this.elected = queues.create(0);
    this.#unpriced = queues.create(0);
  }

  /** Whether any order waits here. */
  get armed(): boolean {
    return this.#terms.size > 0;
  }

  /** The terms of a stop order that has not been elected. */
  terms(slot: number): StopTerms | undefined {
    return this.#terms.get(slot);
  }

  add(slot: number, terms: StopTerms): void {
    setPlace(this.#orders, slot, place.stop);
    this.#terms.set(slot, terms);
    if (this.#orders.ints[slot * rowInts + flagsAt]! & flag.trailing) this.#trailing.add(slot);
    this.#queueUp(slot, terms.stop);
  }

  /** Sets the order in which trailing stops follow a price; for restoring, where they are added by queue. */
  follow(slots: readonly number[]): void {
    this.#trailing.clear();
    for (const slot of slots) this.#trailing.add(slot);
  }

  /** Takes out an order that waits here. */
  remove(slot: number): void {
    this.#leave(slot);
    this.#terms.delete(slot);
    this.#trailing.delete(slot);
  }

  /** A trade at this price: marks follow it, and the orders it reaches are elected. */
  onPrice(tick: number): void {
    for (const slot of this.#trailing) this.#trail(slot, tick);
    while (this.#buys.bestTick !== 0 && this.#buys.bestTick <= tick) this.#elect(this.#buys);
    while (this.#sells.bestTick !== 0 && this.#sells.bestTick >= tick) this.#elect(this.#sells);
  }

  /** Those who wait, in the order that keeps their queues. */
  slots(): number[] {
    const found: number[] = [];
    for (const ladder of [this.#buys, this.#sells]) {
      for (let tick = ladder.bestTick; tick !== 0; tick = ladder.next(tick)) {
        found.push(...this.#queues.slots(ladder.queueAt(tick)));
      }
    }
    return [...found, ...this.#queues.slots(this.#unpriced)];
  }

  #sell(slot: number): boolean {
    return (this.#orders.ints[slot * rowInts + flagsAt]! & flag.sell) !== 0;
  }

  #queueUp(slot: number, stop: number): void {
    if (stop === 0) this.#queues.append(this.#unpriced, slot);
    else (this.#sell(slot) ? this.#sells : this.#buys).add(stop, slot);
  }

  #leave(slot: number): void {
    const queue = this.#orders.ints[slot * rowInts + queueAt]!;
    const empty = this.#queues.remove(slot);
    if (empty && queue !== this.#unpriced) (this.#sell(slot) ? this.#sells : this.#buys).drop(queue);
  }

  #trail(slot: number, tick: number): void {
    const terms = this.#terms.get(slot)!;
    const sell = this.#sell(slot);
    if (terms.mark !== 0 && (sell ? tick <= terms.mark : tick >= terms.mark)) return;
    terms.mark = tick;
    const stop = trailedStop(sell, tick, terms.trailTicks, terms.trailPpm);
    if (stop !== terms.stop) {
      this.#leave(slot);
      terms.stop = stop;
      this.#queueUp(slot, stop);
    }
    this.#tape.push(eventKind.trailed, this.#orders.doubles[slot * rowDoubles + idAt]!, tick, stop, 0, 0, 0, 0);
  }

  #elect(ladder: PriceLadder): void {
    const slot = this.#queues.head(ladder.bestQueue);
    const tick = ladder.bestTick;
    this.remove(slot);
    setPlace(this.#orders, slot, place.elected);
    this.#queues.append(this.elected, slot);
    this.fired = true;
    this.#tape.push(eventKind.triggered, this.#orders.doubles[slot * rowDoubles + idAt]!, 0, tick, 0, 0, 0, 0);
  }
}
