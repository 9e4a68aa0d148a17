import { systemRandom } from '../adapters/clock/system-random.ts';
import { price, quantity } from '../core/decimal.ts';
import { type ApprovedOrder, clientOrderIdOf, sealApproval } from '../core/model/approved-order.ts';

/** An order as the risk gate would have approved it: buy 10 AAPL at the market, unless said otherwise. */
export function approvedOrder(change: Partial<ApprovedOrder> = {}): ApprovedOrder {
  const decisionId = systemRandom.id();
  return sealApproval({
    orderId: systemRandom.id(),
    decisionId,
    signalId: systemRandom.id(),
    accountId: systemRandom.id(),
    strategy: 'default',
    mode: 'paper',
    clientOrderId: clientOrderIdOf(decisionId),
    intent: 'entry',
    symbol: 'AAPL',
    side: 'buy',
    quantity: quantity('10'),
    referencePrice: price('150'),
    type: 'market',
    limitPrice: null,
    timeInForce: 'day',
    stopLoss: null,
    takeProfit: null,
    ...change,
  });
}
