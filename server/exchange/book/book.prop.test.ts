// Invariants: the book is never crossed; no order is filled at a price worse than its limit; quantity is conserved; at one price, who
// came first is filled first, and a better price always before a worse one; the same commands give the same trades.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Book, type BookSide, type BookTrade } from './book.ts';

const command = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('limit' as const),
      side: fc.constantFrom<BookSide>('buy', 'sell'),
      price: fc.integer({ min: 90, max: 110 }),
      lots: fc.integer({ min: 1, max: 50 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('market' as const),
      side: fc.constantFrom<BookSide>('buy', 'sell'),
      lots: fc.integer({ min: 1, max: 80 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }) },
);

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

interface Sent {
  id: string;
  at: number;
  side: BookSide;
  price: number | null;
  lots: number;
  filled: number;
  canceled: boolean;
}

function play(commands: Command[], check: (book: Book, sent: Map<string, Sent>, trades: BookTrade[]) => void) {
  const book = new Book();
  const sent = new Map<string, Sent>();
  const tape: BookTrade[] = [];
  commands.forEach((c, at) => {
    if (c.kind === 'cancel') {
      const ids = [...sent.keys()];
      const id = ids[c.which % Math.max(1, ids.length)];
      if (id && book.cancel(id)) sent.get(id)!.canceled = true;
      return;
    }
    const price = c.kind === 'limit' ? c.price : null;
    const order: Sent = { id: `o${at}`, at, side: c.side, price, lots: c.lots, filled: 0, canceled: false };
    sent.set(order.id, order);
    const before = new Map([...sent].map(([id, s]) => [id, { ...s, open: book.has(id) }]));
    const trades = book.submit({ id: order.id, side: c.side, price, remaining: c.lots }, true);
    for (const trade of trades) {
      sent.get(trade.makerId)!.filled += trade.quantity;
      sent.get(trade.takerId)!.filled += trade.quantity;
      // Nobody who was open on the maker's side with a better price, or the same price and an earlier time, was passed over.
      const maker = before.get(trade.makerId)!;
      for (const other of before.values()) {
        if (!other.open || other.side !== maker.side || other.id === maker.id) continue;
        const better = maker.side === 'buy' ? other.price! > maker.price! : other.price! < maker.price!;
        const earlier = other.price === maker.price && other.at < maker.at;
        if (better || earlier) expect(sent.get(other.id)!.filled).toBe(other.lots);
      }
    }
    tape.push(...trades);
    check(book, sent, trades);
  });
  return { tape, sent, book };
}

describe('the book', () => {
  it('keeps price-time priority, conserves quantity, respects limits and is never crossed', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const { sent, book } = play(commands, (b, all, trades) => {
          const bid = b.best('buy');
          const ask = b.best('sell');
          if (bid !== null && ask !== null) expect(bid).toBeLessThan(ask);
          for (const trade of trades) {
            expect(trade.quantity).toBeGreaterThan(0);
            for (const id of [trade.makerId, trade.takerId]) {
              const { side, price } = all.get(id)!;
              if (price !== null) expect(side === 'buy' ? trade.price <= price : trade.price >= price).toBe(true);
            }
          }
        });
        const bought = [...sent.values()].filter((o) => o.side === 'buy').reduce((sum, o) => sum + o.filled, 0);
        const sold = [...sent.values()].filter((o) => o.side === 'sell').reduce((sum, o) => sum + o.filled, 0);
        expect(bought).toBe(sold);
        for (const o of sent.values()) {
          expect(o.filled).toBeLessThanOrEqual(o.lots);
          expect(book.has(o.id)).toBe(o.price !== null && o.filled < o.lots && !o.canceled);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same trades for the same commands', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
        expect(play(commands, () => {}).tape).toEqual(play(commands, () => {}).tape);
      }),
      { numRuns: 50 },
    );
  });
});
