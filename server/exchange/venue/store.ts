import type { RecordStore } from '../history/store.ts';
import type { VenueAccount, VenueExecution, VenueOrder, VenuePosition, VenueUpdate } from './model.ts';

/** All that one command changed; stored in one transaction before anybody is told. */
export interface Changes {
  readonly orders: readonly VenueOrder[];
  readonly executions: readonly VenueExecution[];
  readonly positions: readonly VenuePosition[];
  readonly accounts: readonly VenueAccount[];
  /** What the stream is told; kept, so that a client that was away can ask for it. */
  readonly updates: readonly VenueUpdate[];
}

/** What a restart begins with. */
export interface Stored {
  readonly accounts: readonly VenueAccount[];
  readonly positions: readonly VenuePosition[];
  /** Every order that is not final, and the newest final ones. */
  readonly orders: readonly VenueOrder[];
  readonly executions: readonly VenueExecution[];
  /** Whether there are final orders beyond those. */
  readonly olderOrders?: boolean;
  /** Sequence of the newest update that was told. */
  readonly lastUpdate?: number;
  /** Dollars by symbol. */
  readonly prices: Readonly<Record<string, number>>;
}

/** Where the exchange keeps its books. */
export interface ExchangeStore extends RecordStore {
  load(): Promise<Stored>;
  /** All or nothing. Throws when it did not happen. */
  commit(changes: Changes): Promise<void>;
  savePrices(prices: Readonly<Record<string, number>>): Promise<void>;
  /** Whether this client order id was ever used by the account; final orders older than those of `load` are found too. */
  clientOrderIdSpent(accountId: string, clientOrderId: string): Promise<boolean>;
}
