import type { Ticks } from './model.ts';

/** Moves a position by a fill, at average cost, as Alpaca keeps it; through zero, the rest opens at the fill's price. */
export function movePosition(position: { qty: number; cost: Ticks }, signed: number, price: Ticks): void {
  const before = position.qty;
  const after = before + signed;
  if (before === 0 || Math.sign(before) === Math.sign(signed)) position.cost += signed * price;
  else if (after === 0) position.cost = 0;
  else if (Math.sign(after) === Math.sign(before)) position.cost = Math.round((position.cost * after) / before);
  else position.cost = after * price;
  position.qty = after;
}
