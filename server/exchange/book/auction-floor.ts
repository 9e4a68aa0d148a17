import type { EventTape } from './event-tape.ts';
import { OrderPool, setPlace } from './order-pool.ts';
import { OrderQueues } from './order-queues.ts';
import * as row from './order-row.ts';
import { PriceLadder } from './price-ladder.ts';
import { SeededDraw } from './seeded-draw.ts';
import { StopBook } from './stop-book.ts';
import type { Liquidity, Side } from './terms.ts';
import * as terms from './terms.ts';

const {
  askSlot,
  bidSlot,
  collarAt,
  flag,
  flagsAt,
  idAt,
  lifetimeOf,
  lotsAt,
  nextAt,
  peerAt,
  place,
  placeOf,
  queueAt,
  rowDoubles,
  rowInts,
  sideOf,
  tickAt,
} = row;
const { eventKind, lifetime, marketAsk, marketBid, million, reason, side: sides } = terms;

/** Where orders stand and meet: the book's two sides, those who wait at market, the stops, and the rules by which they trade. */
export class AuctionFloor {
  readonly tape: EventTape;
  readonly orders = new OrderPool();
  readonly queues = new OrderQueues(this.orders);
  readonly bids = new PriceLadder(this.queues, 'highest');
  readonly asks = new PriceLadder(this.queues, 'lowest');
  readonly stops: StopBook;
  /** The queues of who waits at market, by side. */
  readonly waiting: readonly [number, number];
  readonly draw: SeededDraw;
  liquidity: Liquidity;
  /** The last price in ticks; 0: none yet. */
  last = 0;
  arrivals = 0;
  /** Pairs that are open. */
  pairs = 0;
  /** The last taking was cut by a draw: what is left waits instead of resting. */
  cut = false;
  /** Who was cut in this command: their turn comes with the next arrival after it. */
  readonly cutNow = new Set<number>();
  /** On which sides something arrived in this command, for the other side's waiting orders: a bit each. */
  arrived = 0;
  /** Orders that wait, on either side. */
  waitingCount = 0;

  constructor(tape: EventTape, seed: number, liquidity: Liquidity) {
    this.tape = tape;
    this.stops = new StopBook(this.orders, this.queues, tape);
    this.waiting = [this.queues.create(0), this.queues.create(0)];
    this.draw = new SeededDraw(seed);
    this.liquidity = liquidity;
  }

  /** Whether an order of this limit (0: at market) would trade. */
  crosses(side: Side, limit: number): boolean {
    const best = side === sides.buy ? this.asks.bestTick : this.bids.bestTick;
    return best !== 0 && (limit === 0 || (side === sides.buy ? best <= limit : best >= limit));
  }

  /** Lots that an order of this limit could take, counted no further than `enough`. */
  available(side: Side, limit: number, enough: number): number {
    const { doubles, ints } = this.orders;
    const others = side === sides.buy ? this.asks : this.bids;
    // Filling one of a pair takes the other away: of two that could be reached, only the one whose turn comes first counts.
    const gone = this.pairs > 0 ? new Set<number>() : null;
    let lots = 0;
    for (let tick = others.bestTick; tick !== 0 && lots < enough; tick = others.next(tick)) {
      if (limit !== 0 && (side === sides.buy ? tick > limit : tick < limit)) break;
      let slot = this.queues.head(others.queueAt(tick));
      for (; slot >= 0 && lots < enough; slot = ints[slot * rowInts + nextAt]!) {
        if (gone?.has(slot)) continue;
        lots += doubles[slot * rowDoubles + lotsAt]!;
        const peer = ints[slot * rowInts + peerAt]!;
        if (peer >= 0) gone?.add(peer);
      }
    }
    return lots;
  }

  /** The limit that a collar sets, from the best price of the other side, else the last one; 0: none. */
  collared(side: Side, collarPpm: number): number {
    if (collarPpm === 0) return 0;
    const best = (side === sides.buy ? this.asks.bestTick : this.bids.bestTick) || this.last;
    const share = side === sides.buy ? million + collarPpm : million - collarPpm;
    if (best === 0) return 0;
    return Math.max(1, side === sides.buy ? Math.floor((best * share) / million) : Math.ceil((best * share) / million));
  }

