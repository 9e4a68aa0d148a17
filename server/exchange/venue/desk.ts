import { heldForOrders } from './account-checks.ts';
import { type BookView, bookView } from './book-view.ts';
import type { Books } from './books.ts';
import { correctTrade, type TradeTerms } from './correcting.ts';
import { buyingPowerOf, cashPowerOf, equityOf } from './margin.ts';
import type { OrderRequest, Ticks, VenueAccount, VenueExecution, VenueOrder } from './model.ts';
import type { Money } from './money.ts';
import { placeOrder } from './placing.ts';
import type { Lots } from './quantity.ts';
import type { Replacement } from './replace.ts';
import { replaceOrder } from './replacing.ts';
import type { VenueState } from './state.ts';

/** What a command may do; everything it changes is stored before its answer is given. */
export interface Desk {
  readonly state: VenueState;
  readonly now: string;
  place(account: VenueAccount, request: OrderRequest): VenueOrder;
  /** Ends an order and its group; a stop at an exchange that is closed is `pending_cancel` until it opens. */
  cancel(order: VenueOrder): void;
  replace(order: VenueOrder, change: Replacement): VenueOrder;
  /** Takes a trade back (null), or puts other terms in its place. */
  correctTrade(executionId: string, terms: TradeTerms): VenueExecution;
  equity(account: VenueAccount): Money;
  buyingPower(account: VenueAccount): Money;
  /** What may be spent on what is not bought with borrowed money. */
  cashPower(account: VenueAccount): Money;
  held(account: VenueAccount, symbol: string, side: 'buy' | 'sell'): Lots;
  mark(symbol: string): Ticks;
  /** The best levels of a symbol's book; null: it is not listed. Changes nothing. */
  book(symbol: string, levels: number): BookView | null;
}

/** The desk at a moment. */
export function deskOf(books: Books, at: Date): Desk {
  const { state, matching, mark } = books;
  const now = at.toISOString();
  return {
    state,
    now,
    place: (account, request) => placeOrder(books, account, request, at),
    cancel: (order) => matching.cancel(order, now),
    replace: (order, change) => replaceOrder(books, order, change, at),
    correctTrade: (executionId, terms) => correctTrade(books, executionId, terms, now),
    equity: (account) => equityOf(state, account, mark),
    buyingPower: (account) => buyingPowerOf(state, account, mark),
    cashPower: (account) => cashPowerOf(state, account, mark),
    held: (account, symbol, side) => heldForOrders(state, account.id, symbol, side, mark),
    mark,
    book: (symbol, levels) => bookView(books, symbol, levels, at),
  };
}
