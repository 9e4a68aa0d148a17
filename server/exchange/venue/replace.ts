import { checkTick } from './checks.ts';
import { isFinal, type Ticks, type VenueOrder, type VenueTimeInForce } from './model.ts';
import { isCrypto, isWhole, type Lots } from './quantity.ts';
import { refuse } from './refusal.ts';

/** What a PATCH changes; null: as it was. */
export interface Replacement {
  readonly clientOrderId: string | null;
  readonly qty: Lots | null;
  readonly limitPrice: Ticks | null;
  readonly stopPrice: Ticks | null;
  readonly timeInForce: VenueTimeInForce | null;
}

/** The order that takes the place of another. Refuses what Alpaca refuses. */
export function replacementOf(
  order: VenueOrder,
  change: Replacement,
  id: string,
  sequence: number,
  now: string,
): VenueOrder {
  if (order.status === 'replaced') throw refuse.unprocessable('order already replaced');
  if (isFinal(order.status)) throw refuse.unprocessable(`cannot replace order in ${order.status} status`);
  if (order.notional !== null) throw refuse.unprocessable('notional orders cannot be replaced');
  const fraction =
    !isCrypto(order.symbol) && [order.qty, change.qty ?? order.qty].some((lots) => !isWhole(order.symbol, lots));
  if (fraction && change.qty !== null && change.qty !== order.qty) {
    throw refuse.unprocessable('qty cannot be changed for fractional orders');
  }
  if (change.qty !== null && order.groupId !== null && change.qty !== order.qty) {
    throw refuse.unprocessable('qty cannot be changed for advanced orders');
  }
  if (change.qty !== null && change.qty <= order.filledQty) throw refuse.unprocessable('qty must be > filled_qty');
  if (change.limitPrice !== null && order.limitPrice === null)
    throw refuse.malformed('market orders require no stop or limit price');
  if (change.stopPrice !== null && order.stopPrice === null)
    throw refuse.malformed('limit orders require no stop price');
  if (change.limitPrice !== null) checkTick(order.symbol, 'limit_price', change.limitPrice);
  if (change.stopPrice !== null) checkTick(order.symbol, 'stop_price', change.stopPrice);
  const next: VenueOrder = {
    ...order,
    id,
    sequence,
    clientOrderId: change.clientOrderId ?? id,
    qty: change.qty ?? order.qty,
    limitPrice: change.limitPrice ?? order.limitPrice,
    stopPrice: change.stopPrice ?? order.stopPrice,
    timeInForce: change.timeInForce ?? order.timeInForce,
    status: order.status === 'held' ? 'held' : 'new',
    replaces: order.id,
    replacedBy: null,
    createdAt: now,
    submittedAt: now,
    updatedAt: now,
    replacedAt: null,
  };
  const unchanged =
    next.qty === order.qty &&
    next.limitPrice === order.limitPrice &&
    next.stopPrice === order.stopPrice &&
    next.timeInForce === order.timeInForce;
  if (unchanged) throw refuse.unprocessable('order parameters are not changed');
  return next;
}
