import type { Ticks } from './model.ts';
import { costOf, type Money, shareOf } from './money.ts';
import type { Lots } from './quantity.ts';

/** A position whose cost a fill moves. */
interface Held {
  readonly symbol: string;
  /** Negative when short. */
  qty: Lots;
  cost: Money;
}

/** Moves a position by a fill, at average cost, as Alpaca keeps it; through zero, the rest opens at the fill's price. */
export function movePosition(position: Held, signed: Lots, price: Ticks): void {
  const before = position.qty;
  const after = before + signed;
  if (before === 0 || Math.sign(before) === Math.sign(signed)) position.cost += costOf(position.symbol, signed, price);
  else if (after === 0) position.cost = 0n;
  else if (Math.sign(after) === Math.sign(before)) {
    position.cost = shareOf(position.cost, BigInt(Math.abs(after)), BigInt(Math.abs(before)));
  } else position.cost = costOf(position.symbol, after, price);
  position.qty = after;
}
