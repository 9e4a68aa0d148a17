import { million } from '../book/terms.ts';
import { gridOf, ticksPerDollar } from '../market/market.ts';
import type { Ticks, VenueOrder } from './model.ts';

/** How far a buy at market may go, in millionths, as Alpaca has it: 4 % below fifty dollars, else 2.5 %. */
export const collarOf = (price: Ticks): number => (price < 50 * ticksPerDollar ? 40_000 : 25_000);

/**
 * The price beyond which an order does not trade; null: it takes any. A buy stop is a stop-limit by the collar, from its stop on; a sell stop is
 * a market order when its time comes.
 */
export function worstPrice({ type, side, limitPrice, stopPrice }: VenueOrder): Ticks | null {
  if (type === 'limit' || type === 'stop_limit') return limitPrice;
  if (type !== 'stop' || side !== 'buy') return null;
  const limit = Math.floor((stopPrice! * (million + collarOf(stopPrice!))) / million);
  return limit - (limit % gridOf(limit));
}

/** Whether a price is no worse than the order's own. */
export function allows(order: VenueOrder, price: Ticks): boolean {
  const worst = worstPrice(order);
  return worst === null || (order.side === 'buy' ? price <= worst : price >= worst);
}