  /** Trades an incoming order, by price and time, as far as its limit lets it. Answers what is left. */
  take(side: Side, limit: number, wanted: number, id: number, whole: boolean): number {
    const { orders, queues, tape } = this;
    const { doubles, ints } = orders;
    const others = side === sides.buy ? this.asks : this.bids;
    const draws = this.liquidity.partialPpm > 0 && !whole;
    let left = wanted;
    this.cut = false;
    while (left > 0) {
      const tick = others.bestTick;
      if (tick === 0 || (limit !== 0 && (side === sides.buy ? tick > limit : tick < limit))) break;
      const queue = others.bestQueue;
      while (left > 0) {
        const slot = queues.head(queue);
        const d = slot * rowDoubles;
        const flags = ints[slot * rowInts + flagsAt]!;
        const resting = doubles[d + lotsAt]!;
        let lots = resting < left ? resting : left;
        let cut = false;
        if (draws && (id < 0 || (flags & flag.quote) !== 0)) {
          const drawn = this.#cutTo(lots);
          cut = drawn < lots;
          lots = drawn;
        }
        left -= lots;
        const rest = resting - lots;
        tape.push(eventKind.trade, id, doubles[d + idAt]!, tick, lots, left, rest, side);
        const pair = (flags & flag.paired) !== 0 ? ints[slot * rowInts + peerAt]! : -1;
        let emptied = false;
        if (rest !== 0) doubles[d + lotsAt] = rest;
        else {
          emptied = queues.shift(queue);
          if (emptied) others.drop(queue);
          this.#forget(slot);
        }
        if (pair >= 0) this.shrink(pair, lots, rest === 0);
        if (cut && id < 0) emptied = this.#toWaiting(slot);
        if (tick !== this.last) this.price(tick);
        if (cut && id > 0) {
          this.cut = true;
          this.cutNow.add(id);
          return left;
        }
        if (emptied || pair >= 0) break;
      }
    }
    return left;
  }

  /** A price was traded at: it becomes the last one, and elects. */
  price(tick: number): void {
    if (tick === this.last) return;
    this.last = tick;
    if (this.stops.armed) this.stops.onPrice(tick);
  }

  /** Works an order that has its row but stands nowhere: takes, and then rests, waits or ends. */
  work(slot: number): void {
    const d = slot * rowDoubles;
    const { doubles, ints } = this.orders;
    const id = doubles[d + idAt]!;
    const flags = ints[slot * rowInts + flagsAt]!;
    const side = sideOf(flags);
    const life = lifetimeOf(flags);
    const before = doubles[d + lotsAt]!;
    if ((flags & flag.atMarket) !== 0 && doubles[d + tickAt] === 0) {
      doubles[d + tickAt] = this.collared(side, ints[slot * rowInts + collarAt]!);
    }
    const limit = doubles[d + tickAt]!;
    const whole = life === lifetime.fok;
    const left =
      whole && this.available(side, limit, before) < before ? before : this.take(side, limit, before, id, whole);
    doubles[d + lotsAt] = left;
    const peer = ints[slot * rowInts + peerAt]!;
    if (left === 0) this.#forget(slot);
    if (peer >= 0 && left < before) this.shrink(peer, before - left, left === 0);
    if (left === 0) return;
    if (life >= lifetime.ioc) {
      this.tape.push(eventKind.canceled, id, 0, 0, left, 0, 0, whole ? reason.killed : reason.immediate);
      this.#forget(slot);
    } else if (this.cut || (flags & flag.atMarket) !== 0) this.wait(slot);
    else this.rest(slot, side, limit);
  }

  /** Puts an order in the book. */
  rest(slot: number, side: Side, tick: number): void {
    setPlace(this.orders, slot, place.book);
    (side === sides.buy ? this.bids : this.asks).add(tick, slot);
    this.arrived |= 1 << side;
  }

  /** Lets an order wait for what arrives on the other side. */
  wait(slot: number): void {
    this.waitingCount += 1;
    setPlace(this.orders, slot, place.waiting);
    this.queues.append(this.waiting[sideOf(this.orders.ints[slot * rowInts + flagsAt]!)], slot);
  }

  /** Whether an order of this side can make a pair with this one. */
  pairable(side: Side, peerId: number): boolean {
    const peer = this.orders.find(peerId);
    if (peer < 0 || this.orders.ints[peer * rowInts + peerAt]! >= 0) return false;
    return sideOf(this.orders.ints[peer * rowInts + flagsAt]!) === side;
  }

  /** Makes two orders a pair; nothing where the other is gone by now. */
  pair(slot: number, peerId: number): void {
    const peer = this.orders.find(peerId);
    if (peer < 0) return;
    const { ints } = this.orders;
    this.pairs += 1;
    for (const [one, other] of [
      [slot, peer],
      [peer, slot],
    ] as const) {
      ints[one * rowInts + peerAt] = other;
      ints[one * rowInts + flagsAt]! |= flag.paired;
    }
  }

  /** What one of a pair was filled by, the other loses; all of it when the first is done. */
  shrink(slot: number, lots: number, done: boolean): void {
    if (slot < 0) return;
    const { doubles } = this.orders;
    const id = doubles[slot * rowDoubles + idAt]!;
    const open = doubles[slot * rowDoubles + lotsAt]!;
    if (done || lots >= open) {
      this.tape.push(eventKind.canceled, id, 0, 0, open, 0, 0, reason.sibling);
      this.remove(slot);
      return;
    }
    this.lower(slot, lots);
    this.tape.push(eventKind.reduced, id, 0, 0, lots, open - lots, 0, 0);
  }

  /** Makes an order smaller where it stands. */
  lower(slot: number, by: number): void {
    this.orders.doubles[slot * rowDoubles + lotsAt]! -= by;
  }

