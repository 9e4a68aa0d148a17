import type { Big } from '../../core/decimal.ts';
import { ticksPerDollar } from '../market/market.ts';
import {
  configurationOf,
  type OrderRequest,
  type Ticks,
  type Trail,
  type VenueAccount,
  type VenueClass,
  type VenueOrder,
  type VenueSide,
  type VenueTimeInForce,
  type VenueType,
} from '../venue/model.ts';
import { type Money, moneyOf } from '../venue/money.ts';
import { type Lots, lotsOf, mostUnitsOf, qtyText } from '../venue/quantity.ts';
import { refuse } from '../venue/refusal.ts';
import type { Replacement } from '../venue/replace.ts';
import type { Listing } from './assets.ts';
import { undecodable } from './context.ts';
import { Fields } from './fields.ts';

type Body = Readonly<Record<string, unknown>>;

const sides: readonly VenueSide[] = ['buy', 'sell'];
const types: readonly VenueType[] = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'];
const timesInForce: readonly VenueTimeInForce[] = ['day', 'gtc', 'opg', 'cls', 'ioc', 'fok'];
const classes: readonly VenueClass[] = ['simple', 'bracket', 'oco', 'oto'];
const intents = ['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close'] as const;

/** Reads a POST's body; refuses as Alpaca does. */
export function readOrder(body: Body, listing: Listing, newId: () => string): OrderRequest {
  const fields = new Fields(body);
  const name = fields.text('symbol');
  if (name === null) throw refuse.malformed('symbol is required');
  const instrument = listing.find(name);
  if (!instrument) throw refuse.unprocessable(`asset "${name}" not found`);
  const { symbol } = instrument;
  const side = required(fields.choice('side', sides), 'invalid side');
  const orderClass = fields.choice('order_class', classes) ?? '';
  const advanced = orderClass === 'bracket' || orderClass === 'oco' || orderClass === 'oto';
  const type = required(fields.choice('type', types, 'invalid order type'), 'invalid order type');
  const timeInForce = required(fields.choice('time_in_force', timesInForce), 'invalid time_in_force');
  const intent = fields.choice('position_intent', intents);
  const [limitPrice, stopPrice] = [ticks(fields, 'limit_price'), ticks(fields, 'stop_price')];
  const trail = readTrail(fields, type);
  // An OCO's limit may stand in its take_profit alone.
  if (orderClass !== 'oco') checkPrices(type, limitPrice, stopPrice);
  const stops = type === 'stop' || type === 'stop_limit' || type === 'trailing_stop';
  if ((stops || advanced) && timeInForce !== 'day' && timeInForce !== 'gtc') {
    throw refuse.malformed('invalid time_in_force');
  }
  const [takeProfit, stopLoss] = [fields.object('take_profit'), fields.object('stop_loss')];
  if (!advanced && (takeProfit || stopLoss)) {
    throw refuse.malformed('take_profit and stop_loss require order_class bracket, oco or oto');
  }
  const profitLimit = takeProfit && ticks(takeProfit, 'limit_price', 'take_profit.');
  const lossStop = stopLoss && ticks(stopLoss, 'stop_price', 'stop_loss.');
  const lossLimit = stopLoss && ticks(stopLoss, 'limit_price', 'stop_loss.');
  fields.object('advanced_instructions');
  if (body.legs !== undefined && body.legs !== null && !Array.isArray(body.legs)) throw undecodable();
  return {
    clientOrderId: readClientOrderId(fields) ?? newId(),
    symbol,
    side,
    type,
    timeInForce,
    orderClass,
    extendedHours: fields.flag('extended_hours'),
    ...readQuantity(fields, symbol),
    limitPrice,
    stopPrice,
    trail,
    takeProfit: profitLimit === null ? null : { limitPrice: profitLimit },
    stopLoss: lossStop === null ? null : { stopPrice: lossStop, limitPrice: lossLimit },
    intent,
  };
}

/** Reads a PATCH's body. */
export function readReplacement(body: Body, order: VenueOrder): Replacement {
  const fields = new Fields(body);
  if (fields.amount('notional') !== null) throw refuse.unprocessable('notional orders cannot be replaced');
  const qty = fields.amount('qty');
  if (!order.trail && fields.amount('trail') !== null) {
    throw refuse.malformed(`${order.type} orders must not have trail_price`);
  }
  const timeInForce = fields.choice('time_in_force', timesInForce);
  // Between the hours and an auction no order is moved.
  const auctions: readonly (VenueTimeInForce | null)[] = ['opg', 'cls'];
  if (auctions.includes(timeInForce) && timeInForce !== order.timeInForce) {
    throw refuse.malformed('invalid time_in_force');
  }
  fields.object('advanced_instructions');
  return {
    clientOrderId: readClientOrderId(fields),
    qty: qty && readLots(qty, order.symbol),
    limitPrice: ticks(fields, 'limit_price'),
    stopPrice: ticks(fields, 'stop_price'),
    trail: order.trail ? trailBy(fields, 'trail', order.trail.unit) : null,
    timeInForce,
  };
}

