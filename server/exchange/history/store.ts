import type { VenueUpdate } from '../venue/model.ts';
import type { Money } from '../venue/money.ts';
import type { WatchlistStore } from '../watchlists/watchlist.ts';

/** What an account was worth at a moment. */
export interface EquitySample {
  readonly accountId: string;
  readonly at: Date;
  readonly equity: Money;
  readonly maintenanceMargin: Money;
}

/** The price at which a symbol was left when a session closed. `day` is New York's date, `price` in ticks. */
export interface ClosingPrice {
  readonly symbol: string;
  readonly day: string;
  readonly price: number;
}

export interface HistoryStore {
  /** Samples of one account from the last one at or before `from`, up to `to`, oldest first. */
  equity(accountId: string, from: Date, to: Date): Promise<EquitySample[]>;
  /** Of one account and moment, the first that is told stands. */
  saveEquity(samples: readonly EquitySample[]): Promise<void>;
  /** Of each account and New York day before `before`, keeps the last sample of every `minutes`. */
  thinEquity(before: Date, minutes: number): Promise<void>;
  /** The newest closing price of each symbol before a day. */
  closingPrices(before: string): Promise<ClosingPrice[]>;
  saveClosingPrices(prices: readonly ClosingPrice[]): Promise<void>;
}

export interface UpdateRange {
  readonly accountId: string;
  /** Sequence, exclusive. */
  readonly after: number;
  /** Told at or after this. */
  readonly since: Date | null;
  readonly limit: number;
}

export interface UpdateStore {
  /** Updates of one account that were told before, in their order. */
  updates(range: UpdateRange): Promise<VenueUpdate[]>;
}

/** What the exchange keeps beside its books. */
export interface RecordStore extends WatchlistStore, HistoryStore, UpdateStore {}
