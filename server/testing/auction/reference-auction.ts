import type { OrderChange } from '../../exchange/book/double-auction.ts';
import type { BookEvent } from '../../exchange/book/event-tape.ts';
import { SeededDraw } from '../../exchange/book/seeded-draw.ts';
import {
  type Liquidity,
  largestKey,
  largestLots,
  lifetime,
  marketAsk,
  marketBid,
  million,
  type Reason,
  reason,
  type Side,
  side as sides,
} from '../../exchange/book/terms.ts';
import type { Command } from './command.ts';

type EntryCommand = Command & { kind: 'limit' | 'market' | 'stop' | 'trail' };

interface Order {
  id: number;
  side: Side;
  tick: number;
  lots: number;
  life: number;
  atMarket: boolean;
  collarPpm: number;
  post: boolean;
  where: 'nowhere' | 'book' | 'waiting' | 'stop' | 'elected';
  /** When it took its place there: the order of turns. */
  turn: number;
  arrival: number;
  peer: Order | null;
  stop: number;
  trailTicks: number;
  trailPpm: number;
  mark: number;
  quote: boolean;
}

/**
 * The double auction again, as its rules read and as slow as they come: one list of orders, sorted anew whenever somebody's turn is asked
 * for. It serves as the measure of the real one.
 */
export class ReferenceAuction {
  readonly liquidity: Liquidity;
  last = 0;
  orders: Order[] = [];
  #events: BookEvent[] = [];
  #turns = 0;
  #cut = false;
  #cutNow = new Set<number>();
  #arrived = new Set<Side>();
  readonly #draw: SeededDraw;

  constructor(seed: number, liquidity: Liquidity) {
    this.#draw = new SeededDraw(seed);
    this.liquidity = liquidity;
  }

  apply(command: Command): BookEvent[] {
    this.#events = [];
    this.#cutNow.clear();
    this.#run(command);
    return this.#events;
  }

  /** The book's side, in the order in which it would be filled. */
  book(side: Side): Order[] {
    return this.orders
      .filter((order) => order.where === 'book' && order.side === side)
      .sort((a, b) => (side === sides.buy ? b.tick - a.tick : a.tick - b.tick) || a.turn - b.turn);
  }

