import { checkTick } from './checks.ts';
import { stopOf } from './matching.ts';
import { isFinal, isWaiting, type Ticks, type VenueOrder, type VenueTimeInForce } from './model.ts';
import { isCrypto, isWhole, type Lots } from './quantity.ts';
import { refuse } from './refusal.ts';

/** What a PATCH changes; null: as it was. */
export interface Replacement {
  readonly clientOrderId: string | null;
  readonly qty: Lots | null;
  readonly limitPrice: Ticks | null;
  readonly stopPrice: Ticks | null;
  /** In the unit of the order's own. */
  readonly trail: number | null;
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
  // One that waits for its entry may be changed; not one that nobody has taken up yet, or that is about to end.
  if (isFinal(order.status) || (isWaiting(order.status) && order.status !== 'held')) {
    throw refuse.unprocessable(`cannot replace order in ${order.status} status`);
  }
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
  if (change.stopPrice !== null && order.trail) {
    throw refuse.malformed('trailing stop orders require no stop or limit price');
  }
  if (change.stopPrice !== null && order.stopPrice === null)
    throw refuse.malformed('limit orders require no stop price');
  if (change.limitPrice !== null) checkTick(order.symbol, 'limit_price', change.limitPrice);
  if (change.stopPrice !== null) checkTick(order.symbol, 'stop_price', change.stopPrice);
  const trail = order.trail && { ...order.trail, by: change.trail ?? order.trail.by };
  const trailed = trail && !order.elected && order.hwm ? stopOf({ side: order.side, trail }, order.hwm) : null;
  const { turn, ...kept } = order;
  const next: VenueOrder = {
    ...kept,
    id,
    sequence,
    clientOrderId: change.clientOrderId ?? id,
    qty: change.qty ?? order.qty,
    limitPrice: change.limitPrice ?? order.limitPrice,
    stopPrice: trailed ?? change.stopPrice ?? order.stopPrice,
    trail: trail ?? null,
    timeInForce: change.timeInForce ?? order.timeInForce,
    status: order.status === 'held' ? 'held' : 'new',
    replaces: order.id,
    replacedBy: null,
    createdAt: now,
    submittedAt: now,
    updatedAt: now,
    replacedAt: null,
  };
  const same =
    next.limitPrice === order.limitPrice &&
    next.stopPrice === order.stopPrice &&
    next.trail?.by === order.trail?.by &&
    next.timeInForce === order.timeInForce;
  if (same && next.qty === order.qty) throw refuse.unprocessable('order parameters are not changed');
  // Who only takes less keeps the place in the queue.
  return same && next.qty < order.qty ? { ...next, turn: turn ?? order.sequence } : next;
}
