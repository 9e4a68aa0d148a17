import { decimal, maximum, price, type Quantity, quantity, text, zeroQuantity } from '../../../core/decimal.ts';
import type { BrokerFill, BrokerOrder } from '../../../core/model/broker-order.ts';
import type { Mode } from '../../../core/model/mode.ts';
import type {
  OrderClass,
  OrderOrigin,
  OrderRole,
  OrderStatus,
  OrderType,
  TimeInForce,
} from '../../../core/model/order.ts';
import type { Side } from '../../../core/model/signal.ts';
import type { OrderRecord } from '../../../core/ports/order-store.ts';
import type { Statements } from '../event-reader/append-events.ts';

/** A row of `orders`; amounts are decimal text, padded as the database has them. */
export interface OrderRow {
  id: string;
  accountId: string;
  decisionId: string | null;
  signalId: string | null;
  parentId: string | null;
  replacesId: string | null;
  afterOrderId?: string | null;
  strategy: string;
  mode: Mode;
  role: OrderRole;
  origin: OrderOrigin;
  clientOrderId: string;
  brokerOrderId: string | null;
  brokerStatus: string | null;
  brokerGroupId: string | null;
  brokerUpdatedAt: Date | null;
  symbol: string;
  side: Side;
  type: OrderType;
  orderClass: OrderClass;
  timeInForce: TimeInForce;
  quantity: string;
  limitPrice: string | null;
  stopPrice: string | null;
  trailPrice: string | null;
  trailPercent: string | null;
  takeProfitPrice: string | null;
  stopLossPrice: string | null;
  stopLossLimitPrice?: string | null;
  extendedHours?: boolean;
  referencePrice: string;
  status: OrderStatus;
  filledQuantity: string;
  /** Of what the broker says is filled, what the orders before it had; see `withoutCarried`. */
  carriedQuantity: string;
  filledCost: string;
  problem: string | null;
  createdAt: Date;
  submittingAt: Date | null;
  askedAt: Date | null;
}

/** The columns of `OrderRow` of the table `orders` under the name `o`. */
export const orderColumns = (sql: Statements) => sql`
  o.id, o.account_id as "accountId", o.decision_id as "decisionId", o.signal_id as "signalId", o.parent_id as "parentId",
  o.replaces_id as "replacesId", o.after_order_id as "afterOrderId", o.carried_quantity as "carriedQuantity", o.asked_at as "askedAt",
  o.strategy, o.mode, o.role, o.origin, o.client_order_id as "clientOrderId", o.broker_order_id as "brokerOrderId",
  o.broker_status as "brokerStatus", o.broker_group_id as "brokerGroupId", o.broker_updated_at as "brokerUpdatedAt",
  o.symbol, o.side, o.type, o.order_class as "orderClass", o.time_in_force as "timeInForce", o.quantity,
  o.limit_price as "limitPrice", o.stop_price as "stopPrice", o.trail_price as "trailPrice", o.trail_percent as "trailPercent", o.take_profit_price as "takeProfitPrice",
  o.stop_loss_price as "stopLossPrice", o.stop_loss_limit_price as "stopLossLimitPrice",
  o.extended_hours as "extendedHours", o.reference_price as "referencePrice", o.status,
  o.filled_quantity as "filledQuantity", o.filled_cost as "filledCost", o.problem, o.created_at as "createdAt",
  o.submitting_at as "submittingAt"`;

/** The row as execution needs to see it. */
export const toRecord = (row: OrderRow): OrderRecord => ({
  orderId: row.id,
  accountId: row.accountId,
  signalId: row.signalId,
  parentId: row.parentId,
  replacesId: row.replacesId,
  afterOrderId: row.afterOrderId ?? null,
  role: row.role,
  type: row.type,
  origin: row.origin,
  clientOrderId: row.clientOrderId,
  brokerOrderId: row.brokerOrderId,
  symbol: row.symbol,
  side: row.side,
  status: row.status,
  quantity: quantity(row.quantity),
  filledQuantity: quantity(row.filledQuantity),
  problem: row.problem,
  submittingAt: row.submittingAt,
  askedAt: row.askedAt,
  createdAt: row.createdAt,
});

/** What an order's events say of it: enough for a line in a feed. Decimals are canonical text. */
export const orderFacts = (row: OrderRow): Record<string, string | null> => ({
  symbol: row.symbol,
  side: row.side,
  role: row.role,
  type: row.type,
  status: row.status,
  quantity: canonical(row.quantity),
  filledQuantity: canonical(row.filledQuantity),
  averagePrice: averagePrice(row),
  limitPrice: row.limitPrice === null ? null : canonical(row.limitPrice),
  stopPrice: row.stopPrice === null ? null : canonical(row.stopPrice),
  parentId: row.parentId,
  clientOrderId: row.clientOrderId,
  brokerOrderId: row.brokerOrderId,
  brokerStatus: row.brokerStatus,
  problem: row.problem,
});

/** Derived, never stored: cost and quantity are. Eight decimals, as a price is read by people here. */
function averagePrice(row: OrderRow): string | null {
  const filled = decimal(row.filledQuantity);
  return filled.eq('0') ? null : text(price(decimal(row.filledCost).div(filled).round(8)));
}

const canonical = (value: string): string => text(decimal(value));

/**
 * The broker's word on an order, less what the orders before it had filled: a venue counts that to the order that took their place, our
 * books keep it with those whose fills they were.
 */
export function withoutCarried<T extends Pick<BrokerOrder, 'quantity' | 'filledQuantity'>>(row: OrderRow, told: T): T {
  const carried = decimal(row.carriedQuantity);
  if (carried.eq('0')) return told;
  return {
    ...told,
    quantity: quantity(told.quantity.minus(carried)),
    filledQuantity: maximum(quantity(told.filledQuantity.minus(carried)), zeroQuantity),
  };
}

/** The filled quantity after a fill, in the same way. */
export const withoutCarriedFill = (row: OrderRow, fill: Pick<BrokerFill, 'cumulativeQuantity'>): Quantity =>
  maximum(quantity(fill.cumulativeQuantity.minus(row.carriedQuantity)), zeroQuantity);
