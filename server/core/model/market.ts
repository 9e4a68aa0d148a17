import type { Price, Quantity } from '../decimal.ts';

/** The national best bid and offer, or the venue's own. */
export interface Quote {
  readonly symbol: string;
  readonly bid: Price;
  readonly ask: Price;
  readonly at: Date;
  /** Shares shown at the bid; absent: the venue does not say. */
  readonly bidSize?: Quantity;
  readonly askSize?: Quantity;
}

/** A tradable thing. */
export interface Asset {
  readonly symbol: string;
  readonly name: string;
  readonly exchange: string;
  readonly tradable: boolean;
  readonly shortable: boolean;
  readonly fractionable: boolean;
  /** Whether it can be borrowed at once; absent: the venue does not say. */
  readonly easyToBorrow?: boolean;
  /** Whether it may be bought on margin; absent: the venue does not say. */
  readonly marginable?: boolean;
  /** Of coins; absent: whole shares, or nine decimals where fractions are sold. */
  readonly minOrderSize?: Quantity;
  readonly minTradeIncrement?: Quantity;
}

/** The middle of bid and ask, exact. */
export const midpoint = (quote: Quote): Price => quote.bid.plus(quote.ask).times('0.5') as Price;
