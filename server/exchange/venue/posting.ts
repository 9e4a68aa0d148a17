import { movePosition } from './average-cost.ts';
import { isSpent } from './dollar-orders.ts';
import { feeOf } from './fees.ts';
import type { Ticks, VenueOrder, VenueStatus, VenueUpdate } from './model.ts';
import { costOf, lotsFor } from './money.ts';
import type { Lots } from './quantity.ts';
import type { VenueState } from './state.ts';

/** Tells of an order as it stands. */
export function tell(state: VenueState, order: VenueOrder, event: VenueUpdate['event'], at: string): void {
  state.publish({ accountId: order.accountId, event, order, execution: null, positionQty: null, at });
}

/** Gives an order another status, and tells of it. */
export function move(
  state: VenueState,
  order: VenueOrder,
  status: VenueStatus,
  event: VenueUpdate['event'],
  at: string,
): void {
  order.status = status;
  if (status === 'canceled') order.canceledAt = at;
  else if (status === 'expired') order.expiredAt = at;
  else if (status === 'replaced') order.replacedAt = at;
  else if (status === 'rejected') order.failedAt = at;
  state.touch(order, at);
  tell(state, order, event, at);
}

/** Writes a fill into order, position and account, and tells of it. Answers whether the order is complete. */
export function postFill(
  state: VenueState,
  order: VenueOrder,
  { qty, price, at, newId }: { qty: Lots; price: Ticks; at: string; newId: () => string },
): boolean {
  const account = state.accounts.get(order.accountId)!;
  const cost = costOf(order.symbol, qty, price);
  const fee = feeOf({ symbol: order.symbol, side: order.side, lots: qty, cost }, newId);
  const position = state.position(order.accountId, order.symbol);
  const signed = order.side === 'buy' ? qty - (fee?.lots ?? 0) : -qty;
  movePosition(position, signed, price);
  account.cash += (order.side === 'buy' ? -cost : cost) - (fee?.money ?? 0n);
  order.filledQty += qty;
  order.filledCost += cost;
  if (order.notional !== null) order.qty = order.filledQty;
  const complete = order.notional === null ? order.filledQty === order.qty : isSpent(order, price, position.qty);
  order.status = complete ? 'filled' : 'partially_filled';
  if (complete) order.filledAt = at;
  const execution = {
    id: newId(),
    accountId: order.accountId,
    orderId: order.id,
    symbol: order.symbol,
    side: order.side,
    qty,
    price,
    cumQty: order.filledQty,
    leavesQty:
      order.notional === null
        ? order.qty - order.filledQty
        : complete
          ? 0
          : lotsFor(order.symbol, order.notional - order.filledCost, price),
    fee,
    orderStatus: order.status,
    at,
    sequence: state.nextSequence(),
  };
  state.addExecution(execution);
  state.touch(order, at);
  state.touchPosition(position);
  state.touchAccount(account);
  state.publish({
    accountId: order.accountId,
    event: complete ? 'fill' : 'partial_fill',
    order,
    execution,
    positionQty: position.qty,
    at,
  });
  return complete;
}
