import { add, compare, multiply, rounded, signOf, subtract } from '../format/decimal.ts';
import type { Position, QuoteJson } from './contract.ts';

/** The price halfway between bid and ask, exactly. */
const middle = (quote: QuoteJson): string => multiply(add(quote.bid, quote.ask), '0.5');

/** A position at the newest quote, until the server tells of it again. Older quotes change nothing. */
export function marked(position: Position, quote: QuoteJson | undefined): Position {
  if (!quote || signOf(position.quantity) === 0 || compare(quote.bid, '0') <= 0) return position;
  const lastPrice = middle(quote);
  const marketValue = multiply(position.quantity, lastPrice);
  return {
    ...position,
    lastPrice,
    marketValue: rounded(marketValue, 2),
    unrealizedPnl: rounded(subtract(marketValue, position.cost), 2),
  };
}

/**
 * Marks positions, and answers the same object for the same position at the same quote: a page then draws the rows whose price moved, and not
 * every row for every price.
 */
export class Marking {
  readonly #known = new WeakMap<Position, { quote: QuoteJson | undefined; position: Position }>();

  of(position: Position, quote: QuoteJson | undefined): Position {
    const known = this.#known.get(position);
    if (known && known.quote === quote) return known.position;
    const fresh = marked(position, quote);
    this.#known.set(position, { quote, position: fresh });
    return fresh;
  }
}
