import { DoubleAuction } from '../server/exchange/book/double-auction.ts';
import { lifetime, type Side, side } from '../server/exchange/book/terms.ts';
import { seededRandom } from '../server/exchange/market/seeded-random.ts';

/** Kinds of messages. */
export const messageKind = { limit: 0, cancel: 1, market: 2 } as const;

/** Messages as columns, so that reading them costs neither side anything. */
export interface Messages {
  readonly count: number;
  readonly kind: Uint8Array;
  readonly side: Uint8Array;
  readonly tick: Int32Array;
  readonly lots: Int32Array;
  /** The order a cancel is for; others have their place in the row, counted from 1, as their id. */
  readonly target: Int32Array;
}

/** How a book looks: how far from the middle limit orders are put, in ticks, and how big market orders are, in lots. */
export interface Shape {
  readonly name: string;
  readonly spreadTicks: number;
  /** Share of limit orders that are priced to trade at once. */
  readonly crossing: number;
  readonly marketLots: number;
  /** How often the bench plays it. */
  readonly rounds: number;
}

/** A book through which orders pass quickly, and one in which tens of thousands stand. */
export const shapes: readonly Shape[] = [
  { name: 'shallow book', spreadTicks: 20, crossing: 0.4, marketLots: 300, rounds: 5 },
  { name: 'deep book', spreadTicks: 40, crossing: 0.1, marketLots: 150, rounds: 1 },
];

/** Seven in ten new limit orders, two cancels of an order that is open then, one market order; the middle walks. */
export function makeMessages(count: number, seed: number, shape: Shape): Messages {
  const random = seededRandom(seed);
  const messages: Messages = {
    count,
    kind: new Uint8Array(count),
    side: new Uint8Array(count),
    tick: new Int32Array(count),
    lots: new Int32Array(count),
    target: new Int32Array(count),
  };
  const auction = new DoubleAuction();
  const sent: number[] = [];
  let middle = 10_000;
  for (let at = 0; at < count; at += 1) {
    const draw = random.next();
    const way: Side = random.next() < 0.5 ? side.buy : side.sell;
    middle += 0.05 * random.normal();
    const id = at + 1;
    messages.side[at] = way;
    const target = draw >= 0.7 && draw < 0.9 ? openOne(auction, sent, random.next) : 0;
    if (target > 0) {
      messages.kind[at] = messageKind.cancel;
      messages.target[at] = target;
      auction.cancel(at, target);
    } else if (draw < 0.9) {
      const crosses = random.next() < shape.crossing;
      const away = Math.ceil(-Math.log(1 - random.next()) * shape.spreadTicks) * (crosses ? -1 : 1);
      const tick = Math.max(1, Math.round(way === side.buy ? middle - away : middle + away));
      const lots = 1 + Math.floor(random.next() * 100);
      messages.kind[at] = messageKind.limit;
      messages.tick[at] = tick;
      messages.lots[at] = lots;
      auction.limit(at, id, 1, way, tick, lots, lifetime.gtc);
      if (auction.open(id) > 0) sent.push(id);
    } else {
      const lots = 1 + Math.floor(random.next() * 2 * shape.marketLots);
      messages.kind[at] = messageKind.market;
      messages.lots[at] = lots;
      auction.market(at, id, 1, way, lots, lifetime.ioc);
    }
  }
  return messages;
}

/** One of the open orders at random; those found gone on the way are forgotten. 0 when none is open. */
function openOne(auction: DoubleAuction, sent: number[], next: () => number): number {
  while (sent.length > 0) {
    const at = Math.floor(next() * sent.length);
    const id = sent[at]!;
    sent[at] = sent.at(-1)!;
    sent.pop();
    if (auction.open(id) > 0) return id;
  }
  return 0;
}
