// Invariants:
//  1. price-time priority: who rests at a better price, or at the same one before, is filled first; a cancel leaves the others' turns, a
//     replacement keeps its turn only when nothing but its lots shrinks, and else goes behind all who stand at its price;
//  2. no crossed book: after any command the best bid is below the best ask;
//  3. conservation: what was bought was sold, cash changes hands to the tick, and each order's lots are filled, taken away, or still open;
//  4. no fill is worse than a limit or a collar, and none beyond an order's lots;
//  5. of a pair, both are never filled: what one was filled by the other has lost before it trades;
//  6. a stop never trades before a price reached it, and is elected as soon as one does; marks and stops of trailing ones move one way;
//  7. ioc and fok leave nothing resting, and fok fills whole or not at all; post-only takes nothing;
//  8. what cannot be an order is refused, and changes nothing;
//  9. the same commands give the same events; and a snapshot, restored, goes on exactly as the auction it was taken of;
// 10. every event is the one that a naive auction, which sorts all orders anew for each trade, tells for the same commands.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuctionWatch } from '../../testing/auction/auction-watch.ts';
import { type Command, play } from '../../testing/auction/command.ts';
import { RandomCommands } from '../../testing/auction/random-commands.ts';
import { ReferenceAuction } from '../../testing/auction/reference-auction.ts';
import { DoubleAuction } from './double-auction.ts';
import { alpacaLiquidity, displayedLiquidity, type Liquidity, lifetime, million, type Side, side } from './terms.ts';

const cutting: Liquidity = { size: 'displayed', partialPpm: 300_000 };
const lenders = [displayedLiquidity, alpacaLiquidity, cutting];
const commandsARun = 2000;
/** AUCTION_FUZZ_COMMANDS asks for more (or fewer) commands than the 240,000 of a usual run, up to a hundred million. */
const commands = Math.min(100_000_000, Number(process.env.AUCTION_FUZZ_COMMANDS ?? 240_000));
const firstSeed = Number(process.env.AUCTION_FUZZ_SEED ?? 1);
const anySeed = fc.integer({ min: 1, max: 2 ** 31 - 1 });

/** Plays commands on the auction, and on the naive one, with every rule watched. Answers the number of trades. */
function compare(seed: number, count: number, liquidity: Liquidity): number {
  let auction = new DoubleAuction({ seed, liquidity });
  const reference = new ReferenceAuction(seed, liquidity);
  const random = new RandomCommands(seed);
  const watch = new AuctionWatch();
  for (let at = 0; at < count; at += 1) {
    const command = random.next();
    const events = play(auction, command).list();
    const expected = reference.apply(command);
    // Compared as text first: the assertion's own comparison is slow, and nearly always has nothing to say.
    if (JSON.stringify(events) !== JSON.stringify(expected)) {
      expect(events, `seed ${seed}, command ${at}: ${JSON.stringify(command)}`).toEqual(expected);
    }
    watch.follow(command, events);
    watch.check(auction);
    // Now and then the auction is put away, and another goes on in its place.
    if (at % 250 === 249) auction = DoubleAuction.restore(JSON.parse(JSON.stringify(auction.snapshot())));
    if (at % 50 !== 0) continue;
    watch.checkOrders(auction);
    for (const way of [side.buy, side.sell]) {
      expect(auction.depth(way).flatMap(({ ids }) => ids)).toEqual(reference.book(way).map(({ id }) => id));
    }
  }
  return watch.trades;
}

interface Resting {
  id: number;
  side: Side;
  tick: number;
  lots: number;
}

/** The book as a list: who is better, and among equals who stands there longer, comes first. */
class PlainBook {
  #orders: Resting[] = [];

  queue(way: Side): Resting[] {
    const better = (a: Resting, b: Resting): number => (way === side.buy ? b.tick - a.tick : a.tick - b.tick);
    return this.#orders.filter((order) => order.side === way).sort(better);
  }

  find(id: number): Resting | undefined {
    return this.#orders.find((order) => order.id === id);
  }

  add(order: Resting): void {
    this.#orders.push(order);
  }

  drop(id: number): void {
    this.#orders = this.#orders.filter((order) => order.id !== id);
  }
}

