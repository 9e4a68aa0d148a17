import { orders, type trading } from '@alpacahq/alpaca-trade-api';
import { text } from '../../../core/decimal.ts';
import type { ApprovedOrder } from '../../../core/model/approved-order.ts';

/**
 * What is posted for an approved order: a bracket when it has a stop and a take-profit, one-triggers-other with one of them, else
 * a simple order. Decimals go as text.
 */
export function toPostOrder(order: ApprovedOrder): trading.PostOrderRequest {
  const shared = {
    symbol: order.symbol,
    side: order.side,
    qty: text(order.quantity),
    timeInForce: order.timeInForce,
    clientOrderId: order.clientOrderId,
  };
  if (order.type === 'limit' && order.limitPrice === null) throw new Error('a limit order needs a limit price');
  const limitPrice = order.type === 'limit' ? text(order.limitPrice!) : undefined;
  const entry = limitPrice === undefined ? shared : { ...shared, limitPrice };
  const takeProfit = order.takeProfit && { limitPrice: text(order.takeProfit) };
  const stopLoss = order.stopLoss && { stopPrice: text(order.stopLoss) };
  if (order.intent === 'entry') {
    if (takeProfit && stopLoss) return orders.buildBracketOrder({ ...entry, takeProfit, stopLoss });
    if (takeProfit) return orders.buildOtoOrder({ ...entry, takeProfit });
    if (stopLoss) return orders.buildOtoOrder({ ...entry, stopLoss });
  }
  return limitPrice === undefined ? orders.buildMarketOrder(shared) : orders.buildLimitOrder({ ...shared, limitPrice });
}
