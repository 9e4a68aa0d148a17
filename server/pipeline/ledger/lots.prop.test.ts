// Invariants, over any fills of any strategies in one account:
// 1. The strategies' quantities add up to the account's.
// 2. So does what was paid for it all: cost less realized profit.
// 3. A strategy's lot is what it would be had the strategy the account to itself.
// 4. Lots folded from the account's lines, at once or in parts, are those that were kept fill by fill.
// 5. Shares that are given from one strategy to another change neither the account's position nor the sums.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Big, money, price, quantity, text } from '../../core/decimal.ts';
import type { FillToPost, LedgerLine, OpenPosition } from '../../core/model/posting.ts';
import { foldPositions } from './folds.ts';
import { foldLots, type Lots, lotKey, ofLotKey } from './lots.ts';
import { flat, postFill } from './post-fill.ts';

const scaled = (units: number, decimals: number) => new Big(String(units)).div(new Big('10').pow(decimals));
interface OwnFill extends FillToPost {
  readonly strategy: string;
}
const fill: fc.Arbitrary<OwnFill> = fc.record({
  strategy: fc.constantFrom('trend', 'mean reversion', 'external'),
  symbol: fc.constantFrom('AAPL', 'BTC/USD'),
  side: fc.constantFrom('buy', 'sell'),
  quantity: fc.integer({ min: 1, max: 9_999 }).map((n) => quantity(scaled(n, 3))),
  price: fc.integer({ min: 1, max: 9_999_999 }).map((n) => price(scaled(n, 4))),
  fee: fc.constantFrom(money('0'), money('0.37')),
});
const fills = fc.array(fill, { minLength: 1, maxLength: 40 });

/** As the store of fills does it: the account's position and the strategy's lot, each by its own average cost. */
function post(all: readonly OwnFill[]) {
  const account = new Map<string, OpenPosition>();
  const lots = new Map<string, OpenPosition>();
  const transactions: LedgerLine[][] = [];
  for (const one of all) {
    const key = lotKey(one.strategy, one.symbol);
    const posting = postFill(account.get(one.symbol) ?? flat, one);
    account.set(one.symbol, posting.position);
    lots.set(key, postFill(lots.get(key) ?? flat, one).position);
    transactions.push(posting.lines.map((line) => ({ ...line, strategy: line.symbol && one.strategy })));
  }
  return { account, lots, transactions };
}
const fold = (transactions: readonly LedgerLine[][], start: Lots = new Map()) =>
  transactions.reduce<Lots>((lots, lines) => foldLots('fill', lines, lots), start);
const paid = (one: OpenPosition) => one.cost.minus(one.realizedPnl);
const plain = (lots: Lots) =>
  [...lots].map(([key, p]) => [key, text(p.quantity), text(p.cost), text(p.realizedPnl)].join('|')).sort();
const sumOf = (lots: Lots, symbol: string, what: (one: OpenPosition) => Big) =>
  [...lots]
    .filter(([key]) => ofLotKey(key).symbol === symbol)
    .reduce((sum, [, one]) => sum.plus(what(one)), new Big('0'));

describe('lots of strategies', () => {
  it('add up to the account in shares and in what was paid for them', () => {
    fc.assert(
      fc.property(fills, (all) => {
        const { account, lots } = post(all);
        for (const [symbol, held] of account) {
          expect(text(sumOf(lots, symbol, (one) => one.quantity))).toBe(text(held.quantity));
          expect(text(sumOf(lots, symbol, paid))).toBe(text(paid(held)));
        }
      }),
    );
  });

  it('are those of a strategy that has the account to itself', () => {
    fc.assert(
      fc.property(fills, (all) => {
        const { lots } = post(all);
        for (const [key, lot] of lots) {
          const { strategy, symbol } = ofLotKey(key);
          const alone = post(all.filter((one) => one.strategy === strategy)).account.get(symbol)!;
          expect([text(lot.quantity), text(lot.cost), text(lot.realizedPnl)]).toEqual([
            text(alone.quantity),
            text(alone.cost),
            text(alone.realizedPnl),
          ]);
        }
      }),
    );
  });

  it('fold from the lines to what was kept, at once or in parts', () => {
    fc.assert(
      fc.property(fills, fc.nat(), (all, cut) => {
        const { lots, transactions } = post(all);
        const at = cut % (transactions.length + 1);
        expect(plain(fold(transactions))).toEqual(plain(lots));
        expect(plain(fold(transactions.slice(at), fold(transactions.slice(0, at))))).toEqual(plain(lots));
      }),
    );
  });

  it('given to another strategy leave the account and the sums as they were', () => {
    fc.assert(
      fc.property(fills, (all) => {
        const { account, lots } = post(all);
        for (const [key, lot] of lots) {
          const { symbol, strategy } = ofLotKey(key);
          const line = (share: OpenPosition, owner: string): LedgerLine => ({
            book: 'securities',
            symbol,
            amount: share.cost,
            quantity: share.quantity,
            strategy: owner,
          });
          const left = { ...lot, cost: money(lot.cost.neg()), quantity: quantity(lot.quantity.neg()) };
          const lines = [line(left, strategy), line(lot, 'another')];
          const after = foldLots('correction', lines, lots);
          expect(text(after.get(key)!.quantity)).toBe('0');
          expect(text(sumOf(after, symbol, (one) => one.quantity))).toBe(text(account.get(symbol)!.quantity));
          expect(text(sumOf(after, symbol, paid))).toBe(text(paid(account.get(symbol)!)));
          const kept = foldPositions(lines, account).get(symbol)!;
          expect(text(kept.cost)).toBe(text(account.get(symbol)!.cost));
        }
      }),
    );
  });
});
