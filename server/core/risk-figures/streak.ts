import { type Money, zeroMoney } from '../decimal.ts';
import { byClose, type ClosedTrade } from './closed-trade.ts';

/** The losses in a row that the last closed trades are. */
export interface LosingStreak {
  /** Losing trades since the last winning one. */
  readonly length: number;
  /** What they lost together, as a positive amount. */
  readonly lost: Money;
  /** When the first and the last of them closed; null without a streak. */
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
}

/**
 * Counts back from the trade that closed last, whatever order they are given in. A trade that earned exactly nothing neither counts nor ends
 * the streak: a cool-down should not be lifted by it. No trades: a streak of 0. Throws a `RangeError` for a close at no moment.
 */
export function losingStreak(trades: readonly ClosedTrade[]): LosingStreak {
  const ordered = byClose(trades);
  const lastWin = ordered.findLastIndex(({ profit }) => profit.gt('0'));
  const losses = ordered.slice(lastWin + 1).filter(({ profit }) => profit.lt('0'));
  return {
    length: losses.length,
    lost: losses.reduce((sum, { profit }) => sum.minus(profit) as Money, zeroMoney),
    firstAt: losses[0]?.closedAt ?? null,
    lastAt: losses.at(-1)?.closedAt ?? null,
  };
}
