import { type Big, decimal, money } from '../decimal.ts';
import type { DayClose } from './day-close.ts';

/**
 * The closes of several accounts as one: each day that any of them has, with the last equity known of each. What an account was worth when it
 * joined is money paid in, not earned. Each account's closes in order of their days.
 */
export function closesTogether(accounts: readonly (readonly DayClose[])[]): DayClose[] {
  const byDay = accounts.map((closes) => new Map(closes.map((close) => [close.day, close])));
  const days = [...new Set(byDay.flatMap((closes) => [...closes.keys()]))].sort();
  const worth: (Big | null)[] = accounts.map(() => null);
  return days.map((day) => {
    let paidIn: Big = decimal('0');
    byDay.forEach((closes, i) => {
      const close = closes.get(day);
      if (!close) return;
      paidIn = paidIn.plus(worth[i] === null ? close.equity : close.paidIn);
      worth[i] = close.equity;
    });
    const equity = worth.reduce<Big>((sum, one) => (one ? sum.plus(one) : sum), decimal('0'));
    return { day, equity: money(equity), paidIn: money(paidIn) };
  });
}
