import type { Instrument } from '../market/instruments.ts';
import { dollars } from '../venue/checks.ts';
import type { Ticks, VenueExecution, VenueOrder, VenuePosition, VenueUpdate } from '../venue/model.ts';

/** Asset ids must be stable UUIDs: made of the symbol's own letters. */
export function assetIdOf(symbol: string): string {
  const hex = Buffer.from(symbol.padEnd(16, '\0').slice(0, 16), 'latin1').toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const price = (ticks: Ticks | null): string | null => (ticks === null ? null : dollars(ticks));

/** An average in dollars with up to six decimals, as Alpaca shows filled averages. */
export function average(cost: Ticks, qty: number): string | null {
  if (qty === 0) return null;
  return (cost / qty / 10_000).toFixed(6).replace(/\.?0+$/, '');
}

/** An order as the API shows it. `nested` puts the legs inside. */
export function orderJson(
  order: VenueOrder,
  legs: readonly VenueOrder[] | null,
  statusAs = order.status as string,
): Record<string, unknown> {
  return {
    id: order.id,
    client_order_id: order.clientOrderId,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    submitted_at: order.submittedAt,
    filled_at: order.filledAt,
    expired_at: order.expiredAt,
    canceled_at: order.canceledAt,
    failed_at: null,
    replaced_at: order.replacedAt,
    replaced_by: order.replacedBy,
    replaces: order.replaces,
    asset_id: assetIdOf(order.symbol),
    symbol: order.symbol,
    asset_class: 'us_equity',
    notional: null,
    qty: String(order.qty),
    filled_qty: String(order.filledQty),
    filled_avg_price: average(order.filledCost, order.filledQty),
    order_class: order.orderClass,
    order_type: order.type,
    type: order.type,
    side: order.side,
    position_intent: order.positionIntent,
    time_in_force: order.timeInForce,
    limit_price: price(order.limitPrice),
    stop_price: price(order.stopPrice),
    status: statusAs,
    extended_hours: order.extendedHours,
    legs: legs && legs.length > 0 ? legs.map((leg) => orderJson(leg, null)) : null,
    trail_percent: null,
    trail_price: null,
    hwm: null,
    subtag: null,
    source: null,
    group_id: order.groupId,
    group_role: order.groupRole,
  };
}

/** A message of trade_updates; its order never carries legs. */
export function updateJson(update: VenueUpdate): Record<string, unknown> {
  const { execution } = update;
  return {
    event: update.event,
    timestamp: update.at,
    order: orderJson(update.order, null),
    ...(execution
      ? {
          execution_id: execution.id,
          price: dollars(execution.price),
          qty: String(execution.qty),
          position_qty: String(update.positionQty ?? 0),
        }
      : {}),
  };
}

export function positionJson(
  position: VenuePosition,
  instrument: Instrument,
  last: Ticks,
  held: number,
): Record<string, unknown> {
  const value = position.qty * last;
  const gain = value - position.cost;
  const ratio = (part: number, whole: number): string =>
    whole === 0 ? '0' : (part / Math.abs(whole)).toFixed(8).replace(/\.?0+$/, '');
  return {
    asset_id: assetIdOf(position.symbol),
    symbol: position.symbol,
    exchange: instrument.exchange,
    asset_class: 'us_equity',
    asset_marginable: true,
    qty: String(position.qty),
    avg_entry_price: average(position.cost, position.qty),
    side: position.qty > 0 ? 'long' : 'short',
    market_value: dollars(value),
    cost_basis: dollars(position.cost),
    unrealized_pl: dollars(gain),
    unrealized_plpc: ratio(gain, position.cost),
    unrealized_intraday_pl: dollars(gain),
    unrealized_intraday_plpc: ratio(gain, position.cost),
    current_price: dollars(last),
    lastday_price: dollars(last),
    change_today: '0',
    qty_available: String(position.qty > 0 ? position.qty - held : position.qty + held),
  };
}

/** The id sorts by time, and its second half is the execution's id, as the stream told it. */
export const activityIdOf = (execution: VenueExecution): string =>
  `${execution.at.replace(/\D/g, '').slice(0, 17)}::${execution.id}`;

export function activityJson(execution: VenueExecution): Record<string, unknown> {
  return {
    id: activityIdOf(execution),
    account_id: execution.accountId,
    activity_type: 'FILL',
    transaction_time: execution.at,
    type: execution.orderStatus === 'filled' ? 'fill' : 'partial_fill',
    price: dollars(execution.price),
    qty: String(execution.qty),
    side: execution.side,
    symbol: execution.symbol,
    leaves_qty: String(execution.leavesQty),
    order_id: execution.orderId,
    cum_qty: String(execution.cumQty),
    order_status: execution.orderStatus,
  };
}

export function assetJson(instrument: Instrument): Record<string, unknown> {
  return {
    id: assetIdOf(instrument.symbol),
    class: 'us_equity',
    exchange: instrument.exchange,
    symbol: instrument.symbol,
    name: instrument.name,
    status: 'active',
    tradable: true,
    marginable: true,
    shortable: true,
    easy_to_borrow: true,
    fractionable: false,
    borrow_status: 'easy_to_borrow',
    attributes: [],
    margin_requirement_long: '30',
    margin_requirement_short: '30',
    maintenance_margin_requirement: 30,
  };
}