  /** Takes an order out of where it stands; true when that emptied a price level. */
  leave(slot: number): boolean {
    const flags = this.orders.ints[slot * rowInts + flagsAt]!;
    const at = placeOf(flags);
    if (at === place.stop) {
      this.stops.remove(slot);
      return false;
    }
    if (at === place.waiting) this.waitingCount -= 1;
    const queue = this.orders.ints[slot * rowInts + queueAt]!;
    if (!this.queues.remove(slot) || at !== place.book) return false;
    ((flags & flag.sell) === 0 ? this.bids : this.asks).drop(queue);
    return true;
  }

  /** Takes an order out for good. */
  remove(slot: number): boolean {
    const emptied = this.leave(slot);
    this.#forget(slot);
    return emptied;
  }

  quoted(slot: number): boolean {
    return placeOf(this.orders.ints[slot * rowInts + flagsAt]!) !== place.none;
  }

  /** Puts the simulated market's bid or ask in the book; what it reaches there it fills first. */
  show(slot: number, side: Side, tick: number, lots: number): void {
    const id = slot === bidSlot ? marketBid : marketAsk;
    const left = this.take(
      side,
      tick,
      this.liquidity.size === 'unlimited' ? Number.POSITIVE_INFINITY : lots,
      id,
      false,
    );
    if (left > 0) this.placeQuote(slot, side, tick, left);
  }

  placeQuote(slot: number, side: Side, tick: number, lots: number): void {
    const d = slot * rowDoubles;
    this.orders.doubles[d + idAt] = slot === bidSlot ? marketBid : marketAsk;
    this.orders.doubles[d + lotsAt] = lots;
    this.orders.doubles[d + tickAt] = tick;
    this.orders.ints[slot * rowInts + flagsAt] = side | flag.quote;
    this.rest(slot, side, tick);
  }

  /** Lets those who wait and those who were elected have their turn, until nothing more comes of it. */
  settle(): void {
    for (;;) {
      if (this.arrived & (1 << sides.buy)) this.#serve(sides.buy, sides.sell);
      else if (this.arrived & (1 << sides.sell)) this.#serve(sides.sell, sides.buy);
      else {
        const slot = this.queues.head(this.stops.elected);
        if (slot < 0) {
          this.stops.fired = false;
          return;
        }
        this.leave(slot);
        this.work(slot);
      }
    }
  }

  #serve(arrived: Side, waiting: Side): void {
    this.arrived &= ~(1 << arrived);
    const queue = this.waiting[waiting];
    if (this.queues.head(queue) < 0) return;
    // Their ids, not their slots: one may be gone, and its slot another's, before its turn comes.
    const { doubles } = this.orders;
    const ids = this.queues.slots(queue).map((slot) => doubles[slot * rowDoubles + idAt]!);
    for (const id of ids) {
      const slot = this.orders.find(id);
      if (slot < 0 || this.cutNow.has(id)) continue;
      const flags = this.orders.ints[slot * rowInts + flagsAt]!;
      if (placeOf(flags) !== place.waiting) continue;
      this.#serveOne(slot, flags, id);
    }
  }

  /** One that waits tries again; a market order keeps its turn, a limit order that reaches nothing any more rests. */
  #serveOne(slot: number, flags: number, id: number): void {
    const d = slot * rowDoubles;
    const { doubles, ints } = this.orders;
    const side = sideOf(flags);
    if (doubles[d + tickAt] === 0) doubles[d + tickAt] = this.collared(side, ints[slot * rowInts + collarAt]!);
    const before = doubles[d + lotsAt]!;
    const left = this.take(side, doubles[d + tickAt]!, before, id, false);
    const peer = ints[slot * rowInts + peerAt]!;
    if (left === 0) this.remove(slot);
    else if (left < before) this.lower(slot, before - left);
    if (peer >= 0 && left < before) this.shrink(peer, before - left, left === 0);
    if (left > 0 && !this.cut && (flags & flag.atMarket) === 0) {
      this.leave(slot);
      this.rest(slot, side, doubles[d + tickAt]!);
    }
  }

  /** A maker's remainder, after a cut fill against the quote, waits for the next one. */
  #toWaiting(slot: number): boolean {
    const emptied = this.leave(slot);
    this.cutNow.add(this.orders.doubles[slot * rowDoubles + idAt]!);
    this.wait(slot);
    return emptied;
  }

  #cutTo(lots: number): number {
    const { partialPpm, partialStep = 1 } = this.liquidity;
    const step = lots % partialStep === 0 ? partialStep : 1;
    const steps = lots / step;
    if (steps < 2 || this.draw.next() * million >= partialPpm) return lots;
    return step * (1 + Math.floor(this.draw.next() * (steps - 1)));
  }

  /** Gives an order's row back, and tells its peer. */
  #forget(slot: number): void {
    const { ints } = this.orders;
    const row = slot * rowInts;
    const peer = ints[row + peerAt]!;
    if (peer >= 0) {
      this.pairs -= 1;
      ints[peer * rowInts + peerAt] = -1;
      ints[peer * rowInts + flagsAt]! &= ~flag.paired;
      ints[row + peerAt] = -1;
    }
    if (slot <= askSlot) setPlace(this.orders, slot, place.none);
    else this.orders.remove(slot);
  }
}
