import { checkAccount } from './account-checks.ts';
import type { Books } from './books.ts';
import { checkShape, type Prices } from './checks.ts';
import { stopOf } from './matching.ts';
import { isFinal, type OrderRequest, type VenueAccount, type VenueOrder } from './model.ts';
import { checkTerms } from './order-terms.ts';
import { tell } from './posting.ts';
import { refuse } from './refusal.ts';

/**
 * Takes an order: checks it, writes it down with its legs, and lets it work, or wait for its hours as `accepted`. Throws a `VenueRefusal`,
 * and then nothing of it was kept, its client order id neither.
 */
export function placeOrder(books: Books, account: VenueAccount, request: OrderRequest, at: Date): VenueOrder {
  const { state, matching, hours, mark } = books;
  if (!books.isTradable(request.symbol)) throw refuse.unprocessable(`asset "${request.symbol}" is not tradable`);
  const prices = books.prices(request.symbol, at);
  checkTerms(request);
  checkShape(request, prices);
  const { trail, side } = request;
  // A stop that would begin at nothing, or below.
  if (trail?.unit === 'ticks' && side === 'sell' && trail.by >= prices.last)
    throw refuse.malformed('invalid trail_price');
  hours.checkAuction(request, at);
  const same = state.findByClientId(account.id, request.clientOrderId);
  if (same) {
    throw isFinal(same.status)
      ? refuse.malformed('client_order_id must be unique')
      : refuse.unprocessable('client_order_id must be unique');
  }
  const effect = checkAccount({ state, account, prices, mark }, request);
  const orders = ordersOf(books, account, request, effect, prices, at);
  for (const order of orders) state.addOrder(order);
  const now = at.toISOString();
  const taken = orders.filter((order) => order.status !== 'held');
  for (const order of taken) tell(state, order, order.status === 'accepted' ? 'accepted' : 'new', now);
  for (const order of taken) matching.work(order, now);
  return orders[0]!;
}

/** The order of a request and its legs. */
function ordersOf(
  { state, hours, newId }: Books,
  account: VenueAccount,
  request: OrderRequest,
  effect: 'open' | 'close',
  prices: Prices,
  at: Date,
): VenueOrder[] {
  const { takeProfit, stopLoss, side, trail = null } = request;
  const now = at.toISOString();
  const grouped = takeProfit !== null || stopLoss !== null;
  const oco = request.orderClass === 'oco';
  const trades = hours.trades(request, at);
  const begins = trades ? ('new' as const) : ('accepted' as const);
  // Until its hours begin a trailing stop has seen nothing.
  const hwm = trail && trades ? prices.last : null;
  const blank = {
    accountId: account.id,
    symbol: request.symbol,
    timeInForce: request.timeInForce,
    orderClass: request.orderClass === 'simple' ? ('' as const) : request.orderClass,
    extendedHours: request.extendedHours,
    qty: request.qty,
    notional: request.notional,
    trail: null,
    hwm: null,
    filledQty: 0,
    filledCost: 0n,
    elected: false,
    groupId: grouped ? newId() : null,
    replaces: null,
    replacedBy: null,
    createdAt: now,
    submittedAt: now,
    updatedAt: now,
    filledAt: null,
    canceledAt: null,
    expiredAt: null,
    replacedAt: null,
    expiresAt: hours.end(request, at).toISOString(),
    failedAt: null,
  };
  const order: VenueOrder = {
    ...blank,
    id: newId(),
    clientOrderId: request.clientOrderId,
    side,
    type: oco ? 'limit' : request.type,
    limitPrice: oco ? takeProfit!.limitPrice : request.limitPrice,
    stopPrice: oco ? null : hwm === null ? request.stopPrice : stopOf({ side, trail }, hwm),
    trail,
    hwm,
    status: begins,
    positionIntent: `${side}_to_${effect}`,
    groupRole: !grouped ? null : oco ? 'take_profit' : 'entry',
    parentId: null,
    sequence: state.nextSequence(),
  };
  const exit = oco ? side : side === 'buy' ? ('sell' as const) : ('buy' as const);
  const leg = (
    role: 'take_profit' | 'stop_loss',
    prices: Pick<VenueOrder, 'type' | 'limitPrice' | 'stopPrice'>,
  ): VenueOrder => {
    const id = newId();
    return {
      ...blank,
      ...prices,
      id,
      clientOrderId: id,
      side: exit,
      status: oco ? begins : 'held',
      positionIntent: `${exit}_to_close`,
      groupRole: role,
      parentId: order.id,
      sequence: state.nextSequence(),
    };
  };
  const orders = [order];
  if (takeProfit && !oco) orders.push(leg('take_profit', { type: 'limit', ...takeProfit, stopPrice: null }));
  if (stopLoss)
    orders.push(leg('stop_loss', { type: stopLoss.limitPrice === null ? 'stop' : 'stop_limit', ...stopLoss }));
  return orders;
}