describe('the double auction', () => {
  it(`keeps every rule, and tells what the naive one tells, over ${commands.toLocaleString('en-US')} random commands`, () => {
    let trades = 0;
    const runs = Math.ceil(commands / commandsARun);
    for (let run = 0; run < runs; run += 1) {
      trades += compare(firstSeed + run, commandsARun, lenders[run % lenders.length]!);
    }
    expect(trades).toBeGreaterThan(commands / 4);
  }, 3_600_000);

  it('does so for any seed', () => {
    fc.assert(
      fc.property(anySeed, fc.constantFrom(...lenders), (seed, liquidity) => {
        compare(seed, 150, liquidity);
      }),
      { numRuns: 40 },
    );
  });

  it('fills by price and then time, whatever was cancelled or replaced before', () => {
    const price = fc.integer({ min: 95, max: 105 });
    const size = fc.integer({ min: 1, max: 20 });
    const way = fc.constantFrom(side.buy, side.sell);
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('limit' as const), way, tick: price, lots: size }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('market' as const), way, tick: price, lots: size }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat({ max: 60 }) }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('shrink' as const), which: fc.nat({ max: 60 }), lots: size }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('move' as const), which: fc.nat({ max: 60 }), tick: price }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const auction = new DoubleAuction();
        const book = new PlainBook();
        const enter = (id: number, taker: Side, limit: number, lots: number, makers: number[]): void => {
          const expected: number[] = [];
          let left = lots;
          for (const order of book.queue(taker === side.buy ? side.sell : side.buy)) {
            if (left === 0 || (taker === side.buy ? order.tick > limit : order.tick < limit)) break;
            const filled = Math.min(left, order.lots);
            expected.push(order.id, filled);
            left -= filled;
            order.lots -= filled;
            if (order.lots === 0) book.drop(order.id);
          }
          expect(makers).toEqual(expected);
          if (left > 0) book.add({ id, side: taker, tick: limit, lots: left });
        };
        steps.forEach((c, at) => {
          const id = at + 1;
          const resting = 'which' in c ? book.find(c.which) : undefined;
          const makersOf = (): number[] =>
            auction.tape.list().flatMap((event) => (event.kind === 'trade' ? [event.maker, event.lots] : []));
          if (c.kind === 'limit') {
            auction.limit(at, id, 1, c.way, c.tick, c.lots, lifetime.gtc);
            enter(id, c.way, c.tick, c.lots, makersOf());
          } else if (c.kind === 'market') {
            auction.market(at, id, 1, c.way, c.lots, lifetime.ioc);
            enter(id, c.way, c.way === side.buy ? 1000 : 1, c.lots, makersOf());
            book.drop(id);
          } else if (!resting) return;
          else if (c.kind === 'cancel') {
            auction.cancel(at, resting.id);
            book.drop(resting.id);
          } else if (c.kind === 'shrink') {
            auction.replace(at, resting.id, resting.id, { lots: c.lots });
            if (c.lots > resting.lots) book.drop(resting.id);
            resting.lots = c.lots;
            if (!book.find(resting.id)) book.add(resting);
          } else if (c.tick !== resting.tick) {
            auction.replace(at, resting.id, id, { tick: c.tick });
            book.drop(resting.id);
            enter(id, resting.side, c.tick, resting.lots, makersOf());
          }
          for (const one of [side.buy, side.sell]) {
            expect(auction.depth(one).flatMap(({ ids }) => ids)).toEqual(book.queue(one).map((order) => order.id));
          }
        });
      }),
      { numRuns: 200 },
    );
  });

  it('fills no market order beyond its collar', () => {
    const ask = fc.record({ tick: fc.integer({ min: 1000, max: 1100 }), lots: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(
        fc.array(ask, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 90_000 }),
        fc.constantFrom(side.buy, side.sell),
        (others, collarPpm, way) => {
          const auction = new DoubleAuction();
          const priced = others.map(({ tick, lots }) => ({ tick: way === side.buy ? tick : 2000 - tick, lots }));
          priced.forEach(({ tick, lots }, at) => {
            auction.limit(0, at + 1, 1, way === side.buy ? side.sell : side.buy, tick, lots, lifetime.gtc);
          });
          const ticks = priced.map(({ tick }) => tick);
          const share = collarPpm / million;
          const within = (tick: number): boolean =>
            way === side.buy ? tick <= Math.min(...ticks) * (1 + share) : tick >= Math.max(...ticks) * (1 - share);
          const reachable = priced.filter(({ tick }) => within(tick)).reduce((sum, { lots }) => sum + lots, 0);
          const tape = auction.market(1, 1000, 1, way, 1000, lifetime.day, collarPpm);
          const fills = tape.list().flatMap((event) => (event.kind === 'trade' ? [event] : []));
          expect(fills.every(({ tick }) => within(tick))).toBe(true);
          expect(fills.reduce((sum, { lots }) => sum + lots, 0)).toBe(reachable);
          // What waits keeps the collar that the first price set.
          auction.limit(
            2,
            1001,
            1,
            way === side.buy ? side.sell : side.buy,
            way === side.buy ? 1500 : 500,
            5,
            lifetime.gtc,
          );
          expect(auction.open(1000)).toBe(1000 - reachable);
        },
      ),
    );
  });

  it('gives the same events for the same commands, and after a snapshot goes on as if there had been none', () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 0, max: 600 }), fc.constantFrom(...lenders), (seed, before, liquidity) => {
        const random = new RandomCommands(seed);
        const drawn: Command[] = Array.from({ length: before + 200 }, () => random.next());
        const one = new DoubleAuction({ seed, liquidity });
        const two = new DoubleAuction({ seed, liquidity });
        for (const command of drawn.slice(0, before)) {
          const events = play(one, command).list();
          expect(play(two, command).list()).toEqual(events);
        }
        const restored = DoubleAuction.restore(JSON.parse(JSON.stringify(one.snapshot())));
        expect(restored.snapshot()).toEqual(one.snapshot());
        for (const command of drawn.slice(before)) {
          expect(play(restored, command).list()).toEqual(play(one, command).list());
        }
        expect(restored.snapshot()).toEqual(one.snapshot());
      }),
      { numRuns: 60 },
    );
  });

  it('never fills both of a pair beyond the lots of one', () => {
    fc.assert(
      fc.property(anySeed, fc.constantFrom(...lenders), (seed, liquidity) => {
        const auction = new DoubleAuction({ seed, liquidity });
        const lots = 30;
        const [takeProfit, stopLoss] = [1_000_001, 1_000_002];
        let filled = 0;
        const note = (): void => {
          for (const event of auction.tape.list()) {
            if (event.kind !== 'trade') continue;
            for (const id of [event.maker, event.taker]) if (id === takeProfit || id === stopLoss) filled += event.lots;
          }
        };
        auction.print(0, 100);
        auction.stop(0, stopLoss, 1, side.sell, 97, 96, lots, lifetime.gtc);
        auction.limit(0, takeProfit, 1, side.sell, 103, lots, lifetime.gtc, false, stopLoss);
        const random = new RandomCommands(seed);
        for (let at = 0; at < 120; at += 1) {
          play(auction, random.next());
          note();
        }
        expect(filled).toBeLessThanOrEqual(lots);
      }),
      { numRuns: 150 },
    );
  });
});
