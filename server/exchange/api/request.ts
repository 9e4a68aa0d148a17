import { z } from 'zod';
import { ticksPerDollar } from '../market/market.ts';
import {
  configurationOf,
  type OrderRequest,
  type Ticks,
  type VenueAccount,
  type VenueClass,
  type VenueOrder,
  type VenueSide,
  type VenueTimeInForce,
  type VenueType,
} from '../venue/model.ts';
import { refuse, VenueRefusal } from '../venue/refusal.ts';
import type { Replacement } from '../venue/replace.ts';
import type { Desk } from '../venue/venue.ts';
import type { Listing } from './assets.ts';

const amount = z.union([z.string(), z.number()]);
const body = z.object({
  symbol: z.string().nullish(),
  qty: amount.nullish(),
  notional: amount.nullish(),
  side: z.string().nullish(),
  type: z.string().nullish(),
  time_in_force: z.string().nullish(),
  limit_price: amount.nullish(),
  stop_price: amount.nullish(),
  trail_price: amount.nullish(),
  trail_percent: amount.nullish(),
  extended_hours: z.boolean().nullish(),
  client_order_id: z.string().nullish(),
  order_class: z.string().nullish(),
  take_profit: z.object({ limit_price: amount.nullish() }).nullish(),
  stop_loss: z.object({ stop_price: amount.nullish(), limit_price: amount.nullish() }).nullish(),
});

/** Reads a POST's body; refuses as Alpaca does. */
export function readOrder(json: unknown, listing: Listing, newId: () => string): OrderRequest {
  const parsed = body.safeParse(json);
  if (!parsed.success) throw new VenueRefusal(400, 40_010_000, 'failed to decode request body');
  const b = parsed.data;
  if (!b.symbol) throw refuse.malformed('symbol is required');
  const instrument = listing.find(b.symbol);
  if (!instrument) throw refuse.unprocessable(`asset "${b.symbol}" not found`);
  const { symbol } = instrument;
  const side = oneOf<VenueSide>(b.side, ['buy', 'sell'], 'invalid side');
  const orderClass = oneOf<VenueClass>(
    b.order_class ?? '',
    ['', 'simple', 'bracket', 'oco', 'oto'],
    'invalid order_class',
  );
  const type = oneOf<VenueType>(b.type, ['market', 'limit', 'stop', 'stop_limit'], 'invalid order type');
  const timeInForce = oneOf<VenueTimeInForce>(
    b.time_in_force,
    ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'],
    'invalid time_in_force',
  );
  if (b.notional != null && b.qty != null) throw refuse.malformed('only one of qty or notional is accepted');
  if (b.notional != null) throw refuse.forbidden(`asset "${symbol}" is not fractionable`);
  if (b.qty == null) throw refuse.malformed('qty or notional is required');
  const clientOrderId = b.client_order_id || newId();
  if (clientOrderId.length > 128) throw refuse.malformed('client_order_id must be no more than 128 characters');
  const limitPrice = ticks(b.limit_price, 'limit_price');
  const stopPrice = ticks(b.stop_price, 'stop_price');
  if (orderClass !== 'oco') checkPrices(type, limitPrice, stopPrice);
  if ((type === 'stop' || type === 'stop_limit') && !['day', 'gtc'].includes(timeInForce)) {
    throw refuse.malformed('invalid time_in_force');
  }
  if (orderClass !== '' && orderClass !== 'simple' && !['day', 'gtc'].includes(timeInForce)) {
    throw refuse.malformed('invalid time_in_force');
  }
  const takeProfitPrice = ticks(b.take_profit?.limit_price, 'take_profit.limit_price');
  const stopLossPrice = ticks(b.stop_loss?.stop_price, 'stop_loss.stop_price');
  const complex = orderClass === 'bracket' || orderClass === 'oco' || orderClass === 'oto';
  return {
    clientOrderId,
    symbol,
    side,
    type,
    timeInForce,
    orderClass,
    extendedHours: b.extended_hours ?? false,
    qty: wholeShares(b.qty, symbol),
    limitPrice,
    stopPrice,
    takeProfit: complex && takeProfitPrice !== null ? { limitPrice: takeProfitPrice } : null,
    stopLoss:
      complex && stopLossPrice !== null
        ? { stopPrice: stopLossPrice, limitPrice: ticks(b.stop_loss?.limit_price, 'stop_loss.limit_price') }
        : null,
  };
}

