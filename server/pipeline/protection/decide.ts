import { minimum, type Price, type Quantity, quantity, text } from '../../core/decimal.ts';
import type { Quote } from '../../core/model/market.ts';
import { isTerminal } from '../../core/model/order.ts';
import type { ExposureFacts, ExposureOrder, ProtectionStage } from '../../core/model/protection.ts';
import type { ProtectionSettings } from '../../core/model/settings.ts';
import type { BrokerCapabilities } from '../../core/ports/broker.ts';
import type { OwnOrder } from '../../core/ports/own-orders.ts';
import type { Measures, ProtectionTime } from '../../core/ports/protection-store.ts';
import {
  type Cover,
  type CoverTimes,
  countsUntil,
  coverOf,
  isBeyond,
  isLeftBehind,
  isStop,
  remaining,
  workingSince,
} from './cover.ts';
import { bringsItsStop, closeAtMarket, stopLevel, stopLevels, stopOrders } from './stop-order.ts';
import { followPrice } from './targets.ts';

/** What is needed to decide beside the facts. */
export interface ProtectionContext {
  readonly now: Date;
  readonly settings: ProtectionSettings;
  /** The strategy's distance of a stop, as a fraction. */
  readonly stopDistance: string;
  readonly venue: BrokerCapabilities;
  /** Null: nobody knows the price now. */
  readonly quote: Quote | null;
  /** What the broker says is held, where it takes its fee out of the coins; null: it is what was bought. */
  readonly atBroker: Quantity | null;
}

/** After a stop and a sale have both failed, another try is made this often. */
const retryMs = 30_000;
/** Stops that end by themselves this often within a minute are not placed again. */
const mostLostStops = 3;
const lostWithinMs = 60_000;
/** Stops for more shares than are held may be seen for a moment, between a fill and the word that its sibling has ended. */
const excessMs = 2000;

/**
 * Decides what an exposure needs: nothing, a stop, a sale at the market, or a person. A pure function of what is stored, so that after a
 * crash, and in several workers, it comes to the same.
 */
export function decideProtection(facts: ExposureFacts, context: ProtectionContext): Measures {
  const { now, settings, quote } = context;
  const times: CoverTimes = { withinMs: settings.withinSeconds * 1000, exitMs: settings.exitSeconds * 1000 };
  const cover = coverOf(facts, quote, context.atBroker, now, times);
  const measures =
    cover.size.eq('0') || cover.uncovered.eq('0')
      ? covered(facts, cover, context, times)
      : new Uncovered(facts, cover, context, times).measures();
  return followPrice(measures, facts, cover, context);
}

function covered(facts: ExposureFacts, cover: Cover, { now }: ProtectionContext, times: CoverTimes): Measures {
  const overSince = cover.excess.gt('0') ? (facts.known?.overSince ?? now) : null;
  const isOver = overSince !== null && now.getTime() - overSince.getTime() >= excessMs;
  const byStops = cover.size.gt('0') && cover.covered.gte(cover.size);
  const stage: ProtectionStage =
    overSince !== null ? 'excess' : byStops ? 'protected' : cover.size.gt('0') ? 'closing' : 'none';
  const nextExit = cover.covered.lt(cover.size)
    ? cover.exits.map((exit) => countsUntil(exit, times)).filter((at) => at > now.getTime())
    : [];
  return {
    stage,
    held: facts.held,
    covered: minimum(cover.covered, cover.size),
    uncoveredSince: null,
    overSince,
    stop: nearest(cover),
    place: [],
    cancel: isOver ? tooMany(cover) : [],
    replace: [],
    times: byStops ? timesOf(facts, cover) : [],
    alarm: null,
    lookAgainAt:
      overSince !== null
        ? new Date(Math.max(overSince.getTime() + excessMs, now.getTime() + 500))
        : nextExit.length > 0
          ? new Date(Math.min(...nextExit) + 1)
          : null,
  };
}

