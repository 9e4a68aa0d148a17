import { DoubleAuction } from '../book/double-auction.ts';
import { type BookEvent, type EventTape, reasonName } from '../book/event-tape.ts';
import { displayedLiquidity, type Lifetime, type Liquidity, lifetime, side as sides } from '../book/terms.ts';
import { type MarketQuote, ticksPerDollar } from '../market/market.ts';
import { movePosition } from './average-cost.ts';
import { DollarOrders, isSpent, lotsAt, reachesStop } from './dollar-orders.ts';
import { feeOf } from './fees.ts';
import { isFinal, type Ticks, type VenueOrder, type VenueTimeInForce } from './model.ts';
import { costOf, lotsFor } from './money.ts';
import { type Lots, shownLots } from './quantity.ts';
import type { VenueState } from './state.ts';

/**
 * Brings orders together: one double auction a symbol, in which accounts' orders and the simulated market's bid and ask meet. What the
 * auction tells is written into the venue's books; what follows from it (legs that begin to work, a group that ends) is done after it.
 */
export class Matching {
  readonly #auctions = new Map<string, DoubleAuction>();
  /** Orders in an auction, by their number there, which is the order's sequence. */
  readonly #working = new Map<number, VenueOrder>();
  /** Orders that wait for a halted symbol to trade again, by symbol. */
  readonly #halted = new Map<string, Set<VenueOrder>>();
  readonly #dollars = new DollarOrders();
  readonly #state: VenueState;
  readonly #newId: () => string;
  #liquidity: Liquidity;
  readonly #next: (() => void)[] = [];
  #following = false;

  constructor(state: VenueState, newId: () => string, liquidity: Liquidity = displayedLiquidity) {
    this.#state = state;
    this.#newId = newId;
    this.#liquidity = liquidity;
  }

  lastTrade(symbol: string): Ticks | null {
    return this.#auctions.get(symbol)?.last || null;
  }