const patch = z.object({
  qty: amount.nullish(),
  time_in_force: z.string().nullish(),
  limit_price: amount.nullish(),
  stop_price: amount.nullish(),
  client_order_id: z.string().nullish(),
});

/** Reads a PATCH's body. */
export function readReplacement(json: unknown, { symbol }: VenueOrder): Replacement {
  const parsed = patch.safeParse(json);
  if (!parsed.success) throw new VenueRefusal(400, 40_010_000, 'failed to decode request body');
  const b = parsed.data;
  return {
    clientOrderId: b.client_order_id || null,
    qty: b.qty == null ? null : wholeShares(b.qty, symbol),
    limitPrice: ticks(b.limit_price, 'limit_price'),
    stopPrice: ticks(b.stop_price, 'stop_price'),
    timeInForce:
      b.time_in_force == null
        ? null
        : oneOf<VenueTimeInForce>(b.time_in_force, ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'], 'invalid time_in_force'),
  };
}

/** Decimal dollars to ticks, exactly; more than four decimals are on no grid. */
export function ticks(value: string | number | null | undefined, field: string): Ticks | null {
  if (value == null || value === '') return null;
  const match = /^(\d{1,9})(?:\.(\d+))?$/.exec(String(value));
  if (!match) throw refuse.malformed(`invalid ${field}`);
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > 4) {
    throw refuse.unprocessable(
      `invalid ${field} ${value}. sub-penny increment does not fulfill minimum pricing criteria`,
    );
  }
  const result = Number(match[1]) * ticksPerDollar + Number(fraction.padEnd(4, '0'));
  if (result <= 0) throw refuse.malformed(`${field} must be > 0`);
  return result;
}

/** This venue trades whole shares; a fraction is refused the way Alpaca refuses it for an asset without fractions. */
function wholeShares(value: string | number, symbol: string): number {
  const text = String(value);
  if (!/^\d{1,12}(\.\d+)?$/.test(text) || Number(text) <= 0) throw refuse.malformed('qty must be > 0');
  if (!/^\d+(\.0+)?$/.test(text)) throw refuse.forbidden(`asset "${symbol}" is not fractionable`);
  const shares = Number(text);
  if (shares > 10_000_000) throw refuse.malformed('qty is too large');
  return shares;
}

function checkPrices(type: VenueType, limit: Ticks | null, stop: Ticks | null): void {
  if (type === 'market' && (limit !== null || stop !== null))
    throw refuse.malformed('market orders require no stop or limit price');
  if (type === 'limit' && limit === null) throw refuse.malformed('limit orders require a limit price');
  if (type === 'limit' && stop !== null) throw refuse.malformed('limit orders require no stop price');
  if (type === 'stop' && stop === null) throw refuse.malformed('stop orders require a stop price');
  if (type === 'stop_limit' && (stop === null || limit === null)) {
    throw refuse.malformed('stop limit orders require both stop and limit price');
  }
}

function oneOf<T extends string>(value: string | null | undefined, allowed: readonly T[], message: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw refuse.malformed(message);
  return found;
}

/** Refuses what the account's owner has forbidden. */
export function checkPermissions(desk: Desk, account: VenueAccount, request: OrderRequest): void {
  const configuration = configurationOf(account);
  if (configuration.suspend_trade) throw refuse.forbidden('new orders are rejected by user request');
  const position = desk.state.position(account.id, request.symbol);
  const opensShort = request.side === 'sell' && position.qty <= 0;
  // Borrowing shares takes a margin account.
  if (opensShort && (configuration.no_shorting || configuration.max_margin_multiplier === '1')) {
    throw refuse.forbidden('account is not allowed to short');
  }
}
