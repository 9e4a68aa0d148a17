import type { Money, Quantity } from '../decimal.ts';
import type { PositionView } from '../model/account-view.ts';
import type { LedgerLine } from '../model/posting.ts';

/** An account's books, summed over all its entries. Amounts are in the account's currency. */
export interface LedgerSummary {
  readonly accountId: string;
  /** When the books were opened; null: not yet. */
  readonly openedAt: Date | null;
  readonly cash: Money;
  /** Cost of what is open, negative for shorts. */
  readonly cost: Money;
  /** Paid in, positive. */
  readonly capital: Money;
  /** Before fees. */
  readonly realizedPnl: Money;
  /** Paid, positive. */
  readonly fees: Money;
  /** Dividends and interest, positive. */
  readonly income: Money;
  /** Symbols with open shares or with a realized result; cost is signed like the quantity. */
  readonly positions: readonly (PositionView & { readonly openedAt: Date | null })[];
}

/** An account's worth at a moment. */
export interface EquitySnapshot {
  readonly accountId: string;
  readonly at: Date;
  readonly cash: Money;
  readonly positionValue: Money;
  readonly equity: Money;
  readonly realizedPnl: Money;
  readonly unrealizedPnl: Money;
  /** What is open, each at its price of that moment; negative when short. */
  readonly positions: readonly {
    readonly symbol: string;
    readonly quantity: Quantity;
    readonly marketValue: Money;
    readonly unrealizedPnl: Money;
  }[];
}

/** The double-entry books of every account. Entries are only ever added; fills are posted by the order store. */
export interface LedgerStore {
  /** Opens an account's books with what it held, once. False: they are open already, and nothing was changed. */
  open(
    accountId: string,
    opening: {
      readonly cash: Money;
      /** Cost is signed like the quantity. */
      readonly holdings: readonly { readonly symbol: string; readonly quantity: Quantity; readonly cost: Money }[];
    },
    at: Date,
  ): Promise<boolean>;
  /**
   * Posts a correction, once for its reference; false: it was posted before. The lines must add up to zero. Positions move with it.
   */
  correct(
    accountId: string,
    correction: {
      readonly reference: string;
      readonly lines: readonly LedgerLine[];
      readonly at: Date;
      readonly sentence: string;
    },
  ): Promise<boolean>;
  summary(accountId: string): Promise<LedgerSummary>;
  /** Makes the account's positions anew from its entries; answers the symbols whose row was not what the entries say. */
  rebuildPositions(accountId: string): Promise<readonly string[]>;
  /** Stores a snapshot with its event. */
  recordEquity(snapshot: EquitySnapshot): Promise<void>;
  /**
   * Equity at the start of a day: the last snapshot before `dayStart`, else the first since; null: there is none. For New York's
   * day, `dayStart` is `startOfDay(now, 'America/New_York')`.
   */
  equityAtDayStart(accountId: string, dayStart: Date): Promise<Money | null>;
}
