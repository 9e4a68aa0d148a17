import { decimal, quantity, text } from '../../../core/decimal.ts';
import type { BrokerOrder } from '../../../core/model/broker-order.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import { isTerminal, type OrderOrigin, type OrderStatus } from '../../../core/model/order.ts';
import type { Source } from '../../../core/ports/order-store.ts';
import { statusOfNewLeg } from '../../../pipeline/orders/broker-word.ts';
import { eventOfStatus } from '../../../pipeline/orders/event-of-status.ts';
import { legRole } from '../../../pipeline/orders/leg-role.ts';
import { eventRows, type Statements } from '../event-reader/append-events.ts';
import type { OrderStoreOptions } from './context.ts';
import { type OrderRow, orderFacts } from './order-row.ts';

/** An order of ours that the broker told us of first. */
export interface ToldRow extends OrderRow {
  readonly status: Exclude<OrderStatus, 'approved'>;
  readonly origin: Extract<OrderOrigin, 'venue' | 'replacement'>;
}

/** A protective leg that the broker made of an order of ours. */
export const legRow = (options: OrderStoreOptions, parent: OrderRow, leg: BrokerOrder): ToldRow => ({
  ...toldTerms(options, parent, leg),
  origin: 'venue',
  parentId: parent.id,
  replacesId: null,
  role: legRole(leg),
  brokerGroupId: leg.groupId ?? parent.brokerGroupId,
  takeProfitPrice: null,
  stopLossPrice: null,
  stopLossLimitPrice: null,
  extendedHours: false,
  carriedQuantity: '0',
});

/**
 * The order that took another's place. Most venues count to it what the other had filled; a told quantity that cannot hold that says
 * that this one does not.
 */
export function replacementRow(options: OrderStoreOptions, replaced: OrderRow, told: BrokerOrder): ToldRow {
  const before = decimal(replaced.filledQuantity).plus(replaced.carriedQuantity);
  // A stop that we move after the market, as the venue knows none that trails, goes on doing so.
  const trail = told.trail === null ? { trailPrice: replaced.trailPrice, trailPercent: replaced.trailPercent } : {};
  const carried = told.filledQuantity.gte(before) && told.quantity.gt(before) ? before : decimal('0');
  return {
    ...toldTerms(options, replaced, told),
    ...trail,
    origin: 'replacement',
    parentId: replaced.parentId,
    replacesId: replaced.id,
    role: replaced.role,
    brokerGroupId: told.groupId ?? replaced.brokerGroupId,
    takeProfitPrice: replaced.takeProfitPrice,
    stopLossPrice: replaced.stopLossPrice,
    stopLossLimitPrice: replaced.stopLossLimitPrice ?? null,
    extendedHours: replaced.extendedHours === true,
    carriedQuantity: text(carried),
    quantity: text(quantity(told.quantity.minus(carried))),
  };
}

/** What both have of the order they come from, and of the broker's word. */
function toldTerms(options: OrderStoreOptions, from: OrderRow, told: BrokerOrder) {
  const reference = told.limitPrice ?? told.stopPrice;
  const { trail } = told;
  return {
    id: options.random.id(),
    accountId: from.accountId,
    decisionId: null,
    signalId: from.signalId,
    strategy: from.strategy,
    mode: from.mode,
    clientOrderId: told.clientOrderId,
    brokerOrderId: told.brokerOrderId,
    brokerStatus: told.brokerStatus,
    brokerUpdatedAt: told.updatedAt,
    symbol: told.symbol,
    side: told.side,
    type: told.type,
    orderClass: told.orderClass,
    timeInForce: told.timeInForce,
    quantity: text(told.quantity),
    limitPrice: told.limitPrice && text(told.limitPrice),
    stopPrice: told.stopPrice && text(told.stopPrice),
    trailPrice: trail && 'price' in trail ? text(trail.price) : null,
    trailPercent: trail && 'percent' in trail ? text(trail.percent) : null,
    referencePrice: reference ? text(reference) : from.referencePrice,
    status: statusOfNewLeg(told),
    filledQuantity: '0',
    filledCost: '0',
    problem: null,
    createdAt: options.clock.now(),
    submittingAt: null,
    askedAt: null,
  };
}

/** Stores it with its event. `overtaken`: it is there already. */
export async function insertTold(tx: Statements, row: ToldRow, source: Source): Promise<'applied' | 'overtaken'> {
  const event: NewEvent = {
    kind: eventOfStatus(row.status),
    signalId: row.signalId,
    orderId: row.id,
    accountId: row.accountId,
    data: { ...orderFacts(row), replacesId: row.replacesId, previousStatus: null, source },
  };
  const now = row.createdAt;
  const inserted = await tx`
    with told as (
      insert into orders (id, account_id, signal_id, origin, parent_id, replaces_id, strategy, mode, role, client_order_id,
        broker_order_id, broker_status, broker_group_id, broker_updated_at, symbol, side, type, order_class, time_in_force,
        quantity, carried_quantity, limit_price, stop_price, trail_price, trail_percent, take_profit_price, stop_loss_price,
        stop_loss_limit_price, extended_hours, reference_price, status, created_at, acknowledged_at, closed_at, updated_at)
      values (${row.id}, ${row.accountId}, ${row.signalId}, ${row.origin}, ${row.parentId}, ${row.replacesId},
        ${row.strategy}, ${row.mode}, ${row.role}, ${row.clientOrderId}, ${row.brokerOrderId}, ${row.brokerStatus},
        ${row.brokerGroupId}, ${row.brokerUpdatedAt}, ${row.symbol}, ${row.side}, ${row.type}, ${row.orderClass},
        ${row.timeInForce}, ${row.quantity}, ${row.carriedQuantity}, ${row.limitPrice}, ${row.stopPrice},
        ${row.trailPrice}, ${row.trailPercent}, ${row.takeProfitPrice}, ${row.stopLossPrice},
        ${row.stopLossLimitPrice ?? null}, ${row.extendedHours === true}, ${row.referencePrice},
        ${row.status}, ${now}, ${now}, ${isTerminal(row.status) ? now : null}, ${now})
      on conflict do nothing returning id
    ), known as (
      insert into events (kind, signal_id, order_id, account_id, data)
      select event.kind, event.signal_id, event.order_id, event.account_id, event.data
      from told, jsonb_to_recordset(${tx.json(eventRows([event]))}::jsonb)
        as event (kind text, signal_id uuid, order_id uuid, account_id uuid, data jsonb)
    )
    select id from told`;
  return inserted.length === 0 ? 'overtaken' : 'applied';
}
