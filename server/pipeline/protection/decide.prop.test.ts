// Invariants, for any interleaving of fills, ends of stops, refusals, exits and restarts, once everything is quiet:
// 1. Every share of a strategy has a working stop, or an exit of it works, or an alarm is open.
// 2. Working stops are never for more than is held.
// 3. No order of ours is ever made twice: each has an id of its own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimum, money, type Quantity, quantity, zeroQuantity } from '../../core/decimal.ts';
import type { ExposureFacts, ExposureOrder, KnownProtection } from '../../core/model/protection.ts';
import type { Measures } from '../../core/ports/protection-store.ts';
import { exposure, exposureEntry, exposureOrder, later, protectionContext } from '../../testing/exposure.ts';
import { decideProtection } from './decide.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Order = Mutable<ExposureOrder>;

/** An exposure at a venue that does as it is told, or refuses; and the watch, which knows what is stored and nothing else. */
class Desk {
  held = zeroQuantity;
  nowMs = 0;
  orders: Order[] = [];
  known: KnownProtection | null = null;
  refusing = 0;
  readonly ids = new Set<string>();
  #serial = 0;
  measures: Measures | null = null;

  buy(shares: number, isBracket: boolean): void {
    const id = `entry-${this.#serial++}`;
    const size = quantity(String(shares));
    const now = later(this.nowMs);
    this.orders.push({
      ...exposureEntry({ orderClass: isBracket ? 'bracket' : 'simple', createdAt: now, closedAt: now, updatedAt: now }),
      ...{ orderId: id, quantity: size, filledQuantity: size },
    });
    this.held = quantity(this.held.plus(size));
    if (!isBracket) return;
    const leg = {
      parentId: id,
      parentStatus: 'filled' as const,
      parentFilledAt: now,
      origin: 'venue' as const,
      quantity: size,
    };
    this.orders.push(
      exposureOrder(`leg-${this.#serial++}`, { ...leg, createdAt: now, acknowledgedAt: now, updatedAt: now }),
    );
  }

  /** Ends a closing order that is open, by the market, by hand or by the venue. */
  end(nth: number, how: 'filled' | 'canceled' | 'expired'): void {
    const open = this.#open();
    const order = open[nth % Math.max(1, open.length)];
    if (order) this.#end(order, how);
  }

  exit(shares: number): void {
    const left = this.#open().filter((one) => one.role === 'exit');
    const size = minimum(quantity(String(shares)), this.held);
    if (size.lte('0') || left.length > 0) return;
    // As execution does: what holds its shares is cancelled first.
    for (const stop of this.#open()) {
      stop.cancelAsked = true;
      this.#end(stop, 'canceled');
    }
    const now = later(this.nowMs);
    const words = { origin: 'decision' as const, role: 'exit' as const, type: 'market' as const, stopPrice: null };
    this.orders.push(
      exposureOrder(`exit-${this.#serial++}`, { ...words, quantity: size, createdAt: now, updatedAt: now }),
    );
  }

  /** The watch looks; what it asks for is done. */
  look(): boolean {
    const facts: ExposureFacts = exposure({
      held: this.held,
      cost: money(this.held.times('150')),
      orders: this.orders,
      lastOpenedAt: this.orders.filter((one) => one.role === 'entry').at(-1)?.closedAt ?? null,
      ownOrders: this.ids.size,
      known: this.known,
    });
    const measures = decideProtection(facts, protectionContext({ now: later(this.nowMs) }));
    this.measures = measures;
    this.known = {
      ...{ stage: measures.stage, uncoveredSince: measures.uncoveredSince, overSince: measures.overSince },
      ...{ held: measures.held, covered: measures.covered, alarmed: measures.alarm !== null },
      ...{ stopOrderId: null, stopPrice: null },
    };
    for (const { orderId } of measures.cancel) {
      const order = this.orders.find((one) => one.orderId === orderId)!;
      order.cancelAsked = true;
      this.#end(order, 'canceled');
    }
    for (const own of measures.place) {
      expect(this.ids.has(own.orderId)).toBe(false);
      this.ids.add(own.orderId);
      this.#take(
        exposureOrder(own.orderId, {
          ...{ origin: own.origin, role: own.role, type: own.type, quantity: own.quantity, stopPrice: own.stopPrice },
          ...{ createdAt: later(this.nowMs), acknowledgedAt: null, updatedAt: later(this.nowMs) },
        }),
      );
    }
    return measures.place.length + measures.cancel.length > 0;
  }

  /** As venue and execution: a stop is for what is free, a sale is filled. */
  #take(order: Order): void {
    this.orders.push(order);
    const now = later(this.nowMs);
    if (this.refusing > 0) {
      this.refusing--;
      Object.assign(order, {
        status: 'rejected',
        closedAt: now,
        rejectedCode: 'EXECUTION_BROKER_REFUSED',
        problem: 'No.',
      });
      return;
    }
    order.acknowledgedAt = now;
    if (order.origin === 'flatten') this.#end(order, 'filled');
  }

  #end(order: Order, how: 'filled' | 'canceled' | 'expired'): void {
    if (how === 'filled') {
      const size = order.quantity.lt(this.held) ? order.quantity : this.held;
      this.held = quantity(this.held.minus(size));
      order.filledQuantity = order.quantity;
    }
    order.status = how;
    order.closedAt = later(this.nowMs);
    order.updatedAt = order.closedAt;
  }

  #open = (): Order[] => this.orders.filter((one) => one.closedAt === null && one.role !== 'entry');

  stops = (): Quantity => this.#sum('stop_loss');
  exits = (): Quantity => this.#sum('exit');
  #sum = (role: 'stop_loss' | 'exit'): Quantity =>
    this.#open()
      .filter((one) => one.role === role)
      .reduce((sum, one) => quantity(sum.plus(one.quantity)), zeroQuantity);
}

const step = fc.oneof(
  fc.record({ do: fc.constant('buy' as const), shares: fc.integer({ min: 1, max: 9 }), bracket: fc.boolean() }),
  fc.record({
    do: fc.constant('end' as const),
    nth: fc.nat(9),
    how: fc.constantFrom('filled' as const, 'canceled' as const, 'expired' as const),
  }),
  fc.record({ do: fc.constant('exit' as const), shares: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ do: fc.constant('refuse' as const), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
  fc.record({ do: fc.constant('look' as const) }),
  // What the watch had noticed is lost; the orders are not.
  fc.record({ do: fc.constant('forget' as const) }),
);

describe('the watch over protection', () => {
  it('leaves no share without a stop or an alarm, and no stop without its shares', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const desk = new Desk();
        for (const one of steps) {
          desk.nowMs += 10;
          if (one.do === 'buy') desk.buy(one.shares, one.bracket);
          else if (one.do === 'end') desk.end(one.nth, one.how);
          else if (one.do === 'exit') desk.exit(one.shares);
          else if (one.do === 'refuse') desk.refusing = one.times;
          else if (one.do === 'wait') desk.nowMs += one.ms;
          else if (one.do === 'forget') desk.known = null;
          else desk.look();
        }
        // Quiet: time goes by, and nothing more is asked for.
        for (let looks = 0, still = 0; still < 12 && looks < 60; looks++) {
          desk.nowMs += 6000;
          still = desk.look() ? 0 : still + 1;
        }
        expect(desk.stops().lte(desk.held)).toBe(true);
        const covered = desk.stops().plus(desk.exits()).gte(desk.held);
        expect(covered || desk.measures!.alarm !== null).toBe(true);
      }),
      { numRuns: 120 },
    );
  });
});