  /** Changes what the simulated market lends to orders that meet its quotes. */
  lend(liquidity: Liquidity): void {
    this.#liquidity = liquidity;
    for (const auction of this.#auctions.values()) auction.lend(liquidity);
  }

  /** Puts an order that works (`new`) to where it waits: the book, the stops. After a restart too. */
  work(order: VenueOrder, at: string): void {
    if (isFinal(order.status) || order.status === 'held' || this.#working.has(order.sequence)) return;
    const halted = this.#halted.get(order.symbol);
    if (halted) {
      if (order.timeInForce === 'ioc' || order.timeInForce === 'fok') this.cancel(order, at);
      else halted.add(order);
      return;
    }
    if (order.notional !== null) {
      this.#dollars.add(order);
      this.#fillByDollars(order, at);
      if (order.timeInForce === 'ioc') this.cancel(order, at);
      return;
    }
    const auction = this.#auction(order.symbol);
    const time = Date.parse(at);
    const { sequence: number } = order;
    const side = sides[order.side];
    const lots = order.qty - order.filledQty;
    const life = lifetimeOf(order.timeInForce);
    const limit = order.type === 'limit' || order.type === 'stop_limit' ? order.limitPrice! : 0;
    const peer = this.#siblings(order).find((other) => this.#working.has(other.sequence))?.sequence ?? 0;
    const collar = limit === 0 ? collarPpm(order, auction) : 0;
    this.#working.set(number, order);
    const told =
      order.stopPrice !== null && !order.elected
        ? auction.stop(time, number, 0, side, order.stopPrice, limit, lots, life, collar, peer)
        : limit > 0
          ? auction.limit(time, number, 0, side, limit, lots, life, false, peer)
          : auction.market(time, number, 0, side, lots, life, collar, peer);
    this.#take(told, at);
  }

  /** Ends an order as canceled, and with it the rest of its group. Nothing happens to one that is final. */
  cancel(order: VenueOrder, at: string): void {
    if (isFinal(order.status)) return;
    this.withdraw(order);
    this.#canceled(order, at);
    this.#follow();
  }

  /** Takes an order out of wherever it waits, its status untouched. */
  withdraw(order: VenueOrder): void {
    if (this.#working.delete(order.sequence)) this.#auction(order.symbol).cancel(0, order.sequence);
    this.#halted.get(order.symbol)?.delete(order);
    this.#dollars.delete(order);
  }

  /** Puts `next` in an order's place; it keeps the order's turn when nothing but the quantity shrank. */
  replace(order: VenueOrder, next: VenueOrder, at: string): void {
    if (!this.#working.has(order.sequence) || this.#halted.has(order.symbol)) {
      this.withdraw(order);
      this.work(next, at);
      return;
    }
    this.#working.delete(order.sequence);
    this.#working.set(next.sequence, next);
    const told = this.#auction(order.symbol).replace(Date.parse(at), order.sequence, next.sequence, {
      lots: next.qty - next.filledQty,
      ...(next.limitPrice === order.limitPrice ? {} : { tick: next.limitPrice! }),
      ...(next.stopPrice === order.stopPrice || next.elected ? {} : { stop: next.stopPrice! }),
      ...(next.timeInForce === order.timeInForce ? {} : { lifetime: lifetimeOf(next.timeInForce) }),
    });
    this.#take(told, at);
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
    const auction = this.#auction(symbol);
    const time = Date.parse(at);
    // A locked or crossed quote is nobody's to trade at: the market is seen without one until the next.
    const { bid, ask } = quote;
    const shown = (size: number): Lots => (bid < ask ? shownLots(symbol, size) : 0);
    const [bidSize, askSize] = [shown(quote.bidSize), shown(quote.askSize)];
    this.#take(auction.quote(time, bid, bidSize, ask, askSize), at);
    if (print !== null) this.#take(auction.print(time, print), at);
    for (const order of this.#dollars.of(symbol)) this.#fillByDollars(order, at);
  }

  /** Lets an order by dollars take what there is for it now. */
  #fillByDollars(order: VenueOrder, at: string): void {
    const auction = this.#auction(order.symbol);
    if (order.stopPrice !== null && !order.elected) {
      if (!reachesStop(order, auction.last)) return;
      order.elected = true;
      this.#state.touch(order, at);
    }
    const best = auction.best(order.side === 'buy' ? sides.sell : sides.buy);
    const lots = lotsAt(order, best, this.#state.position(order.accountId, order.symbol).qty);
    if (lots === 0) return;
    this.#working.set(order.sequence, order);
    const [time, side] = [Date.parse(at), sides[order.side]];
    this.#take(auction.limit(time, order.sequence, 0, side, best, lots, lifetime.ioc, false, 0), at);
  }

  #auction(symbol: string): DoubleAuction {
    let auction = this.#auctions.get(symbol);
    if (!auction) {
      // Each symbol its own draws, and the same ones every time.
      const seed = [...symbol].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 1);
      auction = new DoubleAuction({ seed, liquidity: this.#liquidity });
      this.#auctions.set(symbol, auction);
    }
    return auction;
  }

  #siblings(order: VenueOrder): VenueOrder[] {
    if (order.groupRole === null || order.groupRole === 'entry') return [];
    return this.#state
      .group(order)
      .filter((other) => other !== order && other.groupRole !== 'entry' && !isFinal(other.status));
  }

  /** Writes into the books what a command did, in its order, and then does what follows from it. */
  #take(tape: EventTape, at: string): void {
    for (const event of tape.list()) this.#write(event, at);
    this.#follow();
  }

