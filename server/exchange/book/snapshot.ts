import type { AuctionFloor } from './auction-floor.ts';
import * as row from './order-row.ts';
import type { StopTerms } from './stop-book.ts';
import type { Liquidity } from './terms.ts';
import * as terms from './terms.ts';

const {
  arrivalAt,
  askSlot,
  bidSlot,
  collarAt,
  flag,
  flagsAt,
  idAt,
  lotsAt,
  ownerAt,
  peerAt,
  place,
  placeOf,
  rowDoubles,
  rowInts,
  sideOf,
  tickAt,
} = row;
const { marketBid, side: sides } = terms;

interface KeptOrder {
  readonly id: number;
  readonly owner: number;
  readonly flags: number;
  /** null: without end, the simulated market's in its unlimited mode. */
  readonly lots: number | null;
  readonly tick: number;
  readonly arrival: number;
  readonly collarPpm: number;
  /** The id of the other order of its pair; 0: none. */
  readonly peer: number;
  readonly stop?: StopTerms;
}

/** An auction between two commands, as plain JSON; orders in the order of their queues. */
export interface AuctionSnapshot {
  readonly version: 1;
  readonly time: number;
  readonly last: number;
  readonly arrivals: number;
  readonly random: number;
  readonly liquidity: Liquidity;
  readonly orders: readonly KeptOrder[];
}

export function snapshotOf(floor: AuctionFloor, time: number): AuctionSnapshot {
  const { orders, queues, stops } = floor;
  const slots: number[] = [];
  for (const ladder of [floor.bids, floor.asks]) {
    for (let tick = ladder.bestTick; tick !== 0; tick = ladder.next(tick)) {
      slots.push(...queues.slots(ladder.queueAt(tick)));
    }
  }
  for (const queue of floor.waiting) slots.push(...queues.slots(queue));
  slots.push(...stops.slots());
  const kept = slots.map((slot): KeptOrder => {
    const d = slot * rowDoubles;
    const i = slot * rowInts;
    const lots = orders.doubles[d + lotsAt]!;
    const peer = orders.ints[i + peerAt]!;
    const terms = stops.terms(slot);
    return {
      id: orders.doubles[d + idAt]!,
      owner: orders.ints[i + ownerAt]!,
      flags: orders.ints[i + flagsAt]!,
      lots: Number.isFinite(lots) ? lots : null,
      tick: orders.doubles[d + tickAt]!,
      arrival: orders.doubles[d + arrivalAt]!,
      collarPpm: orders.ints[i + collarAt]!,
      peer: peer < 0 ? 0 : orders.doubles[peer * rowDoubles + idAt]!,
      ...(terms ? { stop: { ...terms } } : {}),
    };
  });
  return {
    version: 1,
    time,
    last: floor.last,
    arrivals: floor.arrivals,
    random: floor.draw.state,
    liquidity: floor.liquidity,
    orders: kept,
  };
}

/** Fills an empty floor. Throws a `RangeError` on a snapshot of another version. */
export function restoreFloor(floor: AuctionFloor, snapshot: AuctionSnapshot): void {
  if (snapshot.version !== 1) throw new RangeError(`not a snapshot of version 1: ${String(snapshot.version)}`);
  floor.last = snapshot.last;
  floor.arrivals = snapshot.arrivals;
  floor.draw.state = snapshot.random;
  floor.liquidity = snapshot.liquidity;
  // Trailing stops follow a price in the order they came, whatever queue they are in.
  const trails = (kept: KeptOrder): boolean => (kept.flags & flag.trailing) !== 0 && kept.stop !== undefined;
  for (const kept of snapshot.orders) {
    const lots = kept.lots ?? Number.POSITIVE_INFINITY;
    if (kept.flags & flag.quote) {
      const slot = kept.id === marketBid ? bidSlot : askSlot;
      floor.placeQuote(slot, slot === bidSlot ? sides.buy : sides.sell, kept.tick, lots);
      continue;
    }
    const slot = floor.orders.add(kept.id, kept.owner, kept.flags, lots, kept.tick, kept.arrival, kept.collarPpm);
    const at = placeOf(kept.flags);
    if (at === place.book) floor.rest(slot, sideOf(kept.flags), kept.tick);
    else if (at === place.waiting) floor.wait(slot);
    else floor.stops.add(slot, { ...kept.stop! });
  }
  floor.stops.follow(
    snapshot.orders
      .filter(trails)
      .sort((a, b) => a.arrival - b.arrival)
      .map(({ id }) => floor.orders.find(id)),
  );
  for (const { id, peer } of snapshot.orders) if (peer > id) floor.pair(floor.orders.find(id), peer);
}
