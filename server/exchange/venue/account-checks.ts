import { termsOf } from './asset-terms.ts';
import type { Prices } from './checks.ts';
import { isFractional } from './fractions.ts';
import {
  buyingPowerOf,
  cashPowerOf,
  isLiquidationOnly,
  lotsLeft,
  type Mark,
  mayShort,
  reservedFor,
  shortBasis,
} from './margin.ts';
import { configurationOf, type OrderRequest, type Ticks, type VenueAccount, type VenueOrder } from './model.ts';
import { centsText, costOf, exactText, lotsFor, type Money, spendableText } from './money.ts';
import { isCrypto, type Lots, lotsPerUnitOf, mostLots, qtyText } from './quantity.ts';
import { refuse } from './refusal.ts';
import type { VenueState } from './state.ts';
import { checkWashTrade } from './wash-trade.ts';

/** An account at a moment, seen with the prices that its order would meet. */
export interface AccountView {
  readonly state: VenueState;
  readonly account: VenueAccount;
  readonly prices: Prices;
  readonly mark: Mark;
}

/** Lots of a position that resting closing orders hold; the legs of one group hold them once. */
export function heldForOrders(
  state: VenueState,
  accountId: string,
  symbol: string,
  side: 'buy' | 'sell',
  mark: Mark,
): Lots {
  const groups = new Map<string, Lots>();
  for (const order of state.openOn(accountId, symbol, side)) {
    if (order.status === 'held' || order.positionIntent.endsWith('to_open')) continue;
    const key = order.groupId ?? order.id;
    groups.set(key, Math.max(groups.get(key) ?? 0, lotsLeft(order, mark)));
  }
  return [...groups.values()].reduce((sum, held) => sum + held, 0);
}

/** Refuses what the account cannot cover; answers what the order does to the position. */
export function checkAccount(view: AccountView, request: OrderRequest): 'open' | 'close' {
  const { state, account, prices } = view;
  const { symbol, side } = request;
  if (isFractional(request) && !configurationOf(account).fractional_trading) {
    throw refuse.forbidden('fractional trading is disabled for this account');
  }
  const position = state.position(account.id, symbol);
  const closes = side === 'sell' ? position.qty > 0 : position.qty < 0;
  const inferred = `${side}_to_${closes ? 'close' : 'open'}` as const;
  if (request.intent && request.intent !== inferred) {
    throw refuse.unprocessable(`position intent mismatch, inferred: ${inferred}, specified: ${request.intent}`);
  }
  const basis = basisOf(request.side, request.limitPrice, request.stopPrice, prices);
  const lots = request.notional === null ? request.qty : lotsFor(symbol, request.notional, basis);
  const cost = request.notional ?? costOf(symbol, lots, basis);
  if (request.orderClass === 'oco' && !closes) throw refuse.unprocessable('oco orders must be exit orders');
  if (closes && request.orderClass === 'bracket') throw refuse.unprocessable('bracket orders must be entry orders');
  if (closes) {
    checkAvailable(view, symbol, side, lots);
    if (side === 'buy' && isFractional(request)) throw refuse.unprocessable('fractional orders cannot be sold short');
  } else if (side === 'sell') checkShort(view, request, lots);
  checkWashTrade(state, account.id, request);
  // What is left of a position may be sold however little it is.
  if (!closes || lots < Math.abs(position.qty)) checkCost(symbol, cost);
  if (closes) return 'close';
  checkOpening(view, request, lots, cost);
  return 'open';
}

/** Refuses a replacement that the account cannot cover; what the order had reserved is at its disposal. */
export function checkReplacement(view: AccountView, order: VenueOrder, next: VenueOrder): void {
  const { state, account, prices, mark } = view;
  const { symbol, side } = next;
  checkWashTrade(state, account.id, next, order);
  const more = next.qty - order.qty;
  if (!next.positionIntent.endsWith('to_open')) {
    // The shares that the order holds already are the replacement's.
    if (more > 0) checkAvailable(view, symbol, side, more);
    return;
  }
  const basis = basisOf(side, next.limitPrice, next.stopPrice, prices);
  const cost = costOf(symbol, next.qty - next.filledQty, basis);
  const before = reservedFor(order, mark);
  if (cost > before) checkPower(view, symbol, cost, before);
}