  #follow(): void {
    if (this.#following) return;
    this.#following = true;
    try {
      for (let next = this.#next.shift(); next; next = this.#next.shift()) next();
    } finally {
      this.#following = false;
    }
  }

  #write(event: BookEvent, at: string): void {
    if (event.kind === 'trade') {
      for (const number of [event.maker, event.taker]) {
        const order = this.#working.get(number);
        if (order) this.#fill(order, event.lots, event.tick, at);
      }
      return;
    }
    if (event.kind === 'rejected') {
      throw new Error(`the auction refused order ${event.id}: ${reasonName(event.reason)}`);
    }
    const order = this.#working.get(event.id);
    if (!order) return;
    if (event.kind === 'canceled') {
      this.#working.delete(event.id);
      // An order by dollars waits for the next quote with what it could not get.
      if (order.notional === null) this.#canceled(order, at);
    } else if (event.kind === 'triggered') {
      order.elected = true;
      this.#state.touch(order, at);
    } else if (event.kind === 'reduced') {
      order.qty -= event.lots;
      this.#state.touch(order, at);
    }
  }

  #canceled(order: VenueOrder, at: string): void {
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
    for (const other of this.#state.group(order)) {
      if (!isFinal(other.status)) this.#next.push(() => this.cancel(other, at));
    }
  }

  #fill(order: VenueOrder, qty: Lots, price: Ticks, at: string): void {
    const state = this.#state;
    const account = state.accounts.get(order.accountId)!;
    const cost = costOf(order.symbol, qty, price);
    const fee = feeOf({ symbol: order.symbol, side: order.side, lots: qty, cost }, this.#newId);
    const position = state.position(order.accountId, order.symbol);
    const signed = order.side === 'buy' ? qty - (fee?.lots ?? 0) : -qty;
    movePosition(position, signed, price);
    account.cash += (order.side === 'buy' ? -cost : cost) - (fee?.money ?? 0n);
    order.filledQty += qty;
    order.filledCost += cost;
    if (order.notional !== null) order.qty = order.filledQty;
    const complete = order.notional === null ? order.filledQty === order.qty : isSpent(order, price, position.qty);
    order.status = complete ? 'filled' : 'partially_filled';
    if (complete) {
      order.filledAt = at;
      this.#working.delete(order.sequence);
      this.#dollars.delete(order);
    }
    const execution = {
      id: this.#newId(),
      accountId: order.accountId,
      orderId: order.id,
      symbol: order.symbol,
      side: order.side,
      qty,
      price,
      cumQty: order.filledQty,
      leavesQty:
        order.notional === null
          ? order.qty - order.filledQty
          : complete
            ? 0
            : lotsFor(order.symbol, order.notional - order.filledCost, price),
      fee,
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
  #moveGroup(order: VenueOrder, qty: Lots, complete: boolean, at: string): void {
    const state = this.#state;
    if (order.groupRole === 'entry') {
      if (!complete) return;
      for (const leg of state.legs(order)) {
        if (leg.status !== 'held') continue;
        leg.status = 'new';
        state.touch(leg, at);
        state.publish({ accountId: leg.accountId, event: 'new', order: leg, execution: null, positionQty: null, at });
      }
      for (const leg of state.legs(order)) this.#next.push(() => this.work(leg, at));
      return;
    }
    for (const sibling of this.#siblings(order)) {
      // In the auction the two are a pair, and it tells what became of the other; one that is not there yet is seen to here.
      if (this.#working.has(sibling.sequence)) continue;
      if (complete) this.#next.push(() => this.cancel(sibling, at));
      else {
        sibling.qty -= qty;
        state.touch(sibling, at);
      }
    }
  }
}

function lifetimeOf(timeInForce: VenueTimeInForce): Lifetime {
  if (timeInForce === 'ioc' || timeInForce === 'fok' || timeInForce === 'gtc') return lifetime[timeInForce];
  return lifetime.day;
}

/** How far a market or stop buy that opens goes from the best price, as Alpaca collars it: 4 % below fifty dollars, else 2.5 %. */
function collarPpm(order: VenueOrder, auction: DoubleAuction): number {
  if (order.positionIntent !== 'buy_to_open') return 0;
  const price = (order.elected ? null : order.stopPrice) ?? (auction.best(sides.sell) || auction.last);
  return price < 50 * ticksPerDollar ? 40_000 : 25_000;
}
