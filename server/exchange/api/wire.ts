import { Big, text } from '../../core/decimal.ts';
import type { Instrument } from '../market/instruments.ts';
import type { Ticks, VenueOrder, VenuePosition, VenueUpdate } from '../venue/model.ts';
import { averageText, costOf, dollars, dollarsOf, exactText, type Money } from '../venue/money.ts';
import { type Lots, qtyText } from '../venue/quantity.ts';
import { moneyText, ratioText } from './amounts.ts';
import { assetClassOf, assetIdOf, withoutSlash } from './assets.ts';

export { assetIdOf } from './assets.ts';

const price = (ticks: Ticks | null): string | null => (ticks === null ? null : dollars(ticks));

/** An order as the API shows it; `legs` inside, where it is to have any. */
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
    expires_at: order.expiresAt ?? null,
    canceled_at: order.canceledAt,
    failed_at: order.failedAt ?? null,
    replaced_at: order.replacedAt,
    replaced_by: order.replacedBy,
    replaces: order.replaces,
    asset_id: assetIdOf(order.symbol),
    symbol: order.symbol,
    asset_class: assetClassOf(order.symbol),
    notional: order.notional === null ? null : exactText(order.notional),
    qty: order.notional === null ? qtyText(order.symbol, order.qty) : null,
    filled_qty: qtyText(order.symbol, order.filledQty),
    filled_avg_price: averageText(order.symbol, order.filledCost, order.filledQty),
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
    // Millionths of the mark are percent with four decimals, as ticks are dollars.
    trail_percent: order.trail?.unit === 'millionths' ? dollars(order.trail.by) : null,
    trail_price: order.trail?.unit === 'ticks' ? dollars(order.trail.by) : null,
    hwm: price(order.hwm ?? null),
    subtag: null,
    source: null,
    // Only the orders of a group have these; on others they are left out, not null.
    ...(order.groupId === null ? {} : { group_id: order.groupId, group_role: order.groupRole }),
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
          ...(execution.corrects ? { previous_execution_id: execution.corrects.executionId } : {}),
          price: dollars(execution.price),
          qty: qtyText(execution.symbol, execution.qty),
          position_qty: qtyText(execution.symbol, update.positionQty ?? 0),
        }
      : {}),
  };
}

export interface PositionView {
  readonly position: VenuePosition;
  readonly instrument: Instrument;
  /** What it is valued at, and what it was at the last trading day's close. */
  readonly current: Ticks;
  readonly lastClose: Ticks;
  /** What today's gain is counted from: yesterday's holding at its close, and what today's fills cost. */
  readonly costToday: Money;
  /** What open closing orders hold. */
  readonly held: Lots;
}

export function positionJson(view: PositionView): Record<string, unknown> {
  const { position, instrument, current, lastClose, costToday, held } = view;
  const crypto = assetClassOf(position.symbol) === 'crypto';
  const value = dollarsOf(costOf(position.symbol, position.qty, current));
  const cost = dollarsOf(position.cost);
  const gain = value.minus(cost);
  const today = value.minus(dollarsOf(costToday));
  const change = new Big(String(current - lastClose));
  return {
    asset_id: assetIdOf(position.symbol),
    symbol: withoutSlash(position.symbol),
    exchange: instrument.exchange,
    asset_class: assetClassOf(position.symbol),
    asset_marginable: !crypto,
    qty: qtyText(position.symbol, position.qty),
    avg_entry_price: averageText(position.symbol, position.cost, position.qty),
    side: position.qty > 0 ? 'long' : 'short',
    market_value: moneyText(value),
    cost_basis: text(cost),
    unrealized_pl: text(gain),
    unrealized_plpc: ratioText(gain, cost),
    unrealized_intraday_pl: text(today),
    unrealized_intraday_plpc: ratioText(today, dollarsOf(costToday)),
    current_price: dollars(current),
    lastday_price: dollars(lastClose),
    change_today: ratioText(change, new Big(String(lastClose))),
    qty_available: qtyText(position.symbol, position.qty > 0 ? position.qty - held : position.qty + held),
  };
}
