import { Book, type BookTrade } from '../book/book.ts';
import type { MarketQuote } from '../market/market.ts';
import { isFinal, type Ticks, type VenueOrder } from './model.ts';
import type { VenueState } from './state.ts';

const marketBid = 'market:bid';
const marketAsk = 'market:ask';

/**
 * Brings orders together: accounts' orders rest in one book a symbol, together with the simulated market's bid and ask, by price and
 * time. Market orders that the shown size did not fill wait for the next quote; stops wait for a trade at their price.
 */
export class Matching {
  readonly #books = new Map<string, Book>();
  readonly #waitingAtMarket = new Map<string, Set<VenueOrder>>();
  readonly #stops = new Map<string, Set<VenueOrder>>();
  readonly #lastTrade = new Map<string, Ticks>();
  /** Orders that wait for a halted symbol to trade again, by symbol. */
  readonly #halted = new Map<string, Set<VenueOrder>>();
  readonly #state: VenueState;
  readonly #newId: () => string;

  constructor(state: VenueState, newId: () => string) {
    this.#state = state;
    this.#newId = newId;
  }

  lastTrade(symbol: string): Ticks | null {
    return this.#lastTrade.get(symbol) ?? null;
  }

  /** Puts an order that works (`new`) to where it waits: the book, the stops. After a restart too. */
  work(order: VenueOrder, at: string): void {
    if (isFinal(order.status) || order.status === 'held') return;
    const halted = this.#halted.get(order.symbol);
    if (halted) {
      if (order.timeInForce === 'ioc' || order.timeInForce === 'fok') this.cancel(order, at);
      else halted.add(order);
      return;
    }
    if (order.stopPrice !== null && !order.elected) {
      setOf(this.#stops, order.symbol).add(order);
      const last = this.#lastTrade.get(order.symbol);
      if (last !== undefined) this.#elect(order.symbol, last, at);
      return;
    }
    const book = this.#book(order.symbol);
    const limit = order.type === 'limit' || order.type === 'stop_limit' ? order.limitPrice : null;
    const opposite = order.side === 'buy' ? 'sell' : 'buy';
    if (order.timeInForce === 'fok' && book.available(opposite, limit) < order.qty - order.filledQty) {
      this.cancel(order, at);
      return;
    }
    const entry = { id: order.id, side: order.side, price: limit, remaining: order.qty - order.filledQty };
    const trades = book.submit(entry, order.timeInForce !== 'ioc' && order.timeInForce !== 'fok');
    // In the set while its trades are applied, so that an order cancelled by them does not come back.
    if (limit === null && entry.remaining > 0) setOf(this.#waitingAtMarket, order.symbol).add(order);
    this.#apply(order.symbol, trades, at);
    if (entry.remaining > 0 && (order.timeInForce === 'ioc' || order.timeInForce === 'fok')) this.cancel(order, at);
  }

  /** Ends an order as canceled, and with it the rest of its group. Nothing happens to one that is final. */
  cancel(order: VenueOrder, at: string): void {
    if (isFinal(order.status)) return;
    this.withdraw(order);
    order.status = 'canceled';
    order.canceledAt = at;
    this.#state.touch(order, at);
    this.#state.publish({
      accountId: order.accountId,
      event: 'canceled',
      order,
      execution: null,
      positionQty: null,
      at,
    });
    for (const other of this.#state.group(order)) this.cancel(other, at);
  }

  /** Takes an order out of wherever it waits, its status untouched. */
  withdraw(order: VenueOrder): void {
    this.#books.get(order.symbol)?.cancel(order.id);
    this.#waitingAtMarket.get(order.symbol)?.delete(order);
    this.#stops.get(order.symbol)?.delete(order);
    this.#halted.get(order.symbol)?.delete(order);
  }

  /** Nothing trades in the symbol from now on: orders are taken and wait, quotes are not looked at. */
  halt(symbol: string): void {
    if (!this.#halted.has(symbol)) this.#halted.set(symbol, new Set());
  }

  /** Puts whatever waited to work, in its order of arrival. */
  resume(symbol: string, at: string): void {
    const waiting = this.#halted.get(symbol);
    this.#halted.delete(symbol);
    for (const order of [...(waiting ?? [])].sort((a, b) => a.sequence - b.sequence)) this.work(order, at);
  }

  /** A new quote and print of the simulated market: fills what they reach, elects stops. */
  show(symbol: string, quote: MarketQuote, print: Ticks | null, at: string): void {
    if (this.#halted.has(symbol)) return;
    const book = this.#book(symbol);
    book.cancel(marketBid);
    book.cancel(marketAsk);
    // Whoever waited at market comes before the new quote's own interest in resting orders.
    const bid = { id: marketBid, side: 'buy' as const, price: quote.bid, remaining: quote.bidSize };
    const ask = { id: marketAsk, side: 'sell' as const, price: quote.ask, remaining: quote.askSize };
    this.#apply(symbol, book.submit(bid, true), at);
    this.#apply(symbol, book.submit(ask, true), at);
    const waiting = this.#waitingAtMarket.get(symbol);
    if (waiting && waiting.size > 0) {
      for (const order of [...waiting]) {
        waiting.delete(order);
        this.work(order, at);
      }
    }
    if (print !== null) {
      this.#lastTrade.set(symbol, print);
      this.#elect(symbol, print, at);
    }
  }

  #book(symbol: string): Book {
    let book = this.#books.get(symbol);
    if (!book) {
      book = new Book();
      this.#books.set(symbol, book);
    }
    return book;
  }

  #apply(symbol: string, trades: readonly BookTrade[], at: string): void {
    for (const trade of trades) {
      this.#lastTrade.set(symbol, trade.price);
      for (const id of [trade.makerId, trade.takerId]) {
        const order = this.#state.orders.get(id);
        if (order) this.#fill(order, trade.quantity, trade.price, at);
      }
    }
    const last = this.#lastTrade.get(symbol);
    if (trades.length > 0 && last !== undefined) this.#elect(symbol, last, at);
  }

  #fill(order: VenueOrder, qty: number, price: Ticks, at: string): void {
    const state = this.#state;
    const account = state.accounts.get(order.accountId)!;
    order.filledQty += qty;
    order.filledCost += qty * price;
    const complete = order.filledQty === order.qty;
    order.status = complete ? 'filled' : 'partially_filled';
    if (complete) {
      order.filledAt = at;
      this.#waitingAtMarket.get(order.symbol)?.delete(order);
    }
    const signed = order.side === 'buy' ? qty : -qty;
    account.cash -= signed * price;
    const position = state.position(order.accountId, order.symbol);
    movePosition(position, signed, price);
    const execution = {
      id: this.#newId(),
      accountId: order.accountId,
      orderId: order.id,
      symbol: order.symbol,
      side: order.side,
      qty,
      price,
      cumQty: order.filledQty,
      leavesQty: order.qty - order.filledQty,
      orderStatus: order.status,
      at,
      sequence: state.nextSequence(),
    };
    state.addExecution(execution);
    state.touch(order, at);
    state.touchPosition(position);
    state.touchAccount(account);
    state.publish({
      accountId: order.accountId,
      event: complete ? 'fill' : 'partial_fill',
      order,
      execution,
      positionQty: position.qty,
      at,
    });
    this.#moveGroup(order, qty, complete, at);
  }

