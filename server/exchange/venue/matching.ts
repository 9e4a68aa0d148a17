import { DoubleAuction } from '../book/double-auction.ts';
import { type BookEvent, type EventTape, reasonName } from '../book/event-tape.ts';
import { trailedStop } from '../book/stop-book.ts';
import {
  displayedLiquidity,
  type Lifetime,
  type Liquidity,
  lifetime,
  type Side,
  side as sides,
} from '../book/terms.ts';
import type { MarketQuote } from '../market/market.ts';
import { allows, collarOf, worstPrice } from './collar.ts';
import { DollarOrders, lotsAt, reachesStop } from './dollar-orders.ts';
import type { Hours } from './hours.ts';
import { byTurn, isFinal, isWaiting, type Ticks, type VenueOrder, type VenueTimeInForce } from './model.ts';
import { move, postFill } from './posting.ts';
import { isCrypto, type Lots, lotsPerUnitOf, shownLots } from './quantity.ts';
import type { VenueState } from './state.ts';

export interface MatchingParts {
  readonly state: VenueState;
  readonly hours: Hours;
  readonly newId: () => string;
  readonly liquidity?: Liquidity | undefined;
}

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
  readonly #hours: Hours;
  readonly #newId: () => string;
  readonly #liquidity: Liquidity;
  #partialPpm: (symbol: string) => number = () => 0;
  /** What follows from what was done: orders that end, and only then those that begin to work. */
  readonly #ends: (() => void)[] = [];
  readonly #begins: (() => void)[] = [];
  #following = false;

  constructor({ state, hours, newId, liquidity = displayedLiquidity }: MatchingParts) {
    this.#state = state;
    this.#hours = hours;
    this.#newId = newId;
    this.#liquidity = liquidity;
  }

  lastTrade(symbol: string): Ticks | null {
    return this.#auctions.get(symbol)?.last || null;
  }

  /** The best levels of a side, with the sequences of the orders in them; the market's own quote has a number of its own. */
  depth(symbol: string, side: Side, levels: number): ReturnType<DoubleAuction['depth']> {
    return this.#auctions.get(symbol)?.depth(side, levels) ?? [];
  }

  isHalted(symbol: string): boolean {
    return this.#halted.has(symbol);
  }

  /** Changes how many of the fills against a symbol's quotes are cut, in millionths. */
  cutFills(partialPpm: (symbol: string) => number): void {
    this.#partialPpm = partialPpm;
    for (const [symbol, auction] of this.#auctions) auction.lend(this.#liquidityOf(symbol));
  }

  /** Whether an order that could work stands nowhere yet: its hours have just begun. */
  isOutside(order: VenueOrder): boolean {
    return (
      !isFinal(order.status) &&
      order.status !== 'held' &&
      order.status !== 'pending_cancel' &&
      !this.#working.has(order.sequence) &&
      !this.#halted.get(order.symbol)?.has(order) &&
      !this.#dollars.has(order)
    );
  }

  /** Lets an order work whose hours have begun; one that has waited for them is told of as `new`. */
  begin(order: VenueOrder, at: string): void {
    if (isFinal(order.status)) return;
    if (order.status === 'accepted') move(this.#state, order, 'new', 'new', at);
    this.work(order, at);
  }

  /** Puts an order that works (`new`) to where it waits: the book, the stops; nowhere outside its hours. After a restart too. */
  work(order: VenueOrder, at: string): void {
    if (isFinal(order.status) || isWaiting(order.status) || this.#working.has(order.sequence)) return;
    if (!this.#hours.trades(order, new Date(at))) return;
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
    this.#take(this.#enter(order, this.#auction(order.symbol), Date.parse(at)), at);
    if (order.trail) this.#follows(order, at);
  }

  /**
   * Ends an order as canceled, and with it the rest of its group. Nothing happens to one that is final. A stop that rests at an exchange which
   * is closed is only marked: it ends when somebody is there again.
   */
  cancel(order: VenueOrder, at: string): void {
    if (isFinal(order.status)) return;
    const marked = order.status === 'pending_cancel';
    const rests = order.stopPrice !== null && !order.elected && !isWaiting(order.status);
    if ((marked || rests) && !this.#hours.isReachable(order.symbol, new Date(at))) {
      if (marked) return;
      this.withdraw(order);
      move(this.#state, order, 'pending_cancel', 'pending_cancel', at);
      this.#endGroup(order, at);
    } else {
      this.withdraw(order);
      this.#canceled(order, at);
    }
    this.#follow();
  }

  /** Ends orders whose time is over, and then what is left of their groups. Those good till cancelled end as canceled. */
  expire(orders: readonly VenueOrder[], at: string): void {
    for (const order of orders) {
      if (isFinal(order.status)) continue;
      this.withdraw(order);
      if (order.timeInForce === 'gtc') {
        if (order.status !== 'pending_cancel') move(this.#state, order, 'pending_cancel', 'pending_cancel', at);
        this.#canceled(order, at);
      } else {
        move(this.#state, order, 'expired', 'expired', at);
        this.#endGroup(order, at);
      }
    }
    this.#follow();
  }

  /** Fills an order whole at an auction's one price, or ends it: its price was not reached, or (null) there was no auction. */
  auction(order: VenueOrder, price: Ticks | null, at: string): void {
    if (isFinal(order.status)) return;
    if (price !== null && allows(order, price)) this.#fill(order, order.qty - order.filledQty, price, at);
    else this.#canceled(order, at);
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
    const [tick, stop, trail] = [worstPrice(next), next.stopPrice, next.trail?.by];
    const waits = stop !== null && !next.elected;
    const told = this.#auction(order.symbol).replace(Date.parse(at), order.sequence, next.sequence, {
      lots: next.qty - next.filledQty,
      ...(tick === null || tick === worstPrice(order) ? {} : { tick }),
      ...(waits && !next.trail && stop !== order.stopPrice ? { stop } : {}),
      ...(waits && trail !== undefined && trail !== order.trail?.by ? { trail } : {}),
      ...(next.timeInForce === order.timeInForce ? {} : { lifetime: lifetimeOf(next.timeInForce) }),
    });
    this.#take(told, at);
    if (next.trail) this.#follows(next, at);
  }

  /** Nothing trades in the symbol from now on: orders are taken and wait, quotes are not looked at. */
  halt(symbol: string): void {
    if (!this.#halted.has(symbol)) this.#halted.set(symbol, new Set());
  }

  /** Puts whatever waited to work, in its order of arrival. */
  resume(symbol: string, at: string): void {
    const waiting = this.#halted.get(symbol);
    this.#halted.delete(symbol);
    for (const order of [...(waiting ?? [])].sort(byTurn)) this.work(order, at);
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
    if (print !== null) this.print(symbol, print, at);
    for (const order of this.#dollars.of(symbol)) this.#fillByDollars(order, at);
  }

  /** A trade between others: it elects stops and moves those that trail. */
  print(symbol: string, price: Ticks, at: string): void {
    if (!this.#halted.has(symbol)) this.#take(this.#auction(symbol).print(Date.parse(at), price), at);
  }

  /** Hands an order to the auction, in the words that it has for it. */
  #enter(order: VenueOrder, auction: DoubleAuction, time: number): EventTape {
    const { sequence: number, trail } = order;
    const side = sides[order.side];
    const lots = order.qty - order.filledQty;
    const life = lifetimeOf(order.timeInForce);
    const limit = worstPrice(order) ?? 0;
    const peer = this.#siblings(order).find((other) => this.#working.has(other.sequence))?.sequence ?? 0;
    const collar = limit === 0 ? collarPpm(order, auction) : 0;
    this.#working.set(number, order);
    if (trail && !order.elected) {
      const [ticks, share] = trail.unit === 'ticks' ? [trail.by, 0] : [0, trail.by];
      return auction.trail(time, number, 0, side, ticks, share, order.hwm ?? 0, lots, life, collar, peer);
    }
    if (order.stopPrice !== null && !order.elected) {
      return auction.stop(time, number, 0, side, order.stopPrice, limit, lots, life, collar, peer);
    }
    if (limit > 0) return auction.limit(time, number, 0, side, limit, lots, life, false, peer);
    return auction.market(time, number, 0, side, lots, life, collar, peer);
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
    if (!allows(order, best)) return;
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
      auction = new DoubleAuction({ seed, liquidity: this.#liquidityOf(symbol) });
      this.#auctions.set(symbol, auction);
    }
    return auction;
  }

  #liquidityOf(symbol: string): Liquidity {
    const partialPpm = Math.max(this.#liquidity.partialPpm, this.#partialPpm(symbol));
    // Coins have no whole ones to speak of.
    return { ...this.#liquidity, partialPpm, partialStep: isCrypto(symbol) ? 1 : lotsPerUnitOf(symbol) };
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
      const next = (): (() => void) | undefined => this.#ends.shift() ?? this.#begins.shift();
      for (let task = next(); task; task = next()) task();
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
    } else if (event.kind === 'trailed') {
      order.hwm = event.mark;
      order.stopPrice = event.tick;
      this.#state.touch(order, at);
    }
  }

  /** Takes over from the auction where a trailing stop stands that has just come to it. */
  #follows(order: VenueOrder, at: string): void {
    const { hwm, trail } = order;
    const mark = hwm ?? this.#auction(order.symbol).order(order.sequence)?.stop?.mark ?? 0;
    if (mark === 0 || !trail || order.elected) return;
    const stop = stopOf(order, mark);
    if (stop === order.stopPrice && mark === hwm) return;
    order.hwm = mark;
    order.stopPrice = stop;
    this.#state.touch(order, at);
  }

  #canceled(order: VenueOrder, at: string): void {
    move(this.#state, order, 'canceled', 'canceled', at);
    this.#endGroup(order, at);
  }

  #endGroup(order: VenueOrder, at: string): void {
    for (const other of this.#state.group(order)) {
      if (!isFinal(other.status) && other.status !== 'pending_cancel') this.#ends.push(() => this.cancel(other, at));
    }
  }

  #fill(order: VenueOrder, qty: Lots, price: Ticks, at: string): void {
    const complete = postFill(this.#state, order, { qty, price, at, newId: this.#newId });
    if (complete) {
      this.#working.delete(order.sequence);
      this.#dollars.delete(order);
    }
    this.#moveGroup(order, qty, complete, at);
  }

  /** Held legs work once the entry is completely filled; of two working legs, what one fills the other loses. */
  #moveGroup(order: VenueOrder, qty: Lots, complete: boolean, at: string): void {
    const state = this.#state;
    if (order.groupRole === 'entry') {
      if (!complete) return;
      for (const leg of state.legs(order)) if (leg.status === 'held') move(state, leg, 'new', 'new', at);
      for (const leg of state.legs(order)) this.#begins.push(() => this.work(leg, at));
      return;
    }
    for (const sibling of this.#siblings(order)) {
      // In the auction the two are a pair, and it tells what became of the other; one that is not there yet is seen to here.
      if (this.#working.has(sibling.sequence)) continue;
      if (complete) this.#ends.push(() => this.cancel(sibling, at));
      else {
        sibling.qty -= qty;
        state.touch(sibling, at);
      }
    }
  }
}

/** Where a trailing stop stands for a mark. */
export function stopOf({ side, trail }: Pick<VenueOrder, 'side' | 'trail'>, mark: Ticks): Ticks {
  const [ticks, share] = trail!.unit === 'ticks' ? [trail!.by, 0] : [0, trail!.by];
  return trailedStop(side === 'sell', mark, ticks, share);
}

function lifetimeOf(timeInForce: VenueTimeInForce): Lifetime {
  if (timeInForce === 'ioc' || timeInForce === 'fok' || timeInForce === 'gtc') return lifetime[timeInForce];
  return lifetime.day;
}

/** Of a buy that opens at market, or trails, how far it goes from the best price, in millionths; 0: as far as it has to. */
function collarPpm(order: VenueOrder, auction: DoubleAuction): number {
  if (order.side !== 'buy' || (order.type === 'market' && order.positionIntent !== 'buy_to_open')) return 0;
  return collarOf(auction.best(sides.sell) || auction.last || order.stopPrice || 0);
}
