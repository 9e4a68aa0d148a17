import type { Money, Price, Quantity } from '../decimal.ts';
import type { HeldView } from '../model/account-view.ts';
import type { Mode } from '../model/mode.ts';
import type { StoredLimit } from '../model/risk-limit.ts';
import type { RefusalCount } from '../model/risk-overview.ts';
import type { Side } from '../model/signal.ts';
import type { LimitVersion } from './limit-store.ts';

/** An account that has not been put away, with its marks. */
export interface AccountMarks {
  readonly accountId: string;
  readonly name: string;
  readonly mode: Mode;
  readonly enabled: boolean;
  readonly peak: Money | null;
  readonly peakAt: Date | null;
  /** When its equity was first recorded; null: not yet. */
  readonly firstAt: Date | null;
  readonly equityAtDayStart: Money | null;
  readonly equityAtWeekStart: Money | null;
  readonly paidIn: Money | null;
}

/** What an account holds now. */
export interface AccountHoldingsNow extends AccountMarks {
  readonly cash: Money;
  readonly positions: readonly HeldView[];
  readonly entries: readonly {
    readonly symbol: string;
    readonly side: Side;
    readonly strategy: string;
    readonly remaining: Quantity;
    readonly referencePrice: Price;
  }[];
}

/** What an account was worth when it was last recorded before a moment. */
export interface AccountThen extends AccountMarks {
  /** Null: nothing was recorded before. */
  readonly recorded: {
    readonly at: Date;
    readonly cash: Money;
    readonly equity: Money;
    /** Signed like the shares. */
    readonly holdings: readonly { readonly symbol: string; readonly value: Money }[];
  } | null;
}

/** A stretch of an equity curve. */
export interface StretchRow {
  readonly at: Date;
  readonly last: Money;
  readonly lowest: Money;
  readonly highest: Money;
}

/** What rules did, of an account; null: of decisions for no account. */
export type AccountRefusals = Omit<RefusalCount, 'name'> & { readonly accountId: string | null };

/** Reads what the risk page and the daily report are made of. Touches and locks nothing. */
export interface RiskBooks {
  /** Every account as it is now, all of one moment. Day and week are New York's. */
  now(at: Date): Promise<readonly AccountHoldingsNow[]>;
  /** Every account as it was last recorded before a moment. */
  asOf(at: Date): Promise<readonly AccountThen[]>;
  /** An account's equity in a span, in at most so many stretches of equal length. */
  curve(accountId: string, from: Date, until: Date, stretches: number): Promise<readonly StretchRow[]>;
  /** Decisions in a span by what each rule said in them. */
  refusals(from: Date, until: Date): Promise<readonly AccountRefusals[]>;
  /** The limits that were in force at a moment. */
  limitsAt(at: Date): Promise<readonly StoredLimit[]>;
  /** When equity was first recorded of any account; null: it was not. */
  firstAt(): Promise<Date | null>;
  /** Versions of limits that were stored in a span, in order of time. */
  limitChanges(from: Date, until: Date): Promise<readonly LimitVersion[]>;
}
