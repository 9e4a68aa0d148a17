import { AuctionFloor } from './auction-floor.ts';
import { EventTape } from './event-tape.ts';
import type { Place } from './order-row.ts';
import * as row from './order-row.ts';
import { type AuctionSnapshot, restoreFloor, snapshotOf } from './snapshot.ts';
import { type StopTerms, trailedStop } from './stop-book.ts';
import type { Lifetime, Liquidity, Reason, Side } from './terms.ts';
import * as terms from './terms.ts';

const {
  arrivalAt,
  askSlot,
  bidSlot,
  flag,
  flagsAt,
  idAt,
  lifetimeOf,
  lotsAt,
  ownerAt,
  placeOf,
  rowDoubles,
  rowInts,
  sideOf,
  tickAt,
} = row;
const {
  displayedLiquidity,
  eventKind,
  largestKey,
  largestLots,
  lifetime,
  marketBid,
  million,
  reason,
  side: sides,
} = terms;

export interface AuctionOptions {
  /** Of the draws that cut fills against the simulated market's quote. */
  readonly seed?: number;
  readonly liquidity?: Liquidity;
}

/** What a replacement changes; what is left out stays. Lots are those still to be filled. */
export interface OrderChange {
  readonly lots?: number;
  readonly tick?: number;
  readonly stop?: number;
  /** In ticks or in millionths, whichever the order trails by. */
  readonly trail?: number;
  readonly lifetime?: Lifetime;
}

/** An open order as it stands. */
export interface OpenOrder {
  readonly id: number;
  readonly owner: number;
  readonly side: Side;
  readonly lots: number;
  /** The limit; 0: at market. */
  readonly tick: number;
  readonly lifetime: Lifetime;
  readonly place: Place;
  readonly stop: Readonly<StopTerms> | null;
}

/**
 * A continuous double auction for one instrument: the better price first, then who came first. Prices are whole ticks and quantities whole
 * lots. It has no clock (each command brings its time, kept for whoever reads the events) and draws only from its own seed, so the same commands
 * give the same events. Ids are the caller's, whole numbers unique among the open orders. A command answers the tape of what it did,
 * which the next one writes anew.
 *
 * Beside resting orders it keeps: the simulated market's bid and ask, which stand in the book like orders of the size they show; market
 * orders that found too little, which wait and are tried, first come first, whenever something arrives on the other side; stops and
 * trailing stops, elected by trades; and pairs, of which what one fills the other loses in the same instant.
 */
export class DoubleAuction {
  readonly tape = new EventTape();
  /** The last command's. */
  time = 0;
  readonly #floor: AuctionFloor;

  constructor(options: AuctionOptions = {}) {
    this.#floor = new AuctionFloor(this.tape, options.seed ?? 1, options.liquidity ?? displayedLiquidity);
  }

