import { describe, expect, it } from 'vitest';
import { DoubleAuction } from './double-auction.ts';
import type { EventTape } from './event-tape.ts';
import { largestKey, largestLots, lifetime, reason, side } from './terms.ts';

const { buy, sell } = side;
const { day, gtc, ioc, fok } = lifetime;
const fills = (tape: EventTape): number[][] =>
  tape.list().flatMap((event) => (event.kind === 'trade' ? [[event.maker, event.taker, event.tick, event.lots]] : []));
const kinds = (tape: EventTape): string[] =>
  tape.list().map((event) => `${event.kind} ${'id' in event ? event.id : ''}`);

describe('the double auction', () => {
  it('fills a fill-or-kill order whole at the last lot it could get, and not at one more', () => {
    for (const [lots, filled] of [
      [30, 30],
      [31, 0],
    ] as const) {
      const auction = new DoubleAuction();
      auction.limit(0, 1, 1, sell, 100, 10, gtc);
      auction.quote(0, 0, 0, 101, 20);
      auction.limit(0, 2, 1, sell, 102, 50, gtc);
      const tape = auction.limit(1, 3, 2, buy, 101, lots, fok);
      expect(fills(tape).reduce((sum, [, , , traded]) => sum + traded!, 0)).toBe(filled);
      expect(auction.open(3)).toBe(0);
    }
  });

  it('counts one of a pair only for a fill-or-kill order that could reach both', () => {
    const auction = new DoubleAuction();
    auction.limit(0, 1, 1, sell, 100, 10, gtc);
    auction.limit(0, 2, 1, sell, 101, 10, gtc, false, 1);
    expect(auction.available(buy, 101)).toBe(10);
    expect(kinds(auction.limit(1, 3, 2, buy, 101, 11, fok))).toEqual(['accepted 3', 'canceled 3']);
    expect(kinds(auction.limit(1, 4, 2, buy, 101, 10, fok))).toEqual(['accepted 4', 'trade ', 'canceled 2']);
  });

  it('takes a pair only of two open orders of one side, neither with a peer', () => {
    const auction = new DoubleAuction();
    auction.limit(0, 1, 1, sell, 110, 10, gtc);
    auction.stop(0, 2, 1, sell, 90, 0, 10, gtc, 0, 1);
    const refused = { kind: 'rejected', reason: reason.badPeer };
    for (const peer of [1, 2, 3, 99]) {
      expect(auction.limit(0, 3, 1, sell, 111, 10, gtc, false, peer).list()).toEqual([{ ...refused, id: 3 }]);
    }
    auction.limit(0, 4, 1, sell, 112, 10, gtc);
    expect(auction.limit(0, 5, 1, buy, 90, 10, gtc, false, 4).list()).toEqual([{ ...refused, id: 5 }]);
    // One whose peer has ended by itself is free again.
    auction.cancel(0, 2);
    expect(kinds(auction.limit(0, 6, 1, sell, 113, 10, gtc, false, 1))).toEqual(['accepted 6']);
  });

  it('takes from the other of a pair what one is filled by, and all when it is done', () => {
    const auction = new DoubleAuction();
    auction.stop(0, 1, 1, sell, 90, 0, 10, gtc);
    auction.limit(0, 2, 1, sell, 110, 10, gtc, false, 1);
    expect(auction.limit(1, 3, 2, buy, 110, 4, ioc).list().at(-1)).toEqual({
      kind: 'reduced',
      id: 1,
      lots: 4,
      leaves: 6,
    });
    const last = auction.limit(2, 4, 2, buy, 110, 6, ioc).list().at(-1);
    expect(last).toEqual({ kind: 'canceled', id: 1, lots: 6, reason: reason.sibling });
    expect(auction.openOrders).toBe(0);
  });

  it('sets a collar by the first price met, exactly, and keeps it while the order waits', () => {
    const auction = new DoubleAuction();
    auction.limit(0, 1, 1, sell, 1000, 5, gtc);
    auction.limit(0, 2, 1, sell, 1025, 5, gtc);
    auction.limit(0, 3, 1, sell, 1026, 5, gtc);
    const tape = auction.market(1, 4, 2, buy, 15, day, 25_000);
    expect(fills(tape).map(([maker]) => maker)).toEqual([1, 2]);
    expect(auction.order(4)).toMatchObject({ lots: 5, tick: 1025 });
    expect(fills(auction.limit(2, 5, 1, sell, 1025, 3, gtc))).toEqual([[5, 4, 1025, 3]]);
    expect(auction.open(4)).toBe(2);
  });

  it('lets those who wait at market trade first come first, when something arrives', () => {
    const auction = new DoubleAuction();
    auction.market(0, 1, 1, buy, 5, day);
    auction.market(0, 2, 1, buy, 5, day);
    expect(fills(auction.limit(1, 3, 2, sell, 100, 7, gtc))).toEqual([
      [3, 1, 100, 5],
      [3, 2, 100, 2],
    ]);
  });

  it('elects stops nearest first, and then in their turn', () => {
    const auction = new DoubleAuction();
    auction.print(0, 100);
    auction.stop(0, 1, 1, buy, 103, 0, 1, gtc);
    auction.stop(0, 2, 1, buy, 102, 0, 1, gtc);
    auction.stop(0, 3, 1, buy, 102, 0, 1, gtc);
    expect(kinds(auction.print(1, 101))).toEqual([]);
    expect(kinds(auction.print(1, 103))).toEqual(['triggered 2', 'triggered 3', 'triggered 1']);
    expect(auction.order(2)!.place).toBe(2);
  });

  it('trails by a share rounded away from the market, one way only', () => {
    const auction = new DoubleAuction();
    auction.print(0, 999);
    auction.trail(0, 1, 1, sell, 0, 15_000, 0, 1, gtc);
    expect(auction.order(1)!.stop).toMatchObject({ mark: 999, stop: 984 });
    expect(auction.print(1, 990).count).toBe(0);
    expect(auction.print(2, 1001).list()).toEqual([{ kind: 'trailed', id: 1, tick: 985, mark: 1001 }]);
    expect(kinds(auction.print(3, 986))).toEqual([]);
    expect(kinds(auction.print(4, 985))).toEqual(['triggered 1']);
  });

  it('keeps a turn only when nothing but the lots shrinks', () => {
    const first = (change: { lots?: number; tick?: number; lifetime?: 0 | 1 }): number => {
      const auction = new DoubleAuction();
      auction.limit(0, 1, 1, sell, 100, 10, gtc);
      auction.limit(0, 2, 1, sell, 100, 10, gtc);
      auction.replace(1, 1, 9, change);
      return fills(auction.market(2, 3, 2, buy, 1, ioc))[0]![0]!;
    };
    expect(first({ lots: 9 })).toBe(9);
    expect(first({ lots: 10 })).toBe(9);
    expect(first({ lots: 11 })).toBe(2);
    expect(first({ lifetime: day })).toBe(2);
    expect(first({ tick: 101 })).toBe(2);
    expect(first({ tick: 99 })).toBe(9);
  });

  it('keeps pairs in a snapshot, whatever their ids', () => {
    for (const [one, other] of [
      [1, 2],
      [2, 1],
      [1, 900],
      [900, 1],
    ] as const) {
      const auction = new DoubleAuction();
      auction.stop(0, one, 1, sell, 90, 0, 10, gtc);
      auction.limit(0, other, 1, sell, 110, 10, gtc, false, one);
      const restored = DoubleAuction.restore(auction.snapshot());
      expect(kinds(restored.market(1, 5, 2, buy, 10, ioc))).toEqual(['accepted 5', 'trade ', `canceled ${one}`]);
      expect(restored.openOrders).toBe(0);
    }
  });

  it('refuses what cannot be an order, and changes nothing', () => {
    const auction = new DoubleAuction();
    auction.limit(0, 1, 1, sell, 100, 10, gtc);
    const before = JSON.stringify(auction.snapshot().orders);
    const impossible = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY];
    for (const wrong of impossible) {
      const told = [
        auction.limit(0, wrong, 1, buy, 100, 1, gtc).list(),
        auction.limit(0, 2, 1, buy, wrong, 1, gtc).list(),
        auction.limit(0, 2, 1, buy, 100, wrong, gtc).list(),
        auction.market(0, 2, 1, buy, wrong, gtc).list(),
        auction.stop(0, 2, 1, buy, wrong, 0, 1, gtc).list(),
        auction.trail(0, 2, 1, buy, wrong, 0, 0, 1, gtc).list(),
        auction.replace(0, 1, 1, { lots: wrong }).list(),
        auction.replace(0, 1, 1, { tick: wrong }).list(),
        auction.print(0, wrong).list(),
      ];
      expect(told.map((events) => events.map(({ kind }) => kind))).toEqual(told.map(() => ['rejected']));
    }
    expect(auction.limit(0, largestKey + 1, 1, buy, 100, 1, gtc).list()[0]).toMatchObject({ reason: reason.badId });
    expect(auction.limit(0, 2, 1, buy, 100, largestLots + 1, gtc).list()[0]).toMatchObject({ reason: reason.badLots });
    expect(auction.limit(0, 1, 1, buy, 100, 1, gtc).list()[0]).toMatchObject({ reason: reason.duplicateId });
    expect(auction.quote(0, 100, 5, 100, 5).list()[0]).toMatchObject({ reason: reason.crossedQuote });
    expect(JSON.stringify(auction.snapshot().orders)).toBe(before);
  });

  it('prices and ids up to the largest, far apart, in one book', () => {
    const auction = new DoubleAuction();
    auction.limit(0, largestKey, 1, sell, largestKey, 1, gtc);
    auction.limit(0, 1, 1, sell, 5, largestLots, gtc);
    auction.limit(0, 2 ** 33, 1, sell, 2 ** 33, 2, gtc);
    expect(auction.depth(sell).map(({ tick }) => tick)).toEqual([5, 2 ** 33, largestKey]);
    expect(fills(auction.market(1, 2, 2, buy, largestLots, ioc))).toEqual([[1, 2, 5, largestLots]]);
    expect(auction.best(sell)).toBe(2 ** 33);
    expect(fills(auction.market(1, 3, 2, buy, 3, ioc)).map(([maker]) => maker)).toEqual([2 ** 33, largestKey]);
  });
});
