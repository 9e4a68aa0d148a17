import type { trading } from '@alpacahq/alpaca-trade-api';
import { money, price, quantity, zeroMoney, zeroQuantity } from '../../../core/decimal.ts';
import type { BrokerAccount, BrokerFill, BrokerOrder, BrokerPosition } from '../../../core/model/broker-order.ts';
import type { OrderClass, OrderStatus, OrderType, TimeInForce, Trail } from '../../../core/model/order.ts';
import type { Side } from '../../../core/model/signal.ts';

/** An order as the SDK hands it over: an `Order`, or an `OrderLeg`, which lacks some of its fields. */
export type WireOrder = Partial<trading.Order> | trading.OrderLeg;

/** Alpaca's 17 statuses in our words, given whether something is filled: a working order with fills is partially filled. */
const statuses: Readonly<Record<string, OrderStatus | 'working'>> = {
  new: 'working',
  pending_new: 'working',
  accepted: 'working',
  accepted_for_bidding: 'working',
  partially_filled: 'working',
  // No more fills today; it is ended by a later `expired` or `canceled`, or goes on tomorrow.
  done_for_day: 'working',
  // The old order lives until the new one is accepted.
  pending_replace: 'working',
  stopped: 'working',
  suspended: 'working',
  calculated: 'working',
  held: 'held',
  pending_cancel: 'pending_cancel',
  filled: 'filled',
  canceled: 'canceled',
  expired: 'expired',
  replaced: 'replaced',
  rejected: 'rejected',
};

const types: Readonly<Record<string, OrderType>> = {
  market: 'market',
  limit: 'limit',
  stop: 'stop',
  stop_limit: 'stop_limit',
  trailing_stop: 'trailing_stop',
};

const classes: Readonly<Record<string, OrderClass>> = { bracket: 'bracket', oco: 'oco', oto: 'oto' };

/** Maps an order with its legs. Throws a `TypeError` that names the field when the broker's answer lacks what an order must have. */
export function toBrokerOrder(wire: WireOrder): BrokerOrder {
  const order = wire as Partial<trading.Order>;
  const filledQuantity = quantity(order.filledQty ?? '0');
  const brokerStatus: string = need(order.status, 'status');
  const known = statuses[brokerStatus] ?? 'working';
  const status = known !== 'working' ? known : filledQuantity.gt('0') ? 'partially_filled' : 'accepted';
  const role = order.group_role;
  return {
    brokerOrderId: need(order.id, 'id'),
    clientOrderId: need(order.clientOrderId, 'client_order_id'),
    brokerStatus,
    status,
    symbol: need(order.symbol, 'symbol'),
    side: toSide(need(order.side, 'side')),
    type: types[need<string>(order.type ?? (order.orderType as trading.OrderType | undefined), 'type')] ?? 'market',
    orderClass: classes[order.orderClass ?? ''] ?? 'simple',
    timeInForce: (order.timeInForce ?? 'day') as TimeInForce,
    // An order over an amount of money has no quantity of its own before it is filled; we never send one.
    quantity: order.qty === undefined || order.qty === null ? filledQuantity : quantity(order.qty),
    filledQuantity,
    filledAveragePrice: optionalPrice(order.filledAvgPrice),
    limitPrice: optionalPrice(order.limitPrice),
    stopPrice: optionalPrice(order.stopPrice),
    trail: trailOf(order),
    replaces: order.replaces ?? null,
    replacedBy: order.replacedBy ?? null,
    groupId: typeof order.group_id === 'string' ? order.group_id : null,
    groupRole: role === 'entry' || role === 'take_profit' || role === 'stop_loss' ? role : null,
    legs: (order.legs ?? []).map(toBrokerOrder),
    submittedAt: order.submittedAt ?? null,
    updatedAt: order.updatedAt ?? null,
  };
}

function trailOf(order: Partial<trading.Order>): Trail | null {
  if (order.trailPrice) return { price: price(order.trailPrice) };
  return order.trailPercent ? { percent: price(order.trailPercent) } : null;
}

/** A FILL activity as it comes: the SDK's type lacks that it may be the word on an earlier trade. */
export type WireFill = trading.TradingActivities & { readonly previousId?: string };

/** Maps a FILL activity. The uuid behind the `::` of its id is the execution's. */
export function toBrokerFill(activity: WireFill): BrokerFill {
  const id = need(activity.id, 'id');
  const executionId = id.slice(id.lastIndexOf(':') + 1);
  const corrects = correctionOf(activity.type as string | undefined, activity.previousId ?? executionId);
  return {
    brokerOrderId: need(activity.orderId, 'order_id'),
    executionId,
    symbol: need(activity.symbol, 'symbol'),
    side: toSide(need(activity.side, 'side')),
    quantity: quantity(need(activity.qty, 'qty')),
    price: price(need(activity.price, 'price')),
    cumulativeQuantity: quantity(need(activity.cumQty, 'cum_qty')),
    fee: zeroMoney,
    at: need(activity.transactionTime, 'transaction_time'),
    ...(corrects ? { corrects } : {}),
  };
}

/** Whether an event or an activity takes back or changes the trade of that id. */
export function correctionOf(event: string | undefined, previousId: string): BrokerFill['corrects'] | null {
  if (event === 'trade_bust') return { kind: 'bust', executionId: previousId };
  return event === 'trade_correct' ? { kind: 'correct', executionId: previousId } : null;
}

export function toBrokerPosition(position: trading.Position): BrokerPosition {
  const size = quantity(position.qty);
  // The quantity of a short is negative on the wire; older answers leave that to `side`.
  const signed = position.side === 'short' && size.gt('0') ? quantity(zeroQuantity.minus(size)) : size;
  return {
    symbol: position.assetClass === 'crypto' ? withSlash(position.symbol) : position.symbol,
    quantity: signed,
    averageEntryPrice: price(position.avgEntryPrice),
    currentPrice: optionalPrice(position.currentPrice),
  };
}

export function toBrokerAccount(account: trading.Account): BrokerAccount {
  return {
    accountNumber: account.accountNumber ?? account.id,
    currency: account.currency ?? 'USD',
    cash: money(need(account.cash, 'cash')),
    equity: money(need(account.equity ?? account.portfolioValue, 'equity')),
    buyingPower: money(need(account.buyingPower, 'buying_power')),
    tradingBlocked: account.tradingBlocked === true || account.accountBlocked === true,
    ...(account.status === undefined ? {} : { status: String(account.status) }),
  };
}

/** A pair of coins is BTCUSD in positions and BTC/USD everywhere else. */
export const withSlash = (symbol: string): string => symbol.replace(/^([^/]+?)(USDT|USDC|USD|BTC)$/, '$1/$2');

export const optionalPrice = (value: string | null | undefined) =>
  value === undefined || value === null || value === '' ? null : price(value);

/** `sell_short` is how activities call a sale that opened a short. */
const toSide = (side: string): Side => (side === 'buy' ? 'buy' : 'sell');

export function need<T>(value: T | null | undefined, field: string): T {
  if (value === undefined || value === null) throw new TypeError(`the broker's answer has no ${field}`);
  return value;
}
