import { ticksPerDollar } from '../market/market.ts';
import { isFinal, type OrderRequest, type Ticks, type VenueAccount, type VenueOrder } from './model.ts';
import { centsText, costOf, dollars, type Money, spendableText } from './money.ts';
import { type Lots, qtyText } from './quantity.ts';
import { refuse } from './refusal.ts';
import type { VenueState } from './state.ts';

const cent = ticksPerDollar / 100;
/** Four times equity, as on a paper margin account. */
export const multiplier = 4n;

export interface Prices {
  /** Far side first: what a buyer pays, what a seller gets. */
  readonly ask: Ticks;
  readonly bid: Ticks;
  readonly last: Ticks;
}

/** The price a position is valued at. */
export type Mark = (symbol: string) => Ticks;

export function equityOf(state: VenueState, account: VenueAccount, mark: Mark): Money {
  return state
    .positions(account.id)
    .reduce((sum, { symbol, qty }) => sum + costOf(symbol, qty, mark(symbol)), account.cash);
}

/** Money that open entries may still cost. */
function committed(state: VenueState, accountId: string, mark: Mark): Money {
  return state
    .open(accountId)
    .filter((order) => order.positionIntent.endsWith('to_open'))
    .reduce((sum, order) => {
      const price = order.limitPrice ?? order.stopPrice ?? mark(order.symbol);
      return sum + costOf(order.symbol, order.qty - order.filledQty, price);
    }, 0n);
}

export function buyingPowerOf(state: VenueState, account: VenueAccount, mark: Mark): Money {
  const used = state
    .positions(account.id)
    .reduce((sum, { symbol, qty }) => sum + costOf(symbol, Math.abs(qty), mark(symbol)), 0n);
  const power = multiplier * equityOf(state, account, mark) - used - committed(state, account.id, mark);
  return power > 0n ? power : 0n;
}

/** Lots of a position that resting closing orders hold; the legs of one group hold them once. */
export function heldForOrders(state: VenueState, accountId: string, symbol: string, side: 'buy' | 'sell'): Lots {
  const groups = new Map<string, Lots>();
  for (const order of state.open(accountId, symbol)) {
    if (order.side !== side || order.status === 'held' || order.positionIntent.endsWith('to_open')) continue;
    const key = order.groupId ?? order.id;
    groups.set(key, Math.max(groups.get(key) ?? 0, order.qty - order.filledQty));
  }
  return [...groups.values()].reduce((sum, held) => sum + held, 0);
}

/** Refuses prices that are not on the grid: cents from a dollar up, hundredths of a cent below. */
export function checkTick(field: 'limit_price' | 'stop_price', price: Ticks): void {
  if (price >= ticksPerDollar && price % cent !== 0) {
    throw refuse.unprocessable(
      `invalid ${field} ${dollars(price)}. sub-penny increment does not fulfill minimum pricing criteria`,
    );
  }
}

/** Refuses what the request itself makes impossible, whatever the account holds. */
export function checkShape(request: OrderRequest, prices: Prices): void {
  for (const price of [request.limitPrice, request.takeProfit?.limitPrice, request.stopLoss?.limitPrice]) {
    if (price != null) checkTick('limit_price', price);
  }
  for (const price of [request.stopPrice, request.stopLoss?.stopPrice])
    if (price != null) checkTick('stop_price', price);
  if (request.extendedHours && (request.type !== 'limit' || !['day', 'gtc'].includes(request.timeInForce))) {
    throw refuse.unprocessable('extended hours order must be DAY or GTC limit orders');
  }
  const buy = request.side === 'buy';
  if (request.type === 'stop' && request.stopPrice !== null) {
    const wrong = buy ? request.stopPrice <= prices.last : request.stopPrice >= prices.last;
    if (wrong) {
      throw refuse.unprocessable(`stop price must be ${buy ? 'greater' : 'less'} than current price`, {
        market_price: dollars(prices.last),
        stop_price: dollars(request.stopPrice),
      });
    }
  }
  if (request.orderClass === 'bracket' || request.orderClass === 'oto') checkBracket(request, prices);
  if (request.orderClass === 'oco') checkExitPrices(request, prices);
}

