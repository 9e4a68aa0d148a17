import { text, wholeShares } from '../../core/decimal.ts';
import type { ApprovedOrder } from '../../core/model/approved-order.ts';
import { orderClassOf } from '../../core/model/order-terms.ts';
import type { BrokerCapabilities } from '../../core/ports/broker.ts';

/**
 * The order as the venue takes it. Where it takes no group (coins at Alpaca, parts of a share), or none with the order's type and time in
 * force, an entry is sent by itself, and the watch over protection places its stop with each fill and watches for its target; where it
 * knows no day, the order is good until cancelled.
 */
export function forVenue(order: ApprovedOrder, venue: BrokerCapabilities): ApprovedOrder {
  const keepsDays = venue.timesInForce.includes('day');
  const isPart = isPartOf(order, venue);
  const orderClass = orderClassOf(order);
  const grouped = orderClass !== 'simple' && venue.orderClasses.includes(orderClass) && !isPart;
  const alone = grouped ? order : { ...order, stopLoss: null, takeProfit: null };
  if (!keepsDays && order.timeInForce === 'day') return { ...alone, timeInForce: 'gtc' };
  return isPart ? { ...alone, timeInForce: 'day' } : alone;
}

/** What of an order the venue does not take, for a person; null: it takes it. What stands in for something else, as above, is no fault. */
export function notTaken(order: ApprovedOrder, venue: BrokerCapabilities): string | null {
  const { type, timeInForce, symbol, quantity } = order;
  if (!venue.orderTypes.includes(type)) return `it takes no ${words(type)} orders in ${symbol}.`;
  if (timeInForce !== 'day' && !venue.timesInForce.includes(timeInForce)) {
    return `it takes no orders that are ${timeInForce} in ${symbol}.`;
  }
  if (isPartOf(order, venue) && timeInForce !== 'day' && timeInForce !== 'gtc') {
    return `${text(quantity)} ${symbol} are no whole number of shares, of which it takes orders for the day, and none that are ${timeInForce}.`;
  }
  return null;
}

/** A part of a share, which is sent alone and for the day. */
const isPartOf = ({ quantity }: ApprovedOrder, venue: BrokerCapabilities): boolean =>
  venue.timesInForce.includes('day') && !quantity.eq(wholeShares(quantity));

const words = (type: string): string => type.replaceAll('_', ' ');
