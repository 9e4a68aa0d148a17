import type { DoubleAuction } from '../../exchange/book/double-auction.ts';
import type { BookEvent } from '../../exchange/book/event-tape.ts';
import { lifetime, million, reason, type Side, side } from '../../exchange/book/terms.ts';
import type { Command } from './command.ts';

/** A rule of the auction that was broken. */
export class BrokenRule extends Error {}

interface Watched {
  readonly side: Side;
  /** 0: none. */
  limit: number;
  /** Lots that could still be filled, by the events. */
  open: number;
  life: number;
  /** Until it is elected; 0: a trailing one that has seen no price, null: no stop order, or an elected one. */
  stop: number | null;
  /** How it trails; both 0: it does not. */
  trailTicks: number;
  trailPpm: number;
  mark: number;
  peer: Watched | null;
  /** What its peer was filled by, and it has not lost yet. */
  owes: number;
  peerDone: boolean;
  filledNow: number;
}

/**
 * Follows an auction by its events alone, and knows the rules, but not how to run an auction: each event is held against what happened
 * before it. Throws a `BrokenRule`.
 */
export class AuctionWatch {
  readonly orders = new Map<number, Watched>();
  bought = 0;
  sold = 0;
  cash = 0;
  trades = 0;
  #last = 0;
  /** The order that this command brings, and that must not take. */
  #post = 0;

  follow(command: Command, events: readonly BookEvent[]): void {
    for (const order of this.orders.values()) order.filledNow = 0;
    this.#post = command.kind === 'limit' && command.post ? command.id : 0;
    if (command.kind === 'print' && events[0]?.kind !== 'rejected') this.#last = command.tick;
    for (const event of events) {
      if (event.kind === 'rejected') rule(events.length === 1, 'a refused command does nothing', event);
      else if (event.kind === 'accepted') this.#accept(command, event);
      else if (event.kind === 'replaced') this.#replace(command, event);
      else if (event.kind === 'trade') this.#trade(command, event);
      else if (event.kind === 'triggered') this.#trigger(event);
      else if (event.kind === 'trailed') this.#trail(event);
      else if (event.kind === 'reduced') this.#reduce(event);
      else this.#end(command, event);
    }
    for (const [id, order] of this.orders) this.#stands(id, order);
  }

  /** What must be so between two commands. */
  check(auction: DoubleAuction): void {
    const bid = auction.best(side.buy);
    const ask = auction.best(side.sell);
    rule(bid === 0 || ask === 0 || bid < ask, 'the book is not crossed', { bid, ask });
    rule(this.bought === this.sold, 'what was bought was sold', this);
    rule(this.cash === 0, 'cash only changes hands', this);
    rule(auction.last === this.#last, 'the last price is the last trade or print', auction.last);
    rule(auction.openOrders === this.orders.size, 'open is what was taken and has not ended', auction.openOrders);
  }

  /** Each order's open lots are those it came with, less what events took of them; what it is, it still is. */
  checkOrders(auction: DoubleAuction): void {
    for (const [id, watched] of this.orders) {
      const order = auction.order(id);
      rule(order?.lots === watched.open, 'lots are filled, taken away, or open', { id, order, watched });
      rule(order?.side === watched.side && order.lifetime === watched.life, 'an order stays what it is', { id });
      rule((order?.stop?.stop ?? null) === watched.stop, 'a stop stands where events left it', { id, order, watched });
    }
  }

  #accept(command: Command, event: BookEvent & { kind: 'accepted' }): void {
    if (!('side' in command)) throw new BrokenRule(`accepted without an entry: ${text(event)}`);
    rule(!this.orders.has(event.id), 'an id is one open order', event);
    const trails = command.kind === 'trail';
    const { trailTicks, trailPpm } = trails ? command : { trailTicks: 0, trailPpm: 0 };
    const peer = command.peer === undefined ? null : this.orders.get(command.peer)!;
    const mark = trails ? command.mark || this.#last : 0;
    const order: Watched = {
      side: command.side,
      limit: 'tick' in command ? command.tick : 0,
      open: event.lots,
      life: command.lifetime,
      stop: trails ? (mark === 0 ? 0 : trailed(command, mark)) : command.kind === 'stop' ? command.stop : null,
      trailTicks,
      trailPpm,
      mark,
      peer,
      owes: 0,
      peerDone: false,
      filledNow: 0,
    };
    if (peer) {
      rule(peer.peer === null && peer.side === order.side, 'a pair is two open orders of one side', event);
      peer.peer = order;
    }
    this.orders.set(event.id, order);
  }

