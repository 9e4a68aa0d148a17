import type { Money } from '../decimal.ts';
import type { ClosedTrade } from '../risk-figures/closed-trade.ts';
import type { Side } from './signal.ts';

/** An entry that was approved: for limits on how many there may be in a time. */
export interface ApprovedEntry {
  readonly at: Date;
  readonly strategy: string;
  readonly symbol: string;
  /** What it was expected to be worth. */
  readonly value: Money;
}

/** A trade of a strategy that is over. */
export interface StrategyTrade extends ClosedTrade {
  readonly strategy: string;
  readonly symbol: string;
  /** Of its entry. */
  readonly side: Side;
  readonly openedAt: Date;
}

/** What an account has done lately, read with its row locked. */
export interface AccountActivity {
  /** Of the New York day, or of the last hour where that is longer; the newest first. */
  readonly entries: readonly ApprovedEntry[];
  /** Of the last 365 days, at most 500, the newest first. */
  readonly trades: readonly StrategyTrade[];
  /** Equity as it was first recorded in the New York week; null: not yet. */
  readonly equityAtWeekStart: Money | null;
  /** The highest equity that was ever recorded; null: none was. */
  readonly peakEquity: Money | null;
  /** The first equity that was ever recorded, with what was paid in since; null: none was. */
  readonly paidIn: Money | null;
  /** Round trips opened and closed on one day, in the last five sessions. */
  readonly dayTrades: number;
}