/** The stops to be cancelled so that the rest is for no more than is held: ours first, the newest first. */
function tooMany(cover: Cover): { orderId: string; reason: string }[] {
  const reason = `Stops for ${text(quantity(cover.size.plus(cover.excess)))} shares were working, and ${text(cover.size)} are held.`;
  const cancellable = [...cover.working, ...cover.wrong].filter((stop) => stop.status !== 'pending_cancel');
  const ordered = cancellable.sort(
    (a, b) =>
      Number(b.origin === 'protection') - Number(a.origin === 'protection') ||
      b.createdAt.getTime() - a.createdAt.getTime(),
  );
  let excess = cover.excess;
  const chosen: { orderId: string; reason: string }[] = [];
  for (const stop of ordered) {
    if (excess.lte('0')) break;
    chosen.push({ orderId: stop.orderId, reason });
    excess = quantity(excess.minus(remaining(stop)));
  }
  return chosen;
}

/** For each fill that opened shares, how long it was until the newest of the stops that cover them worked. */
function timesOf(facts: ExposureFacts, cover: Cover): ProtectionTime[] {
  const newest = cover.working.reduce<ExposureOrder | null>(
    (latest, stop) => (latest && workingSince(latest) >= workingSince(stop) ? latest : stop),
    null,
  );
  if (newest === null) return [];
  const since = workingSince(newest).getTime();
  return facts.unmeasured.map((fill) => ({
    executionId: fill.executionId,
    orderId: fill.orderId,
    milliseconds: Math.max(0, since - fill.executedAt.getTime()),
    stopOrderId: newest.orderId,
  }));
}

/** The stop that the market reaches first. */
function nearest(cover: Cover): Measures['stop'] {
  const [first] = cover.working
    .filter((stop) => stop.stopPrice !== null)
    .sort((a, b) => (cover.side === 'sell' ? b.stopPrice!.cmp(a.stopPrice!) : a.stopPrice!.cmp(b.stopPrice!)));
  const stop = first ?? cover.working[0];
  return stop ? { orderId: stop.orderId, price: stop.stopPrice } : null;
}

/** Shares without a stop: one step at a time, each derived from the orders that are there. */
class Uncovered {
  readonly #facts: ExposureFacts;
  readonly #cover: Cover;
  readonly #context: ProtectionContext;
  readonly #withinMs: number;
  readonly #since: Date;
  readonly #nowMs: number;

  constructor(facts: ExposureFacts, cover: Cover, context: ProtectionContext, times: CoverTimes) {
    this.#facts = facts;
    this.#cover = cover;
    this.#context = context;
    this.#withinMs = times.withinMs;
    this.#nowMs = context.now.getTime();
    this.#since = facts.known?.uncoveredSince ?? uncoveredSince(facts, cover, context.now);
  }

