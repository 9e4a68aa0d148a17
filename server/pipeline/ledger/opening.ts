import { type Money, money, type Quantity, zeroMoney } from '../../core/decimal.ts';
import type { LedgerLine } from '../../core/model/posting.ts';

/** What an account held when its books were opened. Cost is signed like the quantity. */
export interface OpeningBalance {
  readonly cash: Money;
  readonly holdings: readonly { readonly symbol: string; readonly quantity: Quantity; readonly cost: Money }[];
}

/** The balanced first transaction of an account: cash and securities against capital. */
export function postOpening(opening: OpeningBalance): LedgerLine[] {
  const lines: LedgerLine[] = [{ book: 'cash', symbol: null, amount: opening.cash, quantity: null }];
  for (const holding of opening.holdings) {
    if (holding.quantity.eq('0')) continue;
    lines.push({ book: 'securities', symbol: holding.symbol, amount: holding.cost, quantity: holding.quantity });
  }
  const total = lines.reduce((sum, line) => sum.plus(line.amount) as Money, zeroMoney);
  return [...lines, { book: 'capital', symbol: null, amount: money(total.neg()), quantity: null }];
}