  /** An auction that goes on as the one whose snapshot this is would have. */
  static restore(snapshot: AuctionSnapshot): DoubleAuction {
    const auction = new DoubleAuction();
    auction.time = snapshot.time;
    restoreFloor(auction.#floor, snapshot);
    return auction;
  }

  /** All of its state as plain JSON. */
  snapshot(): AuctionSnapshot {
    return snapshotOf(this.#floor, this.time);
  }

  /**
   * A limit order. `peer`: an open order of the same side with which it makes a pair: what one fills the other loses. Refused when
   * that one is not open, or has a peer already.
   */
  limit(
    time: number,
    id: number,
    owner: number,
    side: Side,
    tick: number,
    lots: number,
    life: Lifetime,
    post = false,
    peer = 0,
  ): EventTape {
    this.#begin(time);
    const refused = this.#entryRefusal(id, side, lots, peer) || (isKey(tick) ? reason.none : reason.badTick);
    if (refused) return this.#reject(id, refused);
    const floor = this.#floor;
    const crosses = floor.crosses(side, tick);
    if (post && crosses) return this.#reject(id, reason.wouldTrade);
    this.tape.pushAccepted(id, lots);
    floor.arrivals += 1;
    floor.cut = false;
    const left = crosses || life >= lifetime.ioc ? this.#enter(id, side, tick, lots, life, peer) : lots;
    if (left > 0) {
      const flags = side | (life << flag.lifetimeShift) | (post ? flag.post : 0);
      const slot = floor.orders.add(id, owner, flags, left, tick, floor.arrivals, 0);
      if (peer !== 0) floor.pair(slot, peer);
      if (floor.cut) floor.wait(slot);
      else floor.rest(slot, side, tick);
    }
    return this.#settled();
  }

  /** A market order; with `collarPpm` it takes no price further than that share from the best one it meets. What it cannot get waits. */
  market(
    time: number,
    id: number,
    owner: number,
    side: Side,
    lots: number,
    life: Lifetime,
    collarPpm = 0,
    peer = 0,
  ): EventTape {
    this.#begin(time);
    const refused = this.#entryRefusal(id, side, lots, peer);
    if (refused) return this.#reject(id, refused);
    this.tape.pushAccepted(id, lots);
    const floor = this.#floor;
    floor.arrivals += 1;
    floor.cut = false;
    const limit = collarPpm === 0 ? 0 : floor.collared(side, collarPpm);
    const left = this.#enter(id, side, limit, lots, life, peer);
    if (left > 0) {
      const flags = side | (life << flag.lifetimeShift) | flag.atMarket;
      const slot = floor.orders.add(id, owner, flags, left, limit, floor.arrivals, collarPpm);
      if (peer !== 0) floor.pair(slot, peer);
      floor.wait(slot);
    }
    return this.#settled();
  }

  /** A stop (`limitTick` 0: at market when elected) or a stop-limit order. */
  stop(
    time: number,
    id: number,
    owner: number,
    side: Side,
    stopTick: number,
    limitTick: number,
    lots: number,
    life: Lifetime,
    collarPpm = 0,
    peer = 0,
  ): EventTape {
    this.#begin(time);
    const ticks = isKey(stopTick) && (limitTick === 0 || isKey(limitTick));
    const refused = this.#entryRefusal(id, side, lots, peer) || (ticks ? reason.none : reason.badTick);
    if (refused) return this.#reject(id, refused);
    const terms = { stop: stopTick, trailTicks: 0, trailPpm: 0, mark: 0 };
    return this.#addStop(id, owner, side, limitTick, lots, life, collarPpm, peer, terms);
  }

  /**
   * A trailing stop, by ticks or by millionths of its mark. `mark` is the best price it has already seen (after a restart, say); 0: it begins
   * with the last trade, or the first one to come.
   */
  trail(
    time: number,
    id: number,
    owner: number,
    side: Side,
    trailTicks: number,
    trailPpm: number,
    mark: number,
    lots: number,
    life: Lifetime,
    collarPpm = 0,
    peer = 0,
  ): EventTape {
    this.#begin(time);
    const trails = trailTicks === 0 ? isKey(trailPpm) && trailPpm < million : isKey(trailTicks) && trailPpm === 0;
    const refused =
      this.#entryRefusal(id, side, lots, peer) ||
      (trails && (mark === 0 || isKey(mark)) ? reason.none : reason.badTick);
    if (refused) return this.#reject(id, refused);
    const from = mark || this.#floor.last;
    const stop = from === 0 ? 0 : trailedStop(side === sides.sell, from, trailTicks, trailPpm);
    return this.#addStop(id, owner, side, 0, lots, life, collarPpm, peer, { stop, trailTicks, trailPpm, mark: from });
  }

  cancel(time: number, id: number): EventTape {
    this.#begin(time);
    const { orders } = this.#floor;
    const slot = orders.find(id);
    if (slot < 0) return this.#reject(id, reason.unknownOrder);
    const lots = orders.doubles[slot * rowDoubles + lotsAt]!;
    this.tape.push(eventKind.canceled, id, 0, 0, lots, 0, 0, reason.requested);
    this.#floor.remove(slot);
    return this.tape;
  }

  /** Puts `newId` (which may be the same) in an order's place. It keeps its turn only when nothing but its lots shrinks. */
  replace(time: number, id: number, newId: number, change: OrderChange): EventTape {
    this.#begin(time);
    const { orders } = this.#floor;
    const slot = orders.find(id);
    if (slot < 0) return this.#reject(newId, reason.unknownOrder);
    const { doubles, ints } = orders;
    const d = slot * rowDoubles;
    const flags = ints[slot * rowInts + flagsAt]!;
    const side = sideOf(flags);
    const terms = this.#floor.stops.terms(slot);
    const now = { lots: doubles[d + lotsAt]!, tick: doubles[d + tickAt]!, life: lifetimeOf(flags) };
    const lots = change.lots ?? now.lots;
    const tick = change.tick ?? now.tick;
    const life = change.lifetime ?? now.life;
    const trail = change.trail ?? (terms ? terms.trailTicks || terms.trailPpm : 0);
    const refused =
      (newId === id ? (isLots(lots) ? reason.none : reason.badLots) : this.#refusal(newId, lots)) ||
      (change.tick !== undefined && (flags & flag.atMarket || !isKey(tick)) ? reason.badTick : reason.none) ||
      (change.stop !== undefined && (!terms || flags & flag.trailing || !isKey(change.stop)) ? reason.badTick : 0) ||
      (change.trail !== undefined && (!(flags & flag.trailing) || !terms || !isKey(trail)) ? reason.badTick : 0) ||
      (change.trail !== undefined && terms!.trailPpm > 0 && trail >= million ? reason.badTick : 0) ||
      (!terms && flags & flag.post && this.#floor.crosses(side, tick) ? reason.wouldTrade : reason.none);
    if (refused) return this.#reject(newId, refused as Reason);

    this.tape.push(eventKind.replaced, newId, id, tick, lots, lots, 0, 0);
    if (newId !== id) orders.rename(slot, newId);
    const same = tick === now.tick && life === now.life && change.stop === undefined && change.trail === undefined;
    if (same && lots <= now.lots) {
      this.#floor.lower(slot, now.lots - lots);
      return this.tape;
    }
    this.#floor.leave(slot);
    this.#floor.arrivals += 1;
    doubles[d + lotsAt] = lots;
    doubles[d + tickAt] = tick;
    doubles[d + arrivalAt] = this.#floor.arrivals;
    ints[slot * rowInts + flagsAt] = (flags & ~flag.lifetimeBits & ~flag.placeBits) | (life << flag.lifetimeShift);
    if (terms) {
      const next = { ...terms, stop: change.stop ?? terms.stop };
      if (change.trail !== undefined) {
        if (terms.trailPpm > 0) next.trailPpm = trail;
        else next.trailTicks = trail;
        if (next.mark > 0) next.stop = trailedStop(side === sides.sell, next.mark, next.trailTicks, next.trailPpm);
      }
      this.#floor.stops.add(slot, next);
      if (this.#floor.last > 0) this.#floor.stops.onPrice(this.#floor.last);
    } else this.#floor.work(slot);
    return this.#settled();
  }

  /** The simulated market's new quote, in place of its old one; 0 lots: none on that side. Refused when bid and ask meet. */
  quote(time: number, bid: number, bidLots: number, ask: number, askLots: number): EventTape {
    this.#begin(time);
    const wrong = (tick: number, lots: number): boolean => lots !== 0 && !(isKey(tick) && isLots(lots));
    if (wrong(bid, bidLots) || wrong(ask, askLots)) return this.#reject(marketBid, reason.badTick);
    if (bidLots > 0 && askLots > 0 && bid >= ask) return this.#reject(marketBid, reason.crossedQuote);
    if (this.#floor.quoted(bidSlot)) this.#floor.remove(bidSlot);
    if (this.#floor.quoted(askSlot)) this.#floor.remove(askSlot);
    if (bidLots > 0) this.#floor.show(bidSlot, sides.buy, bid, bidLots);
    if (askLots > 0) this.#floor.show(askSlot, sides.sell, ask, askLots);
    return this.#settled();
  }

  /** A trade elsewhere at this price: it elects stops and moves trailing ones, and fills nothing. */
  print(time: number, tick: number): EventTape {
    this.#begin(time);
    if (!isKey(tick)) return this.#reject(0, reason.badTick);
    this.#floor.price(tick);
    return this.#settled();
  }

  /** Ends one order as expired. */
  expire(time: number, id: number): EventTape {
    this.#begin(time);
    const { orders } = this.#floor;
    const slot = orders.find(id);
    if (slot < 0) return this.#reject(id, reason.unknownOrder);
    this.#end(slot);
    return this.tape;
  }

  /** Ends every day order, in the order they came. */
  endOfDay(time: number): EventTape {
    this.#begin(time);
    const { orders } = this.#floor;
    for (const slot of orders.byArrival()) {
      if (lifetimeOf(orders.ints[slot * rowInts + flagsAt]!) === lifetime.day) this.#end(slot);
    }
    return this.tape;
  }

  /** Changes what the simulated market lends, from the next quote on. */
  lend(liquidity: Liquidity): void {
    this.#floor.liquidity = liquidity;
  }

  /** The last trade's or print's price in ticks; 0: none yet. */
  get last(): number {
    return this.#floor.last;
  }

  /** Open orders of every kind. */
  get openOrders(): number {
    return this.#floor.orders.count;
  }

  /** The best price of a side in ticks, the simulated market's included; 0: none. */
  best(side: Side): number {
    return (side === sides.buy ? this.#floor.bids : this.#floor.asks).bestTick;
  }

  /** Lots still to be filled; 0 when the order is not open. */
  open(id: number): number {
    const slot = this.#floor.orders.find(id);
    return slot < 0 ? 0 : this.#floor.orders.doubles[slot * rowDoubles + lotsAt]!;
  }

  order(id: number): OpenOrder | null {
    const { orders, stops } = this.#floor;
    const slot = orders.find(id);
    if (slot < 0) return null;
    const flags = orders.ints[slot * rowInts + flagsAt]!;
    const terms = stops.terms(slot);
    return {
      id,
      owner: orders.ints[slot * rowInts + ownerAt]!,
      side: sideOf(flags),
      lots: orders.doubles[slot * rowDoubles + lotsAt]!,
      tick: orders.doubles[slot * rowDoubles + tickAt]!,
      lifetime: lifetimeOf(flags),
      place: placeOf(flags) as Place,
      stop: terms ? { ...terms } : null,
    };
  }

  /** Lots that an order of this limit (0: at market) could take now, the simulated market's among them. */
  available(side: Side, limit: number): number {
    return this.#floor.available(side, limit, Number.POSITIVE_INFINITY);
  }

  /** The ids of the best levels of a side, in the order they would be filled, the simulated market's among them. */
  depth(side: Side, levels = Number.POSITIVE_INFINITY): { tick: number; lots: number; ids: number[] }[] {
    const { bids, asks, orders, queues } = this.#floor;
    const ladder = side === sides.buy ? bids : asks;
    const found: { tick: number; lots: number; ids: number[] }[] = [];
    for (let tick = ladder.bestTick; tick !== 0 && found.length < levels; tick = ladder.next(tick)) {
      const slots = queues.slots(ladder.queueAt(tick));
      const lots = slots.reduce((sum, slot) => sum + orders.doubles[slot * rowDoubles + lotsAt]!, 0);
      found.push({ tick, lots, ids: slots.map((slot) => orders.doubles[slot * rowDoubles + idAt]!) });
    }
    return found;
  }

  #begin(time: number): void {
    this.time = time;
    this.tape.count = 0;
    const floor = this.#floor;
    floor.arrived = 0;
    if (floor.cutNow.size > 0) floor.cutNow.clear();
  }

  #refusal(id: number, lots: number): Reason {
    if (!isKey(id)) return reason.badId;
    if (!isLots(lots)) return reason.badLots;
    return this.#floor.orders.find(id) < 0 ? reason.none : reason.duplicateId;
  }

  #entryRefusal(id: number, side: Side, lots: number, peer: number): Reason {
    return this.#refusal(id, lots) || (peer === 0 || this.#floor.pairable(side, peer) ? reason.none : reason.badPeer);
  }

  #reject(id: number, why: Reason): EventTape {
    this.tape.push(eventKind.rejected, id, 0, 0, 0, 0, 0, why);
    return this.tape;
  }

  #settled(): EventTape {
    const floor = this.#floor;
    if (floor.waitingCount !== 0 || floor.stops.fired) floor.settle();
    return this.tape;
  }

  /** Trades what comes in. Answers what is left to rest or wait, which is nothing for those that live for the moment. */
  #enter(id: number, side: Side, limit: number, lots: number, life: Lifetime, peer: number): number {
    const floor = this.#floor;
    const whole = life === lifetime.fok;
    if (whole && floor.available(side, limit, lots) < lots) {
      this.tape.push(eventKind.canceled, id, 0, 0, lots, 0, 0, reason.killed);
      return 0;
    }
    const left = floor.take(side, limit, lots, id, whole);
    if (peer !== 0 && left < lots) floor.shrink(floor.orders.find(peer), lots - left, left === 0);
    if (left === 0 || life < lifetime.ioc) return left;
    this.tape.push(eventKind.canceled, id, 0, 0, left, 0, 0, reason.immediate);
    return 0;
  }

  #addStop(
    id: number,
    owner: number,
    side: Side,
    limit: number,
    lots: number,
    life: Lifetime,
    collarPpm: number,
    peer: number,
    terms: StopTerms,
  ): EventTape {
    const floor = this.#floor;
    this.tape.pushAccepted(id, lots);
    floor.arrivals += 1;
    const trails = terms.trailTicks > 0 || terms.trailPpm > 0;
    const flags =
      side | (life << flag.lifetimeShift) | (limit === 0 ? flag.atMarket : 0) | (trails ? flag.trailing : 0);
    const slot = floor.orders.add(id, owner, flags, lots, limit, floor.arrivals, collarPpm);
    if (peer !== 0) floor.pair(slot, peer);
    floor.stops.add(slot, terms);
    if (floor.last > 0) floor.stops.onPrice(floor.last);
    return this.#settled();
  }

  #end(slot: number): void {
    const d = slot * rowDoubles;
    const { doubles } = this.#floor.orders;
    this.tape.push(eventKind.expired, doubles[d + idAt]!, 0, 0, doubles[d + lotsAt]!, 0, 0, 0);
    this.#floor.remove(slot);
  }
}

const isKey = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= largestKey;
const isLots = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= largestLots;
