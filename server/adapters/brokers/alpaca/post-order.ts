import { orders, type trading } from '@alpacahq/alpaca-trade-api';
import { text } from '../../../core/decimal.ts';
import type { ApprovedOrder } from '../../../core/model/approved-order.ts';
import type { OrderChange } from '../../../core/ports/broker.ts';

/**
 * What is posted for an approved order: an entry is a bracket when it has a stop and a take-profit, one-triggers-other with one of
 * them; an exit with both is one-cancels-other; all else is a simple order. Decimals go as text.
 */
export function toPostOrder(order: ApprovedOrder): trading.PostOrderRequest {
  const shared = sharedOf(order);
  const grouped = groupedOrder(order, shared);
  if (grouped) return grouped;
  switch (order.type) {
    case 'market':
      return orders.buildMarketOrder(shared);
    case 'limit':
      return orders.buildLimitOrder({ ...shared, limitPrice: needed(order.limitPrice, 'a limit price') });
    case 'stop':
      return orders.buildStopOrder({ ...shared, stopPrice: needed(order.stopPrice, 'a stop price') });
    case 'stop_limit': {
      const limitPrice = needed(order.limitPrice, 'a limit price');
      return orders.buildStopLimitOrder({ ...shared, stopPrice: needed(order.stopPrice, 'a stop price'), limitPrice });
    }
    case 'trailing_stop': {
      const { trail } = order;
      if (!trail) throw new Error('the order needs a trail');
      return orders.buildTrailingStopOrder(
        'percent' in trail
          ? { ...shared, trailPercent: text(trail.percent) }
          : { ...shared, trailPrice: text(trail.price) },
      );
    }
  }
}

const sharedOf = (order: ApprovedOrder) => ({
  symbol: order.symbol,
  side: order.side,
  qty: text(order.quantity),
  timeInForce: order.timeInForce,
  clientOrderId: order.clientOrderId,
  ...(order.extendedHours && { extendedHours: true }),
});

/** An order with legs; null: this one has none. */
function groupedOrder(order: ApprovedOrder, shared: ReturnType<typeof sharedOf>): trading.PostOrderRequest | null {
  const takeProfit = order.takeProfit && { limitPrice: text(order.takeProfit) };
  const stopLoss = order.stopLoss && {
    stopPrice: text(order.stopLoss),
    ...(order.stopLossLimit && { limitPrice: text(order.stopLossLimit) }),
  };
  if (order.intent === 'exit') {
    return takeProfit && stopLoss ? orders.buildOcoOrder({ ...shared, takeProfit, stopLoss }) : null;
  }
  if (!takeProfit && !stopLoss) return null;
  if (order.type !== 'market' && order.type !== 'limit') {
    throw new Error(`an entry with legs is a market or a limit order, not ${order.type}`);
  }
  const entry = order.type === 'limit' ? { ...shared, limitPrice: needed(order.limitPrice, 'a limit price') } : shared;
  if (takeProfit && stopLoss) return orders.buildBracketOrder({ ...entry, takeProfit, stopLoss });
  return takeProfit
    ? orders.buildOtoOrder({ ...entry, takeProfit })
    : orders.buildOtoOrder({ ...entry, stopLoss: stopLoss! });
}

/** What is asked for in place of a working order. */
export const toPatchOrder = (change: OrderChange & { readonly clientOrderId: string }): trading.PatchOrderRequest => ({
  clientOrderId: change.clientOrderId,
  ...(change.quantity ? { qty: text(change.quantity) } : {}),
  ...(change.limitPrice ? { limitPrice: text(change.limitPrice) } : {}),
  ...(change.stopPrice ? { stopPrice: text(change.stopPrice) } : {}),
  ...(change.trail ? { trail: text(change.trail) } : {}),
});

function needed(value: Parameters<typeof text>[0] | null | undefined, what: string): string {
  if (!value) throw new Error(`the order needs ${what}`);
  return text(value);
}
