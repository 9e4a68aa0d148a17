import type { Command } from './command.ts';
import type { BookEvent } from './event-tape.ts';
import { SeededDraw } from './seeded-draw.ts';
import { type Liquidity, lifetime, marketAsk, marketBid, million, reason, type Side, side as sides } from './terms.ts';

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
    const find = (id: number): Order | undefined => this.orders.find((order) => order.id === id && !order.quote);
    const tell = (event: BookEvent): void => void this.#events.push(event);
    switch (c.kind) {
      case 'limit':
      case 'market':
      case 'stop':
      case 'trail': {
        const tick = 'tick' in c ? c.tick : 0;
        const order: Order = {
          id: c.id,
          side: c.side,
          tick,
          lots: c.lots,
          life: c.lifetime,
          atMarket: tick === 0,
          collarPpm: c.collarPpm ?? 0,
          post: c.kind === 'limit' && c.post === true,
          where: 'nowhere',
          turn: 0,
          arrival: 0,
          peer: null,
          stop: 0,
          trailTicks: 0,
          trailPpm: 0,
          mark: 0,
          quote: false,
        };
        if (find(c.id)) return tell({ kind: 'rejected', id: c.id, reason: reason.duplicateId });
        if (order.post && this.#reach(order)) return tell({ kind: 'rejected', id: c.id, reason: reason.wouldTrade });
        tell({ kind: 'accepted', id: c.id, lots: c.lots });
        this.#turns += 1;
        order.arrival = this.#turns;
        const peer = c.peer ? find(c.peer) : undefined;
        if (c.kind === 'stop' || c.kind === 'trail') {
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
        } else {
          if (peer) order.peer = peer;
          this.#enter(order, true);
          if (order.where !== 'nowhere' && peer && this.orders.includes(peer)) pair(order, peer);
          else order.peer = null;
        }
        return this.#settle();
      }
      case 'cancel': {
        const order = find(c.id);
        if (!order) return tell({ kind: 'rejected', id: c.id, reason: reason.unknownOrder });
        tell({ kind: 'canceled', id: c.id, lots: order.lots, reason: reason.requested });
        return this.#remove(order);
      }
      case 'replace': {
        const order = find(c.id);
        if (!order) return tell({ kind: 'rejected', id: c.newId, reason: reason.unknownOrder });
        const stopped = order.where === 'stop';
        const trails = order.trailTicks > 0 || order.trailPpm > 0;
        const crossing = !stopped && order.post && this.#reach({ ...order, tick: c.change.tick ?? order.tick });
        if (c.newId !== c.id && find(c.newId)) {
          return tell({ kind: 'rejected', id: c.newId, reason: reason.duplicateId });
        }
        const wrong =
          (c.change.tick !== undefined && order.atMarket) ||
          (c.change.stop !== undefined && (!stopped || trails)) ||
          (c.change.trail !== undefined && (!stopped || !trails));
        if (wrong) return tell({ kind: 'rejected', id: c.newId, reason: reason.badTick });
        if (crossing) return tell({ kind: 'rejected', id: c.newId, reason: reason.wouldTrade });
        const lots = c.change.lots ?? order.lots;
        tell({ kind: 'replaced', id: c.newId, replaces: c.id, lots });
        const onlyLess =
          (c.change.tick ?? order.tick) === order.tick &&
          (c.change.lifetime ?? order.life) === order.life &&
          c.change.stop === undefined &&
          c.change.trail === undefined &&
          lots <= order.lots;
        order.id = c.newId;
        order.lots = lots;
        if (onlyLess) return;
        this.#turns += 1;
        order.arrival = this.#turns;
        order.tick = c.change.tick ?? order.tick;
        order.life = c.change.lifetime ?? order.life;
        if (stopped) {
          order.stop = c.change.stop ?? order.stop;
          if (c.change.trail !== undefined) {
            if (order.trailPpm > 0) order.trailPpm = c.change.trail;
            else order.trailTicks = c.change.trail;
            if (order.mark > 0) order.stop = trailed(order);
          }
          this.#place(order, 'stop');
          if (this.last > 0) this.#elect(this.last);
        } else this.#enter(order, false);
        return this.#settle();
      }
      case 'quote': {
        if (c.bidLots > 0 && c.askLots > 0 && c.bid >= c.ask) {
          return tell({ kind: 'rejected', id: marketBid, reason: reason.crossedQuote });
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
        return this.#settle();
      }
      case 'print':
        this.#price(c.tick);
        return this.#settle();
      case 'expire': {
        const order = find(c.id);
        if (!order) return tell({ kind: 'rejected', id: c.id, reason: reason.unknownOrder });
        tell({ kind: 'expired', id: order.id, lots: order.lots });
        return this.#remove(order);
      }
      case 'endOfDay':
        for (const order of [...this.orders].sort((a, b) => a.arrival - b.arrival)) {
          if (order.quote || order.life !== lifetime.day) continue;
          tell({ kind: 'expired', id: order.id, lots: order.lots });
          this.#remove(order);
        }
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
    const reachable = this.#partners(order, limit).reduce((sum, other) => sum + other.lots, 0);
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
      if ((taker.quote || maker.quote) && this.liquidity.partialPpm > 0 && taker.life !== lifetime.fok && lots >= 2) {
        cut = this.#draw.next() * million < this.liquidity.partialPpm;
        if (cut) lots = 1 + Math.floor(this.#draw.next() * (lots - 1));
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
};

function pair(one: Order, other: Order): void {
  one.peer = other;
  other.peer = one;
}

function trailed({ side, mark, trailTicks, trailPpm }: Order): number {
  const away = trailTicks > 0 ? trailTicks : (mark * trailPpm) / million;
  return Math.max(1, side === sides.sell ? Math.floor(mark - away) : Math.ceil(mark + away));
}
