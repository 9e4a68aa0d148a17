// Invariants:
//  1. price-time priority: every event is the one that a naive auction, which sorts all orders anew for each trade, tells for the same
//     commands; and who rests at a better price, or at the same one before, is filled first;
//  2. no crossed book: after any command the best bid is below the best ask;
//  3. conservation: what was bought was sold, cash changes hands to the tick, and each order's lots are filled, taken away, or still open;
//  4. no fill is worse than a limit or a collar, and none more than the order's lots; of a pair, both are never filled beyond one's lots;
//  5. the same commands give the same events; and a snapshot, restored, goes on exactly as the auction it was taken of.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, play } from './command.ts';
import { DoubleAuction } from './double-auction.ts';
import type { BookEvent } from './event-tape.ts';
import { RandomCommands } from './random-commands.ts';
import { ReferenceAuction } from './reference-auction.ts';
import { alpacaLiquidity, displayedLiquidity, type Liquidity, lifetime, type Side, side } from './terms.ts';

const cutting: Liquidity = { size: 'displayed', partialPpm: 300_000 };
const lenders = [displayedLiquidity, alpacaLiquidity, cutting];

const commandsOf = (seed: number, count: number): Command[] => {
  const random = new RandomCommands(seed);
  return Array.from({ length: count }, () => random.next());
};

interface Watched {
  readonly side: Side;
  limit: number;
  /** Lots that could still be filled, by the events. */
  open: number;
}

/** Follows orders by the events alone. */
class Watch {
  readonly orders = new Map<number, Watched>();
  bought = 0;
  sold = 0;
  cash = 0;
  trades = 0;

  follow(command: Command, events: readonly BookEvent[]): void {
    for (const event of events) {
      if (event.kind === 'accepted' && 'side' in command) {
        const limit = 'tick' in command ? command.tick : 0;
        this.orders.set(event.id, { side: command.side, limit, open: event.lots });
      } else if (event.kind === 'replaced' && command.kind === 'replace') {
        const order = this.orders.get(event.replaces)!;
        this.orders.delete(event.replaces);
        order.open = event.lots;
        if (command.change.tick !== undefined) order.limit = command.change.tick;
        this.orders.set(event.id, order);
      } else if (event.kind === 'trade') this.#trade(event);
      else if (event.kind === 'canceled' || event.kind === 'expired') {
        expect(this.orders.get(event.id)!.open).toBe(event.lots);
        this.orders.delete(event.id);
      } else if (event.kind === 'reduced') {
        this.orders.get(event.id)!.open -= event.lots;
        expect(this.orders.get(event.id)!.open).toBe(event.leaves);
      }
    }
  }

  #trade(trade: BookEvent & { kind: 'trade' }): void {
    expect(trade.lots).toBeGreaterThan(0);
    this.trades += 1;
    const makerSide = trade.takerSide === side.buy ? side.sell : side.buy;
    for (const [id, way, leaves] of [
      [trade.maker, makerSide, trade.makerLeaves],
      [trade.taker, trade.takerSide, trade.takerLeaves],
    ] as const) {
      if (way === side.buy) this.bought += trade.lots;
      else this.sold += trade.lots;
      this.cash += (way === side.buy ? -1 : 1) * trade.lots * trade.tick;
      // The simulated market's own quotes are no orders.
      if (id < 0) continue;
      const order = this.orders.get(id)!;
      expect(order.side).toBe(way);
      if (order.limit > 0) expect(way === side.buy ? trade.tick <= order.limit : trade.tick >= order.limit).toBe(true);
      order.open -= trade.lots;
      expect(order.open).toBe(leaves);
      expect(order.open).toBeGreaterThanOrEqual(0);
      if (order.open === 0) this.orders.delete(id);
    }
  }
}

function uncrossed(auction: DoubleAuction): void {
  const bid = auction.best(side.buy);
  const ask = auction.best(side.sell);
  if (bid > 0 && ask > 0) expect(bid).toBeLessThan(ask);
}

