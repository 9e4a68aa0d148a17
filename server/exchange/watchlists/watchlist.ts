/** A list of assets that a client keeps at the venue, under a name of its own. */
export interface Watchlist {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  /** In the order in which the client put them. */
  readonly symbols: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Where watchlists are kept. */
export interface WatchlistStore {
  /** Oldest first. */
  watchlists(accountId: string): Promise<Watchlist[]>;
  /** Makes it or changes it; `name taken` when another one of the account has the name: nothing was done. */
  saveWatchlist(watchlist: Watchlist): Promise<'saved' | 'name taken'>;
  removeWatchlist(accountId: string, id: string): Promise<void>;
}