  measures(): Measures {
    const { exits, free } = this.#cover;
    const sale = exits.filter((exit) => exit.origin === 'flatten').at(-1);
    if (sale) return this.#awaitSale(sale);
    const pending = this.#cover.pending.at(-1);
    const overdueMs = pending
      ? Math.max(pending.createdAt.getTime(), this.#since.getTime(), this.#freedMs()) + this.#withinMs
      : 0;
    if (this.#nowMs < overdueMs) return this.#say('placing', { atMs: overdueMs });
    // What is left is held by orders that are on their way, or to their end: nothing can be placed for it.
    const shares = minimum(this.#cover.uncovered, this.#placeable(free));
    if (shares.lte('0')) return this.#awaitOthers();
    const failure = this.#lastFailure();
    if (failure?.sold) {
      const sentence = `${this.#what()} no stop, and could be neither protected nor sold: ${failure.reason}`;
      const againMs = failure.at.getTime() + retryMs;
      if (this.#nowMs < againMs) return this.#say('unprotected', { page: sentence, atMs: againMs });
      // By turns: what the venue refuses now it may take then.
      if (failure.of === 'sale') return this.#placeStop(shares, sentence);
      return this.#sell(shares, `No stop could be had: ${failure.reason}`, sentence);
    }
    if (failure) return this.#sell(shares, `No stop could be had: ${failure.reason}`);
    if (pending) {
      return this.#sell(shares, `Its stop has not worked within ${this.#context.settings.withinSeconds} s.`);
    }
    return this.#waitForVenue() ?? this.#placeStop(shares, null);
  }

  /** The entry brings its stop, or is still being filled: it has as long as the setting says. */
  #waitForVenue(): Measures | null {
    const { venue } = this.#context;
    const deadlineMs = this.#since.getTime() + this.#withinMs;
    const entries = this.#facts.orders.filter((order) => order.role === 'entry');
    const filling = entries.filter((entry) => !isTerminal(entry.status) && entry.filledQuantity.gt('0'));
    const legsOf = (entry: ExposureOrder) =>
      this.#facts.orders.filter((order) => order.parentId === entry.orderId && isStop(order));
    const expected = entries.filter(
      (entry) =>
        bringsItsStop(entry, venue) &&
        entry.filledQuantity.gt('0') &&
        entry.status !== 'canceled' &&
        entry.status !== 'expired' &&
        !legsOf(entry).some((leg) => isTerminal(leg.status)),
    );
    if (this.#nowMs < deadlineMs) {
      return expected.length + filling.length > 0 ? this.#say('waiting', { atMs: deadlineMs }) : null;
    }
    // A resting entry stands in the way of a plain stop, and its legs would be for more than is held then: its rest ends.
    const open = filling.filter((entry) => entry.status !== 'pending_cancel');
    if (open.length > 0) {
      return this.#say('placing', {
        atMs: this.#nowMs + this.#withinMs,
        cancel: open.map((entry) => ({
          orderId: entry.orderId,
          reason: `What was filled of it has had no stop for ${this.#context.settings.withinSeconds} s; the rest is cancelled so that one can be placed.`,
        })),
      });
    }
    const ending = filling.find((entry) => this.#nowMs - entry.updatedAt.getTime() < this.#withinMs);
    return ending ? this.#say('placing', { atMs: ending.updatedAt.getTime() + this.#withinMs }) : null;
  }

  #placeStop(shares: Quantity, page: string | null): Measures {
    const { venue, settings, quote, stopDistance } = this.#context;
    const { side } = this.#cover;
    const place: OwnOrder[] = [];
    for (const { level, shares: part } of stopLevels(this.#facts, this.#cover, shares, venue, stopDistance)) {
      if (quote && isBeyond(side, level.price, quote)) {
        return this.#sell(part, `The market is beyond the stop at ${text(level.price)} already.`, page);
      }
      const nth = this.#facts.ownOrders + place.length;
      place.push(...stopOrders(this.#facts, side, part, level, venue, settings.stopLimitOffset, quote, nth));
    }
    return this.#say('placing', { place, page, atMs: this.#nowMs + this.#withinMs });
  }

  #sell(shares: Quantity, why: string, page: string | null = null): Measures {
    const { venue, quote, stopDistance } = this.#context;
    const { side } = this.#cover;
    const reference: Price = quote
      ? side === 'sell'
        ? quote.bid
        : quote.ask
      : stopLevel(this.#facts, side, stopDistance).price;
    const verb = side === 'sell' ? 'sold' : 'bought back';
    const cause = `${why} ${text(shares)} ${this.#facts.symbol} are ${verb} at the market.`;
    // What holds the shares without protecting them (a stop-limit that the market has left behind) is cancelled by the sale itself.
    return this.#say('flattening', {
      place: [closeAtMarket(this.#facts, side, shares, venue, reference, cause)],
      warn: `${this.#what()} no stop. ${cause}`,
      page,
      atMs: this.#nowMs + this.#withinMs,
    });
  }

  #awaitSale(sale: ExposureOrder): Measures {
    const overdueMs = sale.createdAt.getTime() + this.#withinMs;
    if (this.#nowMs < overdueMs) {
      return this.#say('flattening', {
        atMs: overdueMs,
        warn: `${this.#what()} no stop and is being sold at the market.`,
      });
    }
    const state = sale.status.replace('_', ' ');
    return this.#say('unprotected', {
      page: `${this.#what()} no stop, and the order that is to close it at the market has not been filled: it is ${state}${sale.problem ? ` (${sale.problem})` : ''}.`,
      atMs: this.#nowMs + retryMs,
    });
  }

  /** The shares are held by an exit that works for too long, or by what is being cancelled and does not end. */
  #awaitOthers(): Measures {
    const overdueMs = this.#since.getTime() + this.#withinMs;
    if (this.#nowMs < overdueMs) return this.#say('waiting', { atMs: overdueMs });
    const [exit] = this.#cover.exits;
    return this.#say('unprotected', {
      page: exit
        ? `${this.#what()} no stop: the exit that is to close it has been ${exit.status === 'waiting' ? 'waiting for the end of what holds its shares' : 'working'} since ${exit.createdAt.toISOString()} and holds the shares.`
        : `${this.#what()} no stop, and no other can be placed: the end of what held the shares is not confirmed.`,
      atMs: this.#nowMs + retryMs,
    });
  }

  /** When the last entry or stop ended whose place a stop may have waited for: it could not be sent before. */
  #freedMs(): number {
    const ended = this.#facts.orders.filter(
      (order) => order.closedAt !== null && order.acknowledgedAt !== null && (order.role === 'entry' || isStop(order)),
    );
    return Math.max(0, ...ended.map((order) => order.closedAt!.getTime()));
  }

  /** A stop that the market has left behind holds shares; a sale takes them from it. */
  #placeable(free: Quantity): Quantity {
    const { quote } = this.#context;
    const behind = this.#facts.orders.filter(
      (order) => order.status === 'accepted' && isStop(order) && isLeftBehind(order, quote),
    );
    return behind.reduce((sum, order) => quantity(sum.plus(remaining(order))), free);
  }

  /** The last stop or sale of ours that failed by no doing of ours, and whether a sale was tried; null: none has failed. */
  #lastFailure(): { at: Date; of: 'stop' | 'sale'; sold: boolean; reason: string } | null {
    const closedMs = (order: ExposureOrder): number => order.closedAt!.getTime();
    const ended = this.#facts.orders.filter(
      (order) =>
        order.closedAt !== null &&
        (order.origin === 'protection' || order.origin === 'flatten') &&
        order.role !== 'take_profit' &&
        order.status !== 'filled' &&
        order.status !== 'replaced' &&
        order.rejectedCode !== 'EXECUTION_NOTHING_LEFT' &&
        !order.cancelAsked,
    );
    const here = ended.filter((order) => closedMs(order) >= this.#since.getTime());
    const sales = here.filter((order) => order.origin === 'flatten');
    const refused = here.filter((order) => order.origin === 'protection' && order.status === 'rejected');
    const lost = ended.filter((order) => order.origin === 'protection' && this.#nowMs - closedMs(order) < lostWithinMs);
    const failures = [...sales, ...refused, ...(lost.length >= mostLostStops ? lost : [])];
    const last = failures.sort((a, b) => closedMs(a) - closedMs(b)).at(-1);
    if (last === undefined) return null;
    return {
      at: last.closedAt!,
      of: last.origin === 'flatten' ? 'sale' : 'stop',
      sold: sales.length > 0,
      reason: last.problem ?? `its order ended as ${last.status}.`,
    };
  }

  #what(): string {
    const { symbol, strategy, held } = this.#facts;
    const long = held.gt('0') ? '' : 'short ';
    return `${text(this.#cover.uncovered)} of ${text(this.#cover.size)} ${long}${symbol} of ${strategy} ${this.#cover.uncovered.eq('1') ? 'has' : 'have'} had`;
  }

  #say(
    stage: ProtectionStage,
    about: {
      readonly atMs: number;
      readonly place?: readonly OwnOrder[];
      readonly cancel?: Measures['cancel'];
      readonly warn?: string;
      readonly page?: string | null;
    },
  ): Measures {
    const { page, warn } = about;
    return {
      stage,
      held: this.#facts.held,
      covered: this.#cover.covered,
      uncoveredSince: this.#since,
      overSince: null,
      stop: nearest(this.#cover),
      place: about.place ?? [],
      cancel: about.cancel ?? [],
      replace: [],
      times: [],
      alarm: page
        ? { severity: 'page', sentence: page }
        : warn !== undefined
          ? { severity: 'warn', sentence: warn }
          : null,
      lookAgainAt: new Date(about.atMs),
    };
  }
}

/** The last moment at which shares came to be without cover: a fill that opened some, or the end of what had covered them. */
function uncoveredSince(facts: ExposureFacts, cover: Cover, now: Date): Date {
  const moments = facts.orders
    // What the broker never took had covered nothing, nor had a sale of ours.
    .filter((order) => order.side === cover.side && order.role !== 'entry' && order.origin !== 'flatten')
    .filter((order) => order.closedAt !== null && order.acknowledgedAt !== null)
    .map((order) => order.closedAt!.getTime());
  if (facts.lastOpenedAt) moments.push(facts.lastOpenedAt.getTime());
  // The venue's clock may be ahead of ours.
  return new Date(Math.min(now.getTime(), moments.length === 0 ? now.getTime() : Math.max(...moments)));
}