/** The price that an order is reckoned at: its own, or the market's as the session has it. */
export function basisOf(side: 'buy' | 'sell', limit: Ticks | null, stop: Ticks | null, prices: Prices): Ticks {
  if (limit !== null || stop !== null) return limit ?? stop!;
  if (prices.phase === 'closed') return prices.last;
  if (prices.phase === 'extended') return Math.round((prices.bid + prices.ask) / 2);
  return side === 'buy' ? prices.ask : prices.bid;
}

function checkAvailable({ state, account, mark }: AccountView, symbol: string, side: 'buy' | 'sell', lots: Lots): void {
  const existing = Math.abs(state.position(account.id, symbol).qty);
  const held = heldForOrders(state, account.id, symbol, side, mark);
  const free = Math.max(0, existing - held);
  if (lots <= free) return;
  const shown = (some: Lots): string => qtyText(symbol, some);
  if (isCrypto(symbol)) {
    const coin = symbol.slice(0, symbol.indexOf('/'));
    throw refuse.forbidden(`insufficient balance for ${coin} (requested: ${shown(lots)}, available: ${shown(free)})`, {
      available: shown(free),
      balance: shown(existing),
      symbol: coin,
    });
  }
  throw refuse.forbidden(
    `insufficient qty available for order (requested: ${shown(lots)}, available: ${shown(free)})`,
    {
      available: shown(free),
      existing_qty: shown(existing),
      held_for_orders: shown(held),
      symbol,
      related_orders: [...state.openOn(account.id, symbol, side)].map((order) => order.id),
    },
  );
}

function checkShort(view: AccountView, request: OrderRequest, lots: Lots): void {
  const { state, account, mark } = view;
  const { symbol } = request;
  if (isCrypto(symbol)) checkAvailable(view, symbol, 'sell', Math.max(1, lots));
  if (isFractional(request)) throw refuse.unprocessable('fractional orders cannot be sold short');
  if (!mayShort(state, account, mark)) throw refuse.forbidden('account is not allowed to short');
  if (!termsOf(symbol).shortable) throw refuse.unprocessable(`asset "${symbol}" cannot be sold short`);
}

function checkCost(symbol: string, cost: Money): void {
  const { leastCost, mostCost } = termsOf(symbol);
  if (cost < leastCost) {
    throw refuse.forbidden(`cost basis must be >= minimal amount of order ${exactText(leastCost)}`);
  }
  if (mostCost !== null && cost > mostCost) {
    throw refuse.forbidden(`cost basis must be <= maximal amount of order ${exactText(mostCost)}`);
  }
}

function checkOpening(view: AccountView, request: OrderRequest, lots: Lots, cost: Money): void {
  const { state, account, prices, mark } = view;
  const { symbol, side } = request;
  const position = state.position(account.id, symbol);
  const others = position.qty === 0 ? state.openOn(account.id, symbol, side === 'buy' ? 'sell' : 'buy') : [];
  const opens = (order: VenueOrder): boolean => order.positionIntent.endsWith('to_open') && order.status !== 'held';
  if ([...others].some(opens)) {
    throw refuse.forbidden(
      side === 'buy'
        ? 'cannot open a long buy while a short sell order is open'
        : 'cannot open a short sell while a long buy order is open',
    );
  }
  if (isLiquidationOnly(state, account, mark)) throw refuse.forbidden('account is restricted to liquidation only');
  const most = mostLots - Math.abs(position.qty);
  if (lots > most) throw refuse.malformed(`qty must be <= ${Math.floor(most / lotsPerUnitOf(symbol))}`);
  const needed = side === 'sell' ? costOf(symbol, lots, shortBasis(request.limitPrice, prices.ask)) : cost;
  checkPower(view, symbol, needed, 0n);
}

function checkPower({ state, account, mark }: AccountView, symbol: string, cost: Money, reserved: Money): void {
  if (isCrypto(symbol)) {
    const power = cashPowerOf(state, account, mark) + reserved;
    if (cost <= power) return;
    const available = spendableText(power);
    throw refuse.forbidden(`insufficient balance for USD (requested: ${centsText(cost)}, available: ${available})`, {
      available,
      balance: centsText(account.cash),
      symbol: 'USD',
    });
  }
  const power = buyingPowerOf(state, account, mark) + reserved;
  if (cost > power) {
    throw refuse.forbidden('insufficient buying power', {
      buying_power: spendableText(power),
      cost_basis: centsText(cost),
    });
  }
}