function checkBracket(request: OrderRequest, prices: Prices): void {
  const { takeProfit, stopLoss } = request;
  if (request.orderClass === 'bracket' && (!takeProfit || !stopLoss)) {
    throw refuse.malformed('bracket orders require take_profit.limit_price and stop_loss.stop_price');
  }
  if (!takeProfit && !stopLoss) throw refuse.malformed('oto orders require either take_profit or stop_loss');
  const buy = request.side === 'buy';
  const base = request.limitPrice ?? request.stopPrice ?? (buy ? prices.ask : prices.bid);
  const away = { base_price: dollars(base) };
  if (takeProfit && stopLoss) checkExitPrices(request, prices);
  if (takeProfit && (buy ? takeProfit.limitPrice < base + cent : takeProfit.limitPrice > base - cent)) {
    throw refuse.unprocessable(
      `take_profit.limit_price must be ${buy ? '>= base_price + 0.01' : '<= base_price - 0.01'}`,
      away,
    );
  }
  if (stopLoss && (buy ? stopLoss.stopPrice > base - cent : stopLoss.stopPrice < base + cent)) {
    throw refuse.unprocessable(
      `stop_loss.stop_price must be ${buy ? '<= base_price - 0.01' : '>= base_price + 0.01'}`,
      away,
    );
  }
}

function checkExitPrices({ takeProfit, stopLoss, side, orderClass }: OrderRequest, _prices: Prices): void {
  if (!takeProfit || !stopLoss)
    throw refuse.malformed('oco orders require take_profit.limit_price and stop_loss.stop_price');
  // An OCO's own side closes; a bracket's side opens.
  const longExit = orderClass === 'oco' ? side === 'sell' : side === 'buy';
  const right = longExit ? takeProfit.limitPrice > stopLoss.stopPrice : takeProfit.limitPrice < stopLoss.stopPrice;
  if (!right)
    throw refuse.unprocessable(`take_profit.limit_price must be ${longExit ? '>' : '<'} stop_loss.stop_price`);
}

/** Refuses what the account cannot cover; answers what the order does to the position. */
export function checkAccount(
  state: VenueState,
  account: VenueAccount,
  request: OrderRequest,
  prices: Prices,
  mark: Mark,
): 'open' | 'close' {
  const position = state.position(account.id, request.symbol);
  const closes = request.side === 'sell' ? position.qty > 0 : position.qty < 0;
  if (request.orderClass === 'oco' && !closes) throw refuse.unprocessable('oco orders must be exit orders');
  if (closes) {
    if (request.orderClass === 'bracket') throw refuse.unprocessable('bracket orders must be entry orders');
    const existing = Math.abs(position.qty);
    const held = heldForOrders(state, account.id, request.symbol, request.side);
    if (request.qty > existing - held) {
      const shown = (lots: Lots): string => qtyText(request.symbol, lots);
      const available = shown(Math.max(0, existing - held));
      throw refuse.forbidden(
        `insufficient qty available for order (requested: ${shown(request.qty)}, available: ${available})`,
        {
          available,
          existing_qty: shown(existing),
          held_for_orders: shown(held),
          symbol: request.symbol,
          related_orders: state
            .open(account.id, request.symbol)
            .filter((order) => order.side === request.side)
            .map((order) => order.id),
        },
      );
    }
  }
  checkWashTrade(state, account, request);
  if (closes) return 'close';
  const other = state
    .open(account.id, request.symbol)
    .find(
      (order) => order.side !== request.side && order.positionIntent.endsWith('to_open') && order.status !== 'held',
    );
  if (other && position.qty === 0) {
    throw refuse.forbidden(
      request.side === 'buy'
        ? 'cannot open a long buy while a short sell order is open'
        : 'cannot open a short sell while a long buy order is open',
    );
  }
  const basis =
    request.side === 'buy'
      ? (request.limitPrice ?? request.stopPrice ?? prices.ask)
      : Math.max(request.limitPrice ?? 0, Math.round(prices.ask * 1.03));
  const cost = costOf(request.symbol, request.qty, basis);
  const power = buyingPowerOf(state, account, mark);
  if (cost > power) {
    throw refuse.forbidden('insufficient buying power', {
      buying_power: spendableText(power),
      cost_basis: centsText(cost),
    });
  }
  return 'open';
}

/** Alpaca's table: opposite orders of one account that could trade with each other; complex orders are exempt. */
function checkWashTrade(state: VenueState, account: VenueAccount, request: OrderRequest): void {
  if (request.orderClass !== '' && request.orderClass !== 'simple') return;
  const limited = (o: { type: string; limitPrice: Ticks | null }) =>
    o.type === 'limit' || o.type === 'stop_limit' ? o.limitPrice : null;
  for (const other of state.open(account.id, request.symbol)) {
    if (other.side === request.side || isFinal(other.status) || isComplex(other)) continue;
    const [mine, theirs] = [limited(request), limited(other)];
    if (mine !== null && theirs !== null) {
      const [bid, ask] = request.side === 'buy' ? [mine, theirs] : [theirs, mine];
      if (bid < ask) continue;
    }
    throw refuse.forbidden('potential wash trade detected. use complex orders', {
      existing_order_id: other.id,
      reject_reason: theirs === null ? 'opposite side market/stop order exists' : 'opposite side limit order exists',
    });
  }
}

const isComplex = (order: VenueOrder): boolean => order.orderClass !== '' && order.orderClass !== 'simple';