  #run(c: Command): void {
    switch (c.kind) {
      case 'cancel':
      case 'expire':
        this.#endOne(c);
        break;
      case 'replace':
        this.#replace(c);
        break;
      case 'quote':
        this.#quote(c);
        break;
      case 'print':
        if (isKey(c.tick)) this.#price(c.tick);
        else this.#reject(0, reason.badTick);
        break;
      case 'endOfDay':
        for (const order of [...this.orders].sort((a, b) => a.arrival - b.arrival)) {
          if (order.life !== lifetime.day || order.quote) continue;
          this.#events.push({ kind: 'expired', id: order.id, lots: order.lots });
          this.#remove(order);
        }
        break;
      default:
        this.#admit(c);
    }
    this.#settle();
  }

  #find(id: number): Order | undefined {
    return this.orders.find((order) => order.id === id && !order.quote);
  }

  #reject(id: number, why: Reason): void {
    this.#events.push({ kind: 'rejected', id, reason: why });
  }

  #admit(c: EntryCommand): void {
    const tick = 'tick' in c ? c.tick : 0;
    const peer = c.peer === undefined ? undefined : this.#find(c.peer);
    const order: Order = {
      ...blank,
      id: c.id,
      side: c.side,
      tick,
      lots: c.lots,
      life: c.lifetime,
      atMarket: tick === 0,
      collarPpm: c.collarPpm ?? 0,
      post: c.kind === 'limit' && c.post === true,
    };
    const why = this.#refusal(c, order, peer);
    if (why !== reason.none) {
      this.#reject(c.id, why);
      return;
    }
    this.#events.push({ kind: 'accepted', id: c.id, lots: c.lots });
    this.#turns += 1;
    order.arrival = this.#turns;
    if (c.kind === 'limit' || c.kind === 'market') {
      order.peer = peer ?? null;
      this.#enter(order, true);
      order.peer = null;
      if (order.where !== 'nowhere' && peer && this.orders.includes(peer)) pair(order, peer);
      return;
    }
    if (c.kind === 'trail') {
      order.trailTicks = c.trailTicks;
      order.trailPpm = c.trailPpm;
      order.mark = c.mark || this.last;
      order.stop = order.mark ? trailed(order) : 0;
    } else order.stop = c.stop;
    this.orders.push(order);
    if (peer) pair(order, peer);
    this.#place(order, 'stop');
    if (this.last > 0) this.#elect(this.last);
  }

  #refusal(c: EntryCommand, order: Order, peer: Order | undefined): Reason {
    if (!isKey(c.id)) return reason.badId;
    if (!isLots(c.lots)) return reason.badLots;
    if (this.#find(c.id)) return reason.duplicateId;
    if (c.peer !== undefined && (!peer || peer.peer || peer.side !== c.side)) return reason.badPeer;
    if (c.kind === 'limit' && !isKey(c.tick)) return reason.badTick;
    if (c.kind === 'stop' && (!isKey(c.stop) || !(c.tick === 0 || isKey(c.tick)))) return reason.badTick;
    if (c.kind === 'trail') {
      const way = c.trailTicks === 0 ? isKey(c.trailPpm) && c.trailPpm < million : isKey(c.trailTicks);
      if (!way || !(c.mark === 0 || isKey(c.mark))) return reason.badTick;
    }
    return order.post && this.#reach(order) ? reason.wouldTrade : reason.none;
  }

  #endOne(c: Command & { kind: 'cancel' | 'expire' }): void {
    const order = this.#find(c.id);
    if (!order) {
      this.#reject(c.id, reason.unknownOrder);
      return;
    }
    const { id, lots } = order;
    if (c.kind === 'cancel') this.#events.push({ kind: 'canceled', id, lots, reason: reason.requested });
    else this.#events.push({ kind: 'expired', id, lots });
    this.#remove(order);
  }

  #replace({ id, newId, change }: Command & { kind: 'replace' }): void {
    const order = this.#find(id);
    const why = order ? this.#replaceRefusal(order, newId, change) : reason.unknownOrder;
    if (!order || why !== reason.none) {
      this.#reject(newId, why);
      return;
    }
    const lots = change.lots ?? order.lots;
    const tick = change.tick ?? order.tick;
    const life = change.lifetime ?? order.life;
    this.#events.push({ kind: 'replaced', id: newId, replaces: id, lots });
    const same = tick === order.tick && life === order.life && change.stop === undefined && change.trail === undefined;
    const keepsTurn = same && lots <= order.lots;
    order.id = newId;
    order.lots = lots;
    if (keepsTurn) return;
    this.#turns += 1;
    order.arrival = this.#turns;
    order.tick = tick;
    order.life = life;
    if (order.where !== 'stop') {
      this.#enter(order, false);
      return;
    }
    order.stop = change.stop ?? order.stop;
    if (change.trail !== undefined) {
      if (order.trailPpm > 0) order.trailPpm = change.trail;
      else order.trailTicks = change.trail;
      if (order.mark > 0) order.stop = trailed(order);
    }
    this.#place(order, 'stop');
    if (this.last > 0) this.#elect(this.last);
  }

  #replaceRefusal(order: Order, newId: number, change: OrderChange): Reason {
    const stopped = order.where === 'stop';
    const trails = order.trailTicks > 0 || order.trailPpm > 0;
    if (newId !== order.id && !isKey(newId)) return reason.badId;
    if (change.lots !== undefined && !isLots(change.lots)) return reason.badLots;
    if (newId !== order.id && this.#find(newId)) return reason.duplicateId;
    if (change.tick !== undefined && (order.atMarket || !isKey(change.tick))) return reason.badTick;
    if (change.stop !== undefined && (!stopped || trails || !isKey(change.stop))) return reason.badTick;
    if (change.trail !== undefined) {
      if (!stopped || !trails || !isKey(change.trail)) return reason.badTick;
      if (order.trailPpm > 0 && change.trail >= million) return reason.badTick;
    }
    const tick = change.tick ?? order.tick;
    return !stopped && order.post && this.#reach({ ...order, tick }) ? reason.wouldTrade : reason.none;
  }

  #quote(c: Command & { kind: 'quote' }): void {
    const wrong = (tick: number, lots: number): boolean => lots !== 0 && !(isKey(tick) && isLots(lots));
    if (wrong(c.bid, c.bidLots) || wrong(c.ask, c.askLots)) {
      this.#reject(marketBid, reason.badTick);
      return;
    }
    if (c.bidLots > 0 && c.askLots > 0 && c.bid >= c.ask) {
      this.#reject(marketBid, reason.crossedQuote);
      return;
    }
    this.orders = this.orders.filter((order) => !order.quote);
    for (const side of [sides.buy, sides.sell]) {
      const [id, tick, shown] = side === sides.buy ? [marketBid, c.bid, c.bidLots] : [marketAsk, c.ask, c.askLots];
      if (shown === 0) continue;
      const lots = this.liquidity.size === 'unlimited' ? Number.POSITIVE_INFINITY : shown;
      const quote = { ...blank, id, side, tick, lots, quote: true };
      this.#trade(quote, tick);
      if (quote.lots === 0) continue;
      this.orders.push(quote);
      this.#place(quote, 'book');
    }
  }

  /** Those of the other side that an order would trade with, in turn. */
  #partners(order: Order, limit: number): Order[] {
    const buy = order.side === sides.buy;
    return this.book(buy ? sides.sell : sides.buy).filter(
      ({ tick }) => limit === 0 || (buy ? tick <= limit : tick >= limit),
    );
  }

  #reach(order: Order): boolean {
    return this.#partners(order, order.tick).length > 0;
  }

  /** What the order is limited to now: its own limit, or its collar, which is set by the first price it meets. */
  #limit(order: Order): number {
    if (order.atMarket && order.tick === 0 && order.collarPpm > 0) {
      const buy = order.side === sides.buy;
      const best = this.book(buy ? sides.sell : sides.buy)[0]?.tick ?? this.last;
      const share = buy ? million + order.collarPpm : million - order.collarPpm;
      if (best > 0)
        order.tick = Math.max(1, buy ? Math.floor((best * share) / million) : Math.ceil((best * share) / million));
    }
    return order.tick;
  }

  /** Works an order that stands nowhere. */
  #enter(order: Order, fresh: boolean): void {
    order.where = 'nowhere';
    const limit = this.#limit(order);
    const whole = order.life === lifetime.fok;
    const partners = this.#partners(order, limit);
    // Filling one of a pair takes the other away: of two that could be reached, the first in turn counts.
    const counted = partners.filter(({ peer }, at) => peer === null || !partners.slice(0, at).includes(peer));
    const reachable = counted.reduce((sum, other) => sum + other.lots, 0);
    this.#cut = false;
    if (!whole || reachable >= order.lots) this.#fillAndShrink(order, limit);
    if (order.lots > 0 && order.life >= lifetime.ioc) {
      this.#events.push({
        kind: 'canceled',
        id: order.id,
        lots: order.lots,
        reason: whole ? reason.killed : reason.immediate,
      });
    }
    if (order.lots === 0 || order.life >= lifetime.ioc) {
      if (!fresh) this.#remove(order);
      return;
    }
    if (fresh) this.orders.push(order);
    this.#place(order, this.#cut || order.atMarket ? 'waiting' : 'book');
  }

  #fillAndShrink(order: Order, limit: number): void {
    const before = order.lots;
    const { peer } = order;
    this.#trade(order, limit);
    if (order.lots === 0 && this.orders.includes(order)) this.#remove(order);
    if (peer && this.orders.includes(peer) && order.lots < before) {
      this.#shrink(peer, before - order.lots, order.lots === 0);
    }
  }

  #trade(taker: Order, limit: number): void {
    this.#cut = false;
    while (taker.lots > 0) {
      const maker = this.#partners(taker, limit)[0];
      if (!maker) return;
      let lots = Math.min(taker.lots, maker.lots);
      let cut = false;
      const { partialPpm, partialStep = 1 } = this.liquidity;
      const step = lots % partialStep === 0 ? partialStep : 1;
      if ((taker.quote || maker.quote) && partialPpm > 0 && taker.life !== lifetime.fok && lots / step >= 2) {
        cut = this.#draw.next() * million < partialPpm;
        if (cut) lots = step * (1 + Math.floor(this.#draw.next() * (lots / step - 1)));
      }
      taker.lots -= lots;
      maker.lots -= lots;
      this.#events.push({
        kind: 'trade',
        maker: maker.id,
        taker: taker.id,
        tick: maker.tick,
        lots,
        makerLeaves: maker.lots,
        takerLeaves: taker.lots,
        takerSide: taker.side,
      });
      const { peer } = maker;
      if (maker.lots === 0) this.#remove(maker);
      if (peer) this.#shrink(peer, lots, maker.lots === 0);
      if (cut) this.#cutNow.add(taker.quote ? maker.id : taker.id);
      if (cut && taker.quote) this.#place(maker, 'waiting');
      this.#price(maker.tick);
      this.#cut = cut && !taker.quote;
      if (this.#cut) return;
    }
  }

  #shrink(order: Order, lots: number, done: boolean): void {
    if (done || lots >= order.lots) {
      this.#events.push({ kind: 'canceled', id: order.id, lots: order.lots, reason: reason.sibling });
      this.#remove(order);
      return;
    }
    order.lots -= lots;
    this.#events.push({ kind: 'reduced', id: order.id, lots, leaves: order.lots });
  }

  #price(tick: number): void {
    if (tick === this.last) return;
    this.last = tick;
    this.#elect(tick);
  }

  #elect(tick: number): void {
    const stops = (): Order[] => this.orders.filter(({ where }) => where === 'stop');
    for (const order of stops().sort((a, b) => a.arrival - b.arrival)) {
      if (order.trailTicks === 0 && order.trailPpm === 0) continue;
      const sell = order.side === sides.sell;
      if (order.mark !== 0 && (sell ? tick <= order.mark : tick >= order.mark)) continue;
      order.mark = tick;
      const stop = trailed(order);
      if (stop !== order.stop) {
        order.stop = stop;
        this.#place(order, 'stop');
      }
      this.#events.push({ kind: 'trailed', id: order.id, tick: stop, mark: tick });
    }
    const reached = stops().filter(({ side, stop }) => stop > 0 && (side === sides.buy ? stop <= tick : stop >= tick));
    reached.sort(
      (a, b) => a.side - b.side || (a.side === sides.buy ? a.stop - b.stop : b.stop - a.stop) || a.turn - b.turn,
    );
    for (const order of reached) {
      this.#events.push({ kind: 'triggered', id: order.id, tick: order.stop });
      this.#place(order, 'elected');
    }
  }

  #place(order: Order, where: Order['where']): void {
    this.#turns += 1;
    order.turn = this.#turns;
    order.where = where;
    if (where === 'book') this.#arrived.add(order.side);
  }

  #remove(order: Order): void {
    this.orders = this.orders.filter((other) => other !== order);
    if (order.peer?.peer === order) order.peer.peer = null;
    order.peer = null;
  }

  #settle(): void {
    for (;;) {
      const arrived = [sides.buy, sides.sell].find((side) => this.#arrived.has(side));
      if (arrived !== undefined) {
        this.#arrived.delete(arrived);
        const waiting = this.orders.filter((o) => o.where === 'waiting' && o.side !== arrived);
        for (const order of waiting.sort((a, b) => a.turn - b.turn)) {
          if (order.where !== 'waiting' || this.#cutNow.has(order.id) || !this.orders.includes(order)) continue;
          this.#fillAndShrink(order, this.#limit(order));
          if (order.lots > 0 && !this.#cut && !order.atMarket) this.#place(order, 'book');
        }
        continue;
      }
      const elected = this.orders.filter((o) => o.where === 'elected').sort((a, b) => a.turn - b.turn)[0];
      if (!elected) return;
      this.#enter(elected, false);
    }
  }
}

const blank = {
  life: lifetime.gtc,
  atMarket: false,
  collarPpm: 0,
  post: false,
  where: 'nowhere' as Order['where'],
  turn: 0,
  arrival: 0,
  peer: null,
  stop: 0,
  trailTicks: 0,
  trailPpm: 0,
  mark: 0,
  quote: false,
};

const isKey = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= largestKey;
const isLots = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= largestLots;

function pair(one: Order, other: Order): void {
  one.peer = other;
  other.peer = one;
}

function trailed({ side, mark, trailTicks, trailPpm }: Order): number {
  const away = trailTicks > 0 ? trailTicks : (mark * trailPpm) / million;
  return Math.max(1, side === sides.sell ? Math.floor(mark - away) : Math.ceil(mark + away));
}