/** How far a trailing stop follows; null of any other order, which may not say. */
function readTrail(fields: Fields, type: VenueType): Trail | null {
  const [price, percent] = [trailBy(fields, 'trail_price', 'ticks'), trailBy(fields, 'trail_percent', 'millionths')];
  if (type !== 'trailing_stop') {
    if (price !== null || percent !== null) throw refuse.malformed(`${type} orders must not have trail_price`);
    return null;
  }
  if ((price === null) === (percent === null)) {
    throw refuse.malformed('trailing stop orders must specify one of trail_price or trail_percent');
  }
  return price !== null ? { unit: 'ticks', by: price } : { unit: 'millionths', by: percent! };
}

/** A distance in a trail's unit: dollars with up to four decimals, or percent with as many. */
function trailBy(fields: Fields, name: string, unit: Trail['unit']): number | null {
  const value = fields.amount(name);
  if (value === null) return null;
  const most = unit === 'ticks' ? '1000000' : '100';
  if (!value.gt('0') || value.gte(most) || decimals(value) > 4) throw refuse.malformed(`invalid ${name}`);
  return Number(value.times('10000').toFixed());
}

/** Refuses what the account's owner has forbidden. */
export function checkPermissions(account: VenueAccount): void {
  if (configurationOf(account).suspend_trade) throw refuse.forbidden('new orders are rejected by user request');
}

function readClientOrderId(fields: Fields): string | null {
  const id = fields.text('client_order_id');
  if (id !== null && [...id].length > 128)
    throw refuse.malformed('client_order_id must be no more than 128 characters');
  return id;
}

/** How much is ordered: lots, or dollars. */
function readQuantity(fields: Fields, symbol: string): { readonly qty: Lots; readonly notional: Money | null } {
  const [qty, notional] = [fields.amount('qty'), fields.amount('notional')];
  if (qty && notional) throw refuse.malformed('only one of qty or notional is accepted');
  if (notional) {
    if (decimals(notional) > 9) throw refuse.malformed('notional must have at most 9 decimal places');
    if (notional.lt('1')) throw refuse.malformed('notional must be >= 1.00');
    return { qty: 0, notional: moneyOf(notional)! };
  }
  if (!qty) throw refuse.malformed('qty or notional is required');
  return { qty: readLots(qty, symbol), notional: null };
}

/** A quantity in the books' lots. */
function readLots(qty: Big, symbol: string): Lots {
  if (decimals(qty) > 9) throw refuse.malformed('qty must have at most 9 decimal places');
  const most = mostUnitsOf(symbol);
  if (qty.gt(String(most))) throw refuse.malformed(`qty must be <= ${most}`);
  const lots = lotsOf(symbol, qty);
  if (lots === null) throw refuse.malformed(`qty increment must be ${qtyText(symbol, 1)}`);
  return lots;
}

const decimals = (value: Big): number => (value.toFixed().split('.')[1] ?? '').replace(/0+$/, '').length;

/** Decimal dollars to ticks, exactly; more than four decimals are on no grid. */
function ticks(fields: Fields, name: string, path = ''): Ticks | null {
  const price = fields.amount(name);
  if (price === null) return null;
  if (decimals(price) > 4) {
    throw refuse.unprocessable(
      `invalid ${path}${name} ${price.toFixed()}. sub-penny increment does not fulfill minimum pricing criteria`,
    );
  }
  return Number(price.times(String(ticksPerDollar)).toFixed());
}

function checkPrices(type: VenueType, limit: Ticks | null, stop: Ticks | null): void {
  if (type === 'market' && (limit !== null || stop !== null))
    throw refuse.malformed('market orders require no stop or limit price');
  if (type === 'limit' && limit === null) throw refuse.malformed('limit orders require a limit price');
  if (type === 'limit' && stop !== null) throw refuse.malformed('limit orders require no stop price');
  if (type === 'stop' && stop === null) throw refuse.malformed('stop orders require a stop price');
  if (type === 'stop' && limit !== null) throw refuse.malformed('stop orders require no limit price');
  if (type === 'trailing_stop' && (stop !== null || limit !== null)) {
    throw refuse.malformed('trailing stop orders require no stop or limit price');
  }
  if (type === 'stop_limit' && (stop === null || limit === null)) {
    throw refuse.malformed('stop limit orders require both stop and limit price');
  }
}

function required<T>(value: T | null, message: string): T {
  if (value === null) throw refuse.malformed(message);
  return value;
}