  #replace(command: Command, event: BookEvent & { kind: 'replaced' }): void {
    const order = this.#order(event.replaces, event);
    if (command.kind !== 'replace') throw new BrokenRule(`replaced without being told: ${text(event)}`);
    const { change } = command;
    this.orders.delete(event.replaces);
    rule(!this.orders.has(event.id), 'an id is one open order', event);
    this.orders.set(event.id, order);
    order.open = event.lots;
    order.limit = change.tick ?? order.limit;
    order.life = change.lifetime ?? order.life;
    if (change.stop !== undefined) order.stop = change.stop;
    if (change.trail === undefined) return;
    if (order.trailPpm > 0) order.trailPpm = change.trail;
    else order.trailTicks = change.trail;
    if (order.mark > 0) order.stop = trailed(order, order.mark);
  }

  #trade(command: Command, trade: BookEvent & { kind: 'trade' }): void {
    rule(Number.isInteger(trade.lots) && trade.lots > 0, 'a trade has lots', trade);
    this.trades += 1;
    this.#last = trade.tick;
    const makerSide = trade.takerSide === side.buy ? side.sell : side.buy;
    for (const [id, way, leaves] of [
      [trade.maker, makerSide, trade.makerLeaves],
      [trade.taker, trade.takerSide, trade.takerLeaves],
    ] as const) {
      if (way === side.buy) this.bought += trade.lots;
      else this.sold += trade.lots;
      this.cash += (way === side.buy ? -1 : 1) * trade.lots * trade.tick;
      // The simulated market's own quotes are no orders; they trade only at or inside what they show.
      if (id >= 0) this.#fill(id, this.#order(id, trade), way, leaves, trade);
      else if (command.kind === 'quote') {
        const limit = way === side.buy ? command.bid : command.ask;
        rule(way === side.buy ? trade.tick <= limit : trade.tick >= limit, 'no worse than a quote', trade);
      }
    }
  }

  #fill(id: number, order: Watched, way: Side, leaves: number, trade: BookEvent & { kind: 'trade' }): void {
    const { limit, peer } = order;
    rule(order.side === way, 'an order trades its own side', trade);
    rule(order.stop === null, 'a stop does not trade before it is elected', trade);
    rule(limit === 0 || (way === side.buy ? trade.tick <= limit : trade.tick >= limit), 'no worse than a limit', trade);
    rule(order.owes === 0 && !order.peerDone, 'what one of a pair fills, the other loses before it trades', trade);
    rule(trade.taker !== this.#post, 'a post-only order takes nothing', trade);
    order.open -= trade.lots;
    order.filledNow += trade.lots;
    rule(order.open === leaves && leaves >= 0, 'no order is filled beyond its lots', { trade, order: order.open });
    if (peer) {
      peer.owes += trade.lots;
      peer.peerDone ||= leaves === 0;
    }
    if (leaves === 0) this.#forget(id, order);
  }

  #trigger(event: BookEvent & { kind: 'triggered' }): void {
    const order = this.#order(event.id, event);
    const { stop } = order;
    if (stop === null || stop === 0) throw new BrokenRule(`elected without a stop: ${text(event)}`);
    rule(stop === event.tick, 'a stop is elected at its own price', event);
    rule(
      order.side === side.buy ? this.#last >= stop : this.#last <= stop,
      'a stop is elected by a price that reaches it',
      { event, last: this.#last },
    );
    order.stop = null;
  }

  #trail(event: BookEvent & { kind: 'trailed' }): void {
    const order = this.#order(event.id, event);
    const sell = order.side === side.sell;
    const trails = order.trailTicks > 0 || order.trailPpm > 0;
    rule(trails && order.stop !== null, 'only a trailing stop trails', event);
    const better = order.mark === 0 || (sell ? event.mark > order.mark : event.mark < order.mark);
    rule(better && event.mark === this.#last, 'a mark moves one way, with the price', { event, mark: order.mark });
    const nearer = order.stop === 0 || (sell ? event.tick >= order.stop! : event.tick <= order.stop!);
    rule(nearer, 'a trailing stop moves one way', { event, stop: order.stop });
    rule(event.tick === trailed(order, event.mark), 'a trailing stop stays its distance behind its mark', event);
    order.mark = event.mark;
    order.stop = event.tick;
  }

  #reduce(event: BookEvent & { kind: 'reduced' }): void {
    const order = this.#order(event.id, event);
    rule(event.lots === order.owes && !order.peerDone, 'one of a pair loses what the other was filled by', event);
    order.owes = 0;
    order.open -= event.lots;
    rule(order.open === event.leaves && event.leaves > 0, 'lots are filled, taken away, or open', event);
  }

  #end(command: Command, event: BookEvent & { kind: 'canceled' | 'expired' }): void {
    const order = this.#order(event.id, event);
    rule(order.open === event.lots, 'what ends is what was open', { event, open: order.open });
    if (event.kind === 'expired') {
      const told = command.kind === 'expire' ? command.id === event.id : command.kind === 'endOfDay';
      rule(
        told && (command.kind === 'expire' || order.life === lifetime.day),
        'only a day order expires unasked',
        event,
      );
    } else if (event.reason === reason.sibling) {
      rule(order.peerDone || order.owes >= order.open, 'one of a pair ends when the other is filled', event);
    } else if (event.reason === reason.immediate) {
      rule(order.life === lifetime.ioc && order.stop === null, 'only an ioc order ends for its remainder', event);
    } else if (event.reason === reason.killed) {
      rule(order.life === lifetime.fok && order.filledNow === 0, 'a fok order is filled whole or not at all', event);
    } else rule(command.kind === 'cancel' && command.id === event.id, 'nothing is canceled unasked', event);
    this.#forget(event.id, order);
  }

  #stands(id: number, order: Watched): void {
    const { stop, life } = order;
    rule(order.owes === 0 && !order.peerDone, 'of a pair, both are never filled', {
      id,
      order: { ...order, peer: null },
    });
    rule(stop !== null || life < lifetime.ioc, 'ioc and fok leave nothing behind', { id });
    if (stop === null || stop === 0 || this.#last === 0) return;
    const reached = order.side === side.buy ? stop <= this.#last : stop >= this.#last;
    rule(!reached, 'a stop that is reached is elected', { id, stop, last: this.#last });
  }

  #order(id: number, event: BookEvent): Watched {
    const order = this.orders.get(id);
    if (!order) throw new BrokenRule(`an event of no open order: ${text(event)}`);
    return order;
  }

  #forget(id: number, order: Watched): void {
    this.orders.delete(id);
    if (order.peer) order.peer.peer = null;
    order.peer = null;
  }
}

function trailed(trail: { side: Side; trailTicks: number; trailPpm: number }, mark: number): number {
  const away = trail.trailTicks > 0 ? trail.trailTicks : (mark * trail.trailPpm) / million;
  return Math.max(1, trail.side === side.sell ? Math.floor(mark - away) : Math.ceil(mark + away));
}

function rule(kept: boolean, what: string, about: unknown): void {
  if (!kept) throw new BrokenRule(`${what}: ${text(about)}`);
}

const text = (about: unknown): string => JSON.stringify(about, (key, value) => (key === 'orders' ? undefined : value));