/** Plays the commands on both, holding every event against the naive auction's. */
function compare(seed: number, count: number, liquidity: Liquidity): Watch {
  const auction = new DoubleAuction({ seed, liquidity });
  const reference = new ReferenceAuction(seed, liquidity);
  const random = new RandomCommands(seed);
  const watch = new Watch();
  for (let at = 0; at < count; at += 1) {
    const command = random.next();
    const events = play(auction, command).list();
    const expected = reference.apply(command);
    // A cheap comparison first: the assertion's own is slow, and nearly always has nothing to say.
    if (JSON.stringify(events) !== JSON.stringify(expected)) {
      expect(events, `seed ${seed}, command ${at}: ${JSON.stringify(command)}`).toEqual(expected);
    }
    watch.follow(command, events);
    uncrossed(auction);
    if (at % 50 === 0) {
      for (const way of [side.buy, side.sell]) {
        expect(auction.depth(way).flatMap(({ ids }) => ids)).toEqual(reference.book(way).map(({ id }) => id));
      }
      expect([...watch.orders].map(([id, { open }]) => [id, open])).toEqual(
        [...watch.orders.keys()].map((id) => [id, auction.open(id)]),
      );
      expect(auction.openOrders).toBe(watch.orders.size);
    }
  }
  expect(watch.bought).toBe(watch.sold);
  expect(watch.cash).toBe(0);
  return watch;
}

describe('the double auction', () => {
  it('tells what the naive one tells, over 120,000 random commands, and keeps what must be kept', () => {
    let trades = 0;
    for (let seed = 1; seed <= 60; seed += 1) trades += compare(seed, 2000, lenders[seed % 3]!).trades;
    expect(trades).toBeGreaterThan(30_000);
  }, 120_000);

  it('does so for any seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.constantFrom(...lenders), (seed, liquidity) => {
        compare(seed, 150, liquidity);
      }),
      { numRuns: 40 },
    );
  });

  it('fills a better price first, and at one price who came first', () => {
    const resting = fc.record({ tick: fc.integer({ min: 100, max: 110 }), lots: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(
        fc.array(resting, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 400 }),
        (asks, lots) => {
          const auction = new DoubleAuction();
          asks.forEach((ask, at) => {
            auction.limit(0, at + 1, 1, side.sell, ask.tick, ask.lots, lifetime.gtc);
          });
          const makers = auction
            .market(1, 1000, 2, side.buy, lots, lifetime.ioc)
            .list()
            .flatMap((event) => (event.kind === 'trade' ? [event.maker] : []));
          const turns = asks.map((ask, at) => ({ id: at + 1, ...ask })).sort((a, b) => a.tick - b.tick || a.id - b.id);
          expect(makers).toEqual(turns.slice(0, makers.length).map(({ id }) => id));
        },
      ),
    );
  });

  it('gives the same events for the same commands, and after a snapshot goes on as if there had been none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(...lenders),
        (seed, before, liquidity) => {
          const commands = commandsOf(seed, before + 200);
          const one = new DoubleAuction({ seed, liquidity });
          const two = new DoubleAuction({ seed, liquidity });
          for (const command of commands.slice(0, before)) {
            const events = play(one, command).list();
            expect(play(two, command).list()).toEqual(events);
          }
          const kept = JSON.parse(JSON.stringify(one.snapshot()));
          const restored = DoubleAuction.restore(kept);
          expect(restored.snapshot()).toEqual(one.snapshot());
          for (const command of commands.slice(before)) {
            expect(play(restored, command).list()).toEqual(play(one, command).list());
          }
          expect(restored.snapshot()).toEqual(one.snapshot());
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never fills both of a pair beyond the lots of one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.constantFrom(...lenders), (seed, liquidity) => {
        const auction = new DoubleAuction({ seed, liquidity });
        const lots = 30;
        const filled = new Map<number, number>();
        const note = (events: readonly BookEvent[]): void => {
          for (const event of events) {
            if (event.kind !== 'trade') continue;
            for (const id of [event.maker, event.taker]) filled.set(id, (filled.get(id) ?? 0) + event.lots);
          }
        };
        const [takeProfit, stopLoss] = [1_000_001, 1_000_002];
        auction.print(0, 100);
        note(auction.stop(0, stopLoss, 1, side.sell, 97, 96, lots, lifetime.gtc).list());
        note(auction.limit(0, takeProfit, 1, side.sell, 103, lots, lifetime.gtc, false, stopLoss).list());
        const random = new RandomCommands(seed);
        for (let at = 0; at < 120; at += 1) note(play(auction, random.next()).list());
        expect((filled.get(takeProfit) ?? 0) + (filled.get(stopLoss) ?? 0)).toBeLessThanOrEqual(lots);
      }),
      { numRuns: 150 },
    );
  });
});
