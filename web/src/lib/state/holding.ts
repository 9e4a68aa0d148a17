import type { Position, QuoteJson } from '../api/contract.ts';
import { add, multiply, rounded, subtract } from '../format/decimal.ts';

/** A position at a quote's middle: its price, value and unrealized P&L follow the market between two messages of the server. */
export function valued(position: Position, quote: QuoteJson | undefined): Position {
  if (!quote || quote.at < position.updatedAt) return position;
  const lastPrice = rounded(multiply(add(quote.bid, quote.ask), '0.5'), 4);
  const marketValue = multiply(position.quantity, lastPrice);
  return { ...position, lastPrice, marketValue, unrealizedPnl: subtract(marketValue, position.cost) };
}
