import type { Quantity } from '../../../core/decimal.ts';

/** Since when a position is open: from the fill that left zero or crossed it; null while nothing is open. */
export function openedAtAfter(before: Quantity, after: Quantity, openedAt: Date | null, at: Date): Date | null {
  if (after.eq('0')) return null;
  return before.times(after).gt('0') ? openedAt : at;
}
