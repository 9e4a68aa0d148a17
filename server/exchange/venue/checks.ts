import { ticksPerDollar } from '../market/market.ts';
import { isOnGrid } from './asset-terms.ts';
import { checkFraction, checkPair } from './fractions.ts';
import type { OrderRequest, Ticks } from './model.ts';
import { dollars } from './money.ts';
import { refuse } from './refusal.ts';

const cent = ticksPerDollar / 100;
export interface Prices {
  /** Far side first: what a buyer pays, what a seller gets. */
  readonly ask: Ticks;
  readonly bid: Ticks;
  readonly last: Ticks;
  /** Regular hours, those before, after and overnight, or none: what an order without a price is reckoned at. */
  readonly phase: 'core' | 'extended' | 'closed';
}

/** Refuses prices that are not on the grid: cents from a dollar up, hundredths of a cent below. */
export function checkTick(symbol: string, field: 'limit_price' | 'stop_price', price: Ticks): void {
  if (!isOnGrid(symbol, price)) {
    throw refuse.unprocessable(
      `invalid ${field} ${dollars(price)}. sub-penny increment does not fulfill minimum pricing criteria`,
    );
  }
}

/** Refuses what the request itself makes impossible, whatever the account holds. */
export function checkShape(request: OrderRequest, prices: Prices): void {
  checkPair(request);
  checkFraction(request);
  for (const price of [request.limitPrice, request.takeProfit?.limitPrice, request.stopLoss?.limitPrice]) {
    if (price != null) checkTick(request.symbol, 'limit_price', price);
  }
  for (const price of [request.stopPrice, request.stopLoss?.stopPrice])
    if (price != null) checkTick(request.symbol, 'stop_price', price);
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
