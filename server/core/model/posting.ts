import type { Money, Price, Quantity } from '../decimal.ts';
import type { Side } from './signal.ts';

/** The strategy of shares that nobody here has bought. */
export const externalStrategy = 'external';

/** The books of an account's ledger. `income`: dividends and interest. */
export type Book = 'cash' | 'securities' | 'realized_pnl' | 'fees' | 'income' | 'capital';

/** One line of a ledger transaction: debits positive, credits negative. */
export interface LedgerLine {
  readonly book: Book;
  readonly symbol: string | null;
  readonly amount: Money;
  /** Shares that moved, for `securities`. */
  readonly quantity: Quantity | null;
  /** Whose shares or result it is; absent: nobody's here, which is `external`. */
  readonly strategy?: string | null;
}

/** What is open in one symbol. `cost` is signed like the quantity. */
export interface OpenPosition {
  readonly quantity: Quantity;
  readonly cost: Money;
  /** All that was ever realized in this symbol, before fees. */
  readonly realizedPnl: Money;
}

/** A fill as the ledger takes it. */
export interface FillToPost {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Money;
}

/** A balanced transaction, and the position after it. */
export interface Posting {
  readonly lines: readonly LedgerLine[];
  readonly position: OpenPosition;
  /** Of this fill, before fees; zero when it only opened. */
  readonly realizedPnl: Money;
}
