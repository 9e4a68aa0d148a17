import type { Money } from '../decimal.ts';

/** A trade that is over: what it earned after fees, negative for a loss, and when its last share was sold or bought back. */
export interface ClosedTrade {
  readonly closedAt: Date;
  readonly profit: Money;
}

/** In order of their close, ties as they came. Throws a `RangeError` for a moment that is none. */
export function byClose<T extends ClosedTrade>(trades: readonly T[]): readonly T[] {
  for (const { closedAt } of trades) {
    if (Number.isNaN(closedAt.getTime())) throw new RangeError('a closed trade has no moment of its close');
  }
  return [...trades].sort((a, b) => a.closedAt.getTime() - b.closedAt.getTime());
}
