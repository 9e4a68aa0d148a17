import { wholeShares } from '../../core/decimal.ts';
import type { ApprovedOrder } from '../../core/model/approved-order.ts';
import type { OrderClass } from '../../core/model/order.ts';
import type { BrokerCapabilities } from '../../core/ports/broker.ts';

/**
 * The order as the venue takes it. Where it takes no group (coins at Alpaca, parts of a share), an entry is sent by itself, and the watch
 * over protection places its stop with each fill and watches for its target; where it knows no day, the order is good until cancelled.
 */
export function forVenue(order: ApprovedOrder, venue: BrokerCapabilities): ApprovedOrder {
  const keepsDays = venue.timesInForce.includes('day');
  const isPart = keepsDays && !order.quantity.eq(wholeShares(order.quantity));
  const grouped = venue.orderClasses.includes(classOf(order)) && !isPart;
  const alone = grouped ? order : { ...order, stopLoss: null, takeProfit: null };
  if (!keepsDays) return { ...alone, timeInForce: 'gtc' };
  return isPart ? { ...alone, timeInForce: 'day' } : alone;
}

function classOf({ intent, stopLoss, takeProfit }: ApprovedOrder): OrderClass {
  if (stopLoss && takeProfit) return intent === 'exit' ? 'oco' : 'bracket';
  return intent === 'entry' && (stopLoss || takeProfit) ? 'oto' : 'simple';
}
