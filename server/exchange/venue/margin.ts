import { configurationOf, type Ticks, type VenueAccount, type VenueOrder } from './model.ts';
import { absolute, costOf, larger, lotsFor, type Money, shareOf, smaller, wholeDollars } from './money.ts';
import { isCrypto, type Lots } from './quantity.ts';
import type { VenueState } from './state.ts';

/** The price a position is valued at. */
export type Mark = (symbol: string) => Ticks;

/** Borrowing money or shares takes this much equity, by Regulation T. */
const leastForMargin = wholeDollars(2000);

export function equityOf(state: VenueState, account: VenueAccount, mark: Mark): Money {
  return state
    .positions(account.id)
    .reduce((sum, { symbol, qty }) => sum + costOf(symbol, qty, mark(symbol)), account.cash);
}

/** How often the account's equity may be in the market: what its owner allows, and once without the least equity of a margin account. */
export function multiplierOf(state: VenueState, account: VenueAccount, mark: Mark): 1 | 2 | 4 {
  if (equityOf(state, account, mark) < leastForMargin) return 1;
  return Number(configurationOf(account).max_margin_multiplier) as 1 | 2 | 4;
}

/** Whether the account may sell what it does not hold. */
export const mayShort = (state: VenueState, account: VenueAccount, mark: Mark): boolean =>
  !configurationOf(account).no_shorting && multiplierOf(state, account, mark) > 1;

/** What positions take of equity when they are opened: half of what is marginable, by Regulation T; of crypto the whole. */
export function initialMarginOf(state: VenueState, account: VenueAccount, mark: Mark): Money {
  return state.positions(account.id).reduce((sum, { symbol, qty }) => {
    const value = costOf(symbol, Math.abs(qty), mark(symbol));
    return sum + (isCrypto(symbol) ? value : shareOf(value, 1n, 2n));
  }, 0n);
}

/**
 * What positions take of equity as long as they are held. Long: 30 %, all of it below $2.50. Short: 30 % but at least $5 a share, and below
 * $5 a share all of it but at least $2.50. Crypto is no collateral and has to be covered whole.
 */
export function maintenanceMarginOf(state: VenueState, account: VenueAccount, mark: Mark): Money {
  return state.positions(account.id).reduce((sum, { symbol, qty }) => {
    const price = mark(symbol);
    const lots = Math.abs(qty);
    const value = costOf(symbol, lots, price);
    const part = shareOf(value, 30n, 100n);
    if (isCrypto(symbol)) return sum + value;
    if (qty > 0) return sum + (price < 25_000 ? value : part);
    return (
      sum + (price < 50_000 ? larger(value, costOf(symbol, lots, 25_000)) : larger(part, costOf(symbol, lots, 50_000)))
    );
  }, 0n);
}

/** Lots still to be filled; of an order by dollars, as many as the rest of them comes to at the symbol's price. */
export function lotsLeft(order: VenueOrder, mark: Mark): Lots {
  if (order.notional === null) return order.qty - order.filledQty;
  const price = mark(order.symbol);
  return price > 0 ? lotsFor(order.symbol, order.notional - order.filledCost, price) : 0;
}

/** What a short sale is counted at: its limit, but no less than 3 % above the market, which is how far it may go against the account. */
export const shortBasis = (limit: Ticks | null, market: Ticks): Ticks =>
  Math.max(limit ?? 0, Math.ceil((market * 103) / 100));

/** Money that the rest of an open order that opens may still take of buying power; 0 of one that closes. */
export function reservedFor(order: VenueOrder, mark: Mark): Money {
  const fixed = fixedReserve(order);
  if (fixed !== null) return fixed;
  const market = mark(order.symbol);
  const price = order.side === 'sell' ? shortBasis(order.limitPrice, market) : market;
  return costOf(order.symbol, order.qty - order.filledQty, price);
}

/** The same where it does not depend on the market; null where it does. */
export function fixedReserve(order: VenueOrder): Money | null {
  if (!order.positionIntent.endsWith('to_open')) return 0n;
  if (order.notional !== null) return larger(0n, order.notional - order.filledCost);
  const price = order.side === 'sell' ? null : (order.limitPrice ?? order.stopPrice);
  return price === null ? null : costOf(order.symbol, order.qty - order.filledQty, price);
}

/** What all open orders of an account have reserved: for shares, and for coins. */
export function reservedBy(state: VenueState, accountId: string, mark: Mark): { shares: Money; coins: Money } {
  const { shares, coins, moving } = state.reserved(accountId);
  const sum = { shares, coins };
  for (const order of moving) sum[isCrypto(order.symbol) ? 'coins' : 'shares'] += reservedFor(order, mark);
  return sum;
}

/**
 * What may be spent: equity times the multiplier, less what is in the market and what open orders have reserved. Crypto is neither
 * collateral nor bought with borrowed money. Equal to Alpaca's formulas for 1 (cash) and 2 (twice what initial margin leaves); for 4,
 * Alpaca counts from the last close and this venue from now on.
 */
export function buyingPowerOf(state: VenueState, account: VenueAccount, mark: Mark): Money {
  const times = BigInt(multiplierOf(state, account, mark));
  let power = account.cash * times;
  for (const { symbol, qty } of state.positions(account.id)) {
    if (isCrypto(symbol)) continue;
    const value = costOf(symbol, qty, mark(symbol));
    power += value * times - absolute(value);
  }
  const { shares, coins } = reservedBy(state, account.id, mark);
  return larger(0n, power - shares - coins * times);
}

/** What may be spent on what is not bought with borrowed money: cash that neither coins on order nor margin need. */
export function cashPowerOf(state: VenueState, account: VenueAccount, mark: Mark): Money {
  const { coins } = reservedBy(state, account.id, mark);
  const power = buyingPowerOf(state, account, mark) / BigInt(multiplierOf(state, account, mark));
  return larger(0n, smaller(account.cash - coins, power));
}

/** Whether the account's equity no longer carries what it holds: it may only close until it does again. */
export const isLiquidationOnly = (state: VenueState, account: VenueAccount, mark: Mark): boolean =>
  equityOf(state, account, mark) < maintenanceMarginOf(state, account, mark);
