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
