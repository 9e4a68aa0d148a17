// Invariants:
// 1. The lines of every posting add up to zero.
// 2. cash + cost of open shares = capital + realized - fees, after any fills.
// 3. Closing to flat leaves exactly no cost, whatever was rounded on the way.
// 4. The fold of all lines is what posting fill by fill came to, and folding in parts is folding at once.
// 5. Quantity, realized profit and cost equal an independent computation in exact fractions, to the rounding of partial closes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Big, money, price, quantity, text } from '../../core/decimal.ts';
import type { FillToPost, LedgerLine, OpenPosition } from '../../core/model/posting.ts';
import { foldPositions } from './folds.ts';
import { postOpening } from './opening.ts';
import { closedCostDecimals, flat, postFill } from './post-fill.ts';

const scaled = (units: number, decimals: number) => new Big(String(units)).div(new Big('10').pow(decimals));
const fill: fc.Arbitrary<FillToPost> = fc.record({
  symbol: fc.constantFrom('AAPL', 'MSFT'),
  side: fc.constantFrom('buy', 'sell'),
  // Whole shares and fractions down to a thousandth; prices to a hundredth of a cent.
  quantity: fc
    .oneof(
      fc.integer({ min: 1, max: 500 }).map((n) => n * 1000),
      fc.integer({ min: 1, max: 9_999 }),
    )
    .map((n) => quantity(scaled(n, 3))),
  price: fc.integer({ min: 1, max: 9_999_999 }).map((n) => price(scaled(n, 4))),
  fee: fc.oneof(
    fc.constant(money('0')),
    fc.integer({ min: 1, max: 999 }).map((n) => money(scaled(n, 2))),
  ),
});
const fills = fc.array(fill, { minLength: 1, maxLength: 40 });
const opening = postOpening({ cash: money('100000'), holdings: [] });

function post(all: readonly FillToPost[]) {
  const positions = new Map<string, OpenPosition>();
  const lines: LedgerLine[] = [];
  for (const one of all) {
    const posting = postFill(positions.get(one.symbol) ?? flat, one);
    positions.set(one.symbol, posting.position);
    lines.push(...posting.lines);
  }
  return { positions, lines };
}
const plain = (positions: ReadonlyMap<string, OpenPosition>) =>
  [...positions]
    .map(([symbol, p]) => [symbol, text(p.quantity), text(p.cost), text(p.realizedPnl)])
    .sort((a, b) => (a[0]! < b[0]! ? -1 : 1));

describe('postings', () => {
  it('add up to zero', () => {
    fc.assert(
      fc.property(fills, (all) => {
        const positions = new Map<string, OpenPosition>();
        for (const one of all) {
          const posting = postFill(positions.get(one.symbol) ?? flat, one);
          positions.set(one.symbol, posting.position);
          expect(text(posting.lines.reduce<Big>((sum, line) => sum.plus(line.amount), new Big('0')))).toBe('0');
        }
      }),
    );
  });

  it('keep cash + cost = capital + realized - fees', () => {
    fc.assert(
      fc.property(fills, (all) => {
        const lines = [...opening, ...post(all).lines];
        const cost = [...foldPositions(lines).values()].reduce<Big>((sum, p) => sum.plus(p.cost), new Big('0'));
        const [cash, capital, realized, fees] = (['cash', 'capital', 'realized_pnl', 'fees'] as const).map((book) =>
          lines.reduce<Big>((sum, line) => (line.book === book ? sum.plus(line.amount) : sum), new Big('0')),
        ) as [Big, Big, Big, Big];
        // Debits less credits: capital and profit are credits.
        expect(text(cash.plus(cost))).toBe(text(capital.neg().minus(realized).minus(fees)));
      }),
    );
  });

  it('leave no cost when closed to flat', () => {
    fc.assert(
      fc.property(fills, fill, (all, last) => {
        const { positions } = post(all);
        for (const [symbol, open] of positions) {
          if (open.quantity.eq('0')) continue;
          const { position } = postFill(open, {
            ...last,
            symbol,
            side: open.quantity.gt('0') ? 'sell' : 'buy',
            quantity: quantity(open.quantity.abs()),
          });
          expect([text(position.quantity), text(position.cost)]).toEqual(['0', '0']);
        }
      }),
    );
  });

  it('fold to what posting came to, at once or in parts', () => {
    fc.assert(
      fc.property(fills, fc.nat(), (all, cut) => {
        const { positions, lines } = post(all);
        const at = cut % (lines.length + 1);
        expect(plain(foldPositions(lines))).toEqual(plain(positions));
        expect(plain(foldPositions(lines.slice(at), foldPositions(lines.slice(0, at))))).toEqual(plain(positions));
      }),
    );
  });

  it('agree with exact fractions', () => {
    fc.assert(
      fc.property(fills, (all) => {
        const { positions } = post(all);
        const bound = new Big('1').div(new Big('10').pow(closedCostDecimals)).times(String(all.length));
        for (const [symbol, open] of positions) {
          const exact = averageCost(all.filter((one) => one.symbol === symbol));
          expect(text(open.quantity)).toBe(text(exact.quantity));
          expect(open.cost.minus(exact.cost).abs().lte(bound)).toBe(true);
          expect(open.realizedPnl.minus(exact.realized).abs().lte(bound)).toBe(true);
        }
      }),
    );
  });
});

/** Average cost share by share of a thousandth, in fractions of bigint: no code shared with what it checks. */
function averageCost(all: readonly FillToPost[]) {
  let held = 0n; // thousandths of a share, signed
  let average: [bigint, bigint] = [0n, 1n]; // ten-thousandths of a dollar a share
  let realized: [bigint, bigint] = [0n, 1n]; // dollars x 10^7
  const units = (value: Big, decimals: number) => BigInt(value.times(new Big('10').pow(decimals)).toFixed(0));
  for (const one of all) {
    const sign = one.side === 'buy' ? 1n : -1n;
    let left = units(one.quantity, 3);
    const paid = units(one.price, 4);
    if (held * sign < 0n) {
      const magnitude = held < 0n ? -held : held;
      const closed = left < magnitude ? left : magnitude;
      // Long: (price - average) x closed. Short: the other way round.
      const gain: [bigint, bigint] = [(paid * average[1] - average[0]) * closed * -sign, average[1]];
      realized = [realized[0] * gain[1] + gain[0] * realized[1], realized[1] * gain[1]];
      held += sign * closed;
      left -= closed;
    }
    if (left > 0n) {
      const magnitude = held < 0n ? -held : held;
      average = [average[0] * magnitude + paid * left * average[1], average[1] * (magnitude + left)];
      held += sign * left;
    }
    average = reduce(average);
    realized = reduce(realized);
  }
  const ratio = ([n, d]: [bigint, bigint]) => new Big(n.toString()).div(new Big(d.toString()));
  return {
    quantity: scaledBig(held, 3),
    cost: ratio([average[0] * held, average[1]]).div(new Big('10').pow(7)),
    realized: ratio(realized).div(new Big('10').pow(7)),
  };
}
const scaledBig = (units: bigint, decimals: number) => new Big(units.toString()).div(new Big('10').pow(decimals));
function reduce([n, d]: [bigint, bigint]): [bigint, bigint] {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b) [a, b] = [b, a % b];
  return a > 1n ? [n / a, d / a] : [n, d];
}
