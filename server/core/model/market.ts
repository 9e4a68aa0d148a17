import type { Price } from '../decimal.ts';

/** The national best bid and offer, or the venue's own. */
export interface Quote {
  readonly symbol: string;
  readonly bid: Price;
  readonly ask: Price;
  readonly at: Date;
}

/** A tradable thing. */
export interface Asset {
  readonly symbol: string;
  readonly name: string;
  readonly exchange: string;
  readonly tradable: boolean;
  readonly shortable: boolean;
  readonly fractionable: boolean;
}

/** The middle of bid and ask, exact. */
export const midpoint = (quote: Quote): Price => quote.bid.plus(quote.ask).times('0.5') as Price;
