import { type Money, type Quantity, zeroMoney } from '../../core/decimal.ts';
import type { Book, LedgerLine, OpenPosition } from '../../core/model/posting.ts';
import { flat } from './post-fill.ts';

/** Positions by symbol, from the lines alone: what the table of positions holds can be made anew by this. */
export function foldPositions(
  lines: Iterable<LedgerLine>,
  start: ReadonlyMap<string, OpenPosition> = new Map(),
): Map<string, OpenPosition> {
  const positions = new Map(start);
  for (const line of lines) {
    if (line.symbol === null || (line.book !== 'securities' && line.book !== 'realized_pnl')) continue;
    const before = positions.get(line.symbol) ?? flat;
    positions.set(
      line.symbol,
      line.book === 'securities'
        ? {
            ...before,
            quantity: before.quantity.plus(line.quantity ?? '0') as Quantity,
            cost: before.cost.plus(line.amount) as Money,
          }
        : { ...before, realizedPnl: before.realizedPnl.minus(line.amount) as Money },
    );
  }
  return positions;
}

/** The balance of one book: debits less credits. */
export function balanceOf(book: Book, lines: Iterable<LedgerLine>): Money {
  let sum = zeroMoney;
  for (const line of lines) if (line.book === book) sum = sum.plus(line.amount) as Money;
  return sum;
}

/** Cash, in the account's currency. */
export const cashOf = (lines: Iterable<LedgerLine>): Money => balanceOf('cash', lines);

/** What was ever realized, before fees. Profit is a credit, hence the sign. */
export const realizedOf = (lines: Iterable<LedgerLine>): Money => balanceOf('realized_pnl', lines).neg() as Money;

/** Fees paid, positive. */
export const feesOf = (lines: Iterable<LedgerLine>): Money => balanceOf('fees', lines);

/** Dividends and interest, positive. */
export const incomeOf = (lines: Iterable<LedgerLine>): Money => balanceOf('income', lines).neg() as Money;

/** What was paid in, positive. */
export const capitalOf = (lines: Iterable<LedgerLine>): Money => balanceOf('capital', lines).neg() as Money;
