import type { Market } from '../market/market.ts';
import type { Prices } from './checks.ts';
import type { Hours } from './hours.ts';
import type { Mark } from './margin.ts';
import type { Matching } from './matching.ts';
import type { VenueState } from './state.ts';

/** What commands work on. */
export interface Books {
  readonly state: VenueState;
  readonly matching: Matching;
  readonly market: Market;
  readonly hours: Hours;
  readonly mark: Mark;
  /** Throws a refusal where the symbol has no quote. */
  prices(symbol: string, at: Date): Prices;
  /** Whether new orders in the symbol are taken. */
  isTradable(symbol: string): boolean;
  newId(): string;
}
