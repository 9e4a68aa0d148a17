import { movePosition } from './average-cost.ts';
import type { Books } from './books.ts';
import { feeOf } from './fees.ts';
import { isFinal, type Ticks, type VenueExecution, type VenueOrder } from './model.ts';
import { costOf } from './money.ts';
import type { Lots } from './quantity.ts';
import { refuse } from './refusal.ts';

/** The terms that hold in place of a trade's own; what is left out stays. Null: the trade is taken back altogether. */
export type TradeTerms = { readonly qty?: Lots; readonly price?: Ticks } | null;

/**
 * Takes a trade back, or changes its terms, as a venue does after an erroneous one: cash, position and order are as if it had been so from the
 * start, and it is told as an execution of its own. The part of an order that lost its trade is not put to work again: one that was filled is canceled, one
 * that works has so much less to fill. Each trade once; a changed one may be changed again under its new id.
 */
export function correctTrade(books: Books, executionId: string, terms: TradeTerms, at: string): VenueExecution {
  const { state, newId } = books;
  const trade = state.executions.find((one) => one.id === executionId);
  const order = trade && state.orders.get(trade.orderId);
  if (!trade || !order || trade.corrects?.kind === 'bust') throw refuse.notFound(`execution not found: ${executionId}`);
  if (state.executions.some((one) => one.corrects?.executionId === executionId)) {
    throw refuse.unprocessable('execution was corrected before');
  }
  if (order.notional !== null) throw refuse.unprocessable('trades of notional orders are not corrected here');
  const qty = terms === null ? 0 : (terms.qty ?? trade.qty);
  const price = terms?.price ?? trade.price;
  if (terms !== null && (qty <= 0 || price <= 0)) throw refuse.unprocessable('qty and price must be > 0');
  if (terms !== null && qty === trade.qty && price === trade.price) throw refuse.unprocessable('nothing is changed');

  undo(books, order, trade);
  const fee = terms && redo(books, order, qty, price);
  settleOrder(order, trade.qty, qty, at);
  const execution: VenueExecution = {
    ...trade,
    id: newId(),
    qty: terms === null ? trade.qty : qty,
    price,
    fee,
    cumQty: order.filledQty,
    leavesQty: isFinal(order.status) ? 0 : order.qty - order.filledQty,
    orderStatus: order.status,
    corrects: { kind: terms === null ? 'bust' : 'correct', executionId },
    at,
    sequence: state.nextSequence(),
  };
  state.addExecution(execution);
  state.touch(order, at);
  state.publish({
    accountId: order.accountId,
    event: terms === null ? 'trade_bust' : 'trade_correct',
    order,
    execution,
    positionQty: state.position(order.accountId, order.symbol).qty,
    at,
  });
  return execution;
}

function undo({ state }: Books, order: VenueOrder, trade: VenueExecution): void {
  const account = state.accounts.get(order.accountId)!;
  const position = state.position(order.accountId, order.symbol);
  const cost = costOf(order.symbol, trade.qty, trade.price);
  const buy = order.side === 'buy';
  movePosition(position, buy ? -(trade.qty - (trade.fee?.lots ?? 0)) : trade.qty, trade.price);
  account.cash += (buy ? cost : -cost) + (trade.fee?.money ?? 0n);
  order.filledQty -= trade.qty;
  order.filledCost -= cost;
  state.touchPosition(position);
  state.touchAccount(account);
}

function redo({ state, newId }: Books, order: VenueOrder, qty: Lots, price: Ticks): VenueExecution['fee'] {
  const account = state.accounts.get(order.accountId)!;
  const cost = costOf(order.symbol, qty, price);
  const buy = order.side === 'buy';
  const fee = feeOf({ symbol: order.symbol, side: order.side, lots: qty, cost }, newId);
  movePosition(state.position(order.accountId, order.symbol), buy ? qty - (fee?.lots ?? 0) : -qty, price);
  account.cash += (buy ? -cost : cost) - (fee?.money ?? 0n);
  order.filledQty += qty;
  order.filledCost += cost;
  return fee;
}

function settleOrder(order: VenueOrder, before: Lots, after: Lots, at: string): void {
  if (order.status === 'filled') {
    if (after === 0) {
      order.status = 'canceled';
      order.canceledAt = at;
      order.filledAt = null;
    } else order.qty += after - before;
    return;
  }
  if (isFinal(order.status)) return;
  order.qty += after - before;
  if (order.status === 'partially_filled' && order.filledQty === 0) order.status = 'new';
}
