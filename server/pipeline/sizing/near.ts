import { type Price, price } from '../../core/decimal.ts';
import type { Quote } from '../../core/model/market.ts';
import type { Side } from '../../core/model/signal.ts';

/** What an order on the side is expected near, by the quote. */
export const nearOf = (side: Side, quote: Quote | null): Price | null =>
  quote && price(side === 'buy' ? quote.ask : quote.bid);
