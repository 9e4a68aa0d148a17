import { add, compare, subtract } from '../format/decimal.ts';

/** A cent from a dollar up, a hundredth of a cent below (SEC Rule 612): what the server and the venues round to. */
export const tickOf = (price: string): string => (compare(price, '1') >= 0 ? '0.01' : '0.0001');
const placesOf = (price: number): number => (price >= 1 ? 2 : 4);

/** The price on the grid next to where a pointer is. Null: there are no such prices. */
export function snapped(price: number): string | null {
  if (!(price > 0) || !Number.isFinite(price)) return null;
  const text = price.toFixed(placesOf(price));
  return compare(text, '0') > 0 ? text : null;
}

/** So many ticks up (or down, below zero), and never to nothing. */
export function stepped(price: string, ticks: number): string {
  let at = price;
  const step = ticks > 0 ? add : subtract;
  for (let left = Math.abs(ticks); left > 0; left--) {
    const next = step(at, tickOf(at));
    if (compare(next, '0') <= 0) return at;
    at = next;
  }
  return at;
}