  /** Held legs work once the entry is completely filled; of two working legs, what one fills the other loses. */
  #moveGroup(order: VenueOrder, qty: number, complete: boolean, at: string): void {
    const state = this.#state;
    if (order.groupRole === 'entry') {
      if (!complete) return;
      for (const leg of state.legs(order)) {
        if (leg.status !== 'held') continue;
        leg.status = 'new';
        state.touch(leg, at);
        state.publish({ accountId: leg.accountId, event: 'new', order: leg, execution: null, positionQty: null, at });
      }
      for (const leg of state.legs(order)) this.work(leg, at);
      return;
    }
    for (const sibling of state.group(order)) {
      if (sibling === order || sibling.groupRole === 'entry' || isFinal(sibling.status)) continue;
      if (complete) this.cancel(sibling, at);
      else {
        this.withdraw(sibling);
        sibling.qty -= qty;
        state.touch(sibling, at);
        this.work(sibling, at);
      }
    }
  }

  #elect(symbol: string, last: Ticks, at: string): void {
    const stops = this.#stops.get(symbol);
    if (!stops) return;
    for (const order of [...stops].sort((a, b) => a.sequence - b.sequence)) {
      if (!stops.has(order)) continue;
      if (order.side === 'sell' ? last > order.stopPrice! : last < order.stopPrice!) continue;
      stops.delete(order);
      order.elected = true;
      this.#state.touch(order, at);
      this.work(order, at);
    }
  }
}

/** Average cost, as Alpaca keeps it; through zero, the rest opens at the fill's price. */
function movePosition(position: { qty: number; cost: Ticks }, signed: number, price: Ticks): void {
  const before = position.qty;
  const after = before + signed;
  if (before === 0 || Math.sign(before) === Math.sign(signed)) position.cost += signed * price;
  else if (after === 0) position.cost = 0;
  else if (Math.sign(after) === Math.sign(before)) position.cost = Math.round((position.cost * after) / before);
  else position.cost = after * price;
  position.qty = after;
}

function setOf<T>(map: Map<string, Set<T>>, key: string): Set<T> {
  let set = map.get(key);
  if (!set) {
    set = new Set();
    map.set(key, set);
  }
  return set;
}
