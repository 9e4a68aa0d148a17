import type { Money } from '../decimal.ts';
import type { Mode } from '../model/mode.ts';
import type { Trade } from '../performance/trade-figures.ts';

/** An account that figures can be of; one that was put away has its past. */
export interface PerformanceAccount {
  readonly id: string;
  readonly name: string;
  readonly mode: Mode;
  /** When its equity was first recorded; null: not yet. */
  readonly firstAt: Date | null;
}

/** What an account was worth when it was last recorded on a day. */
export interface RecordedClose {
  /** In New York. */
  readonly day: string;
  readonly at: Date;
  readonly equity: Money;
}

/** The closes of a span of days and what was paid in, each oldest first. */
export interface AccountCloses {
  readonly accountId: string;
  /** The last before the span; without one, the first that was ever recorded, when that is in the span. Null: there is neither. */
  readonly before: RecordedClose | null;
  readonly closes: readonly RecordedClose[];
  /** Since the close before; negative for what was paid out. */
  readonly payments: readonly { readonly at: Date; readonly amount: Money }[];
}

/** A closed trade with where it was, for lists. */
export interface ListedTrade extends Trade {
  readonly accountId: string;
  /** The signal that opened it; null: none did. */
  readonly signalId: string | null;
}

/** Trades that were closed in a span, of some accounts. */
export interface TradeSpan {
  readonly accountIds: readonly string[];
  readonly strategy: string | null;
  /** From the first moment of one day up to the last of another, in New York. */
  readonly fromDay: string;
  readonly toDay: string;
}

/** Reads what figures of performance are made of. Touches and locks nothing. */
export interface PerformanceBooks {
  accounts(): Promise<readonly PerformanceAccount[]>;
  /** Both days included. */
  closes(accountIds: readonly string[], fromDay: string, toDay: string): Promise<readonly AccountCloses[]>;
  /** The newest first, at most so many. */
  trades(span: TradeSpan, limit: number): Promise<readonly ListedTrade[]>;
  /** When each trade that is not closed was opened. */
  openedAt(span: Pick<TradeSpan, 'accountIds' | 'strategy'>): Promise<readonly Date[]>;
  /** The strategies that have traded in these accounts, in order. */
  strategies(accountIds: readonly string[]): Promise<readonly string[]>;
}
