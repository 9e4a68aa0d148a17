import { maximum, minimum, type Price, type Quantity, quantity, zeroQuantity } from '../../core/decimal.ts';
import type { Quote } from '../../core/model/market.ts';
import { isTerminal } from '../../core/model/order.ts';
import type { ExposureFacts, ExposureOrder } from '../../core/model/protection.ts';
import type { Side } from '../../core/model/signal.ts';

/** What covers an exposure's shares at a moment. */
export interface Cover {
  /** Shares held, without sign. */
  readonly size: Quantity;
  /** The side that closes. */
  readonly side: Side;
  /** Stops that work at the broker. */
  readonly working: readonly ExposureOrder[];
  readonly covered: Quantity;
  /** Stops of ours on their way to the broker. */
  readonly pending: readonly ExposureOrder[];
  /** What closes the position at once: an exit, or a target that was reached. */
  readonly exits: readonly ExposureOrder[];
  /** Of `exits`, what has not been working for too long. */
  readonly closing: Quantity;
  /** Shares that neither a working stop nor a young exit covers. */
  readonly uncovered: Quantity;
  /** Shares that no closing order holds, in whatever state: what a new stop may be for. */
  readonly free: Quantity;
  /** What stops of any state are for beyond what is held, those that would add to the position among them. */
  readonly excess: Quantity;
  /** Stops on the side that would add to the position. */
  readonly wrong: readonly ExposureOrder[];
}

/** How long what lasts. */
export interface CoverTimes {
  readonly withinMs: number;
  /** An exit that works longer than this protects nothing any more. */
  readonly exitMs: number;
}

const stopTypes = ['stop', 'stop_limit', 'trailing_stop'];

/** Whether it is an order that sells when the price falls (buys when it rises, for a short). */
export const isStop = (order: ExposureOrder): boolean => order.role === 'stop_loss' && stopTypes.includes(order.type);

export const remaining = (order: ExposureOrder): Quantity => quantity(order.quantity.minus(order.filledQuantity));

/**
 * Works out what covers an exposure now. A stop-limit that the market has left behind covers nothing. `atBroker` is what the broker says is
 * held, where it keeps its fee of the coins: the books learn of the fee later, and a stop cannot be for more.
 */
export function coverOf(
  facts: ExposureFacts,
  quote: Quote | null,
  atBroker: Quantity | null,
  now: Date,
  times: CoverTimes,
): Cover {
  const size = atBroker ? minimum(quantity(facts.held.abs()), quantity(atBroker.abs())) : quantity(facts.held.abs());
  const side: Side = facts.held.lt('0') ? 'buy' : 'sell';
  const open = facts.orders.filter((order) => !isTerminal(order.status) && order.role !== 'entry');
  const closers = size.eq('0') ? open : open.filter((order) => order.side === side);
  const stops = closers.filter(isStop);
  const working = stops.filter((stop) => works(stop, now, times.withinMs) && !isLeftBehind(stop, quote));
  // One that follows an entry which works yet may never come.
  const pending = stops.filter(
    ({ status, waitsForOther }) =>
      ['approved', 'waiting', 'submitting', 'submit_unknown'].includes(status) && !waitsForOther,
  );
  // A target that a decision placed rests beside its stop; one of ours was reached, and closes.
  const isReached = (order: ExposureOrder) =>
    order.role === 'take_profit' && !order.parentId && order.origin !== 'decision' && order.origin !== 'replacement';
  const exits = closers.filter((order) => order.role === 'exit' || isReached(order));
  const young = exits.filter((exit) => isYoung(exit, now, times));
  const wrong = open.filter((order) => !closers.includes(order) && isStop(order) && !isOfWorkingEntry(order));
  const covered = total(working);
  const closing = total(young);
  // One that waits here for its turn is not at the broker: it takes what is free when it is sent.
  const sent = stops.filter((stop) => !waitsHere(stop));
  const allStops = total(sent.filter((stop) => !isOfWorkingEntry(stop)));
  return {
    size,
    side,
    working,
    covered,
    pending,
    exits,
    closing,
    uncovered: maximum(zeroQuantity, quantity(size.minus(covered).minus(closing))),
    free: maximum(zeroQuantity, quantity(size.minus(heldBy(closers)))),
    excess: quantity(maximum(zeroQuantity, quantity(allStops.minus(size))).plus(total(wrong))),
    wrong,
  };
}

/** When the newest of the stops that cover began to work, by the broker's clock where it says so. */
export function workingSince(stop: ExposureOrder): Date {
  const told = stop.brokerUpdatedAt ?? stop.acknowledgedAt ?? stop.updatedAt;
  // A leg protects from the moment its entry is filled, whatever was said of it before.
  return stop.parentFilledAt && stop.parentFilledAt > told ? stop.parentFilledAt : told;
}

/**
 * Until when an exit counts as closing the position. A target that was reached has as long as a stop has, and so has an exit that waits here
 * for the end of what holds its shares: it is not at the broker.
 */
export function countsUntil(exit: ExposureOrder, times: CoverTimes): number {
  const isSoon = exit.role === 'take_profit' || exit.status === 'waiting';
  return exit.createdAt.getTime() + (isSoon ? times.withinMs : times.exitMs);
}

/** A sale of ours protects nothing: it is there because nothing does. */
const isYoung = (exit: ExposureOrder, now: Date, times: CoverTimes): boolean =>
  exit.origin !== 'flatten' && now.getTime() <= countsUntil(exit, times);

function works(stop: ExposureOrder, now: Date, withinMs: number): boolean {
  switch (stop.status) {
    case 'held':
      // A leg; it is held by its sibling, as of the two only one can be filled.
      return stop.parentStatus === 'filled';
    case 'accepted':
    case 'partially_filled':
      return true;
    case 'pending_cancel':
    case 'pending_replace':
      // Until the venue says that it has ended it works. But that word must come.
      return now.getTime() - stop.updatedAt.getTime() <= withinMs;
    default:
      return false;
  }
}

/** Not sent yet. */
const waitsHere = ({ status }: ExposureOrder): boolean => status === 'approved' || status === 'waiting';

/** A leg of an entry that is not filled yet: it holds no shares. */
const isOfWorkingEntry = (order: ExposureOrder): boolean =>
  order.parentStatus !== null && !isTerminal(order.parentStatus);

/** Whether the market is beyond the limit of a stop-limit order: it has been triggered and will not be filled. */
export function isLeftBehind(stop: ExposureOrder, quote: Quote | null): boolean {
  if (stop.type !== 'stop_limit' || !stop.limitPrice || !quote) return false;
  return stop.side === 'sell' ? quote.bid.lt(stop.limitPrice) : quote.ask.gt(stop.limitPrice);
}

/** Whether the market is at a stop's price, or beyond. */
export const isBeyond = (side: Side, stop: Price, quote: Quote): boolean =>
  side === 'sell' ? quote.bid.lte(stop) : quote.ask.gte(stop);

/** Whether a stop at one price is nearer to the market than at the other. */
export const isBetter = (side: Side, one: Price, other: Price): boolean =>
  side === 'sell' ? one.gt(other) : one.lt(other);

function heldBy(closers: readonly ExposureOrder[]): Quantity {
  const groups = new Map<string, Quantity>();
  for (const order of closers) {
    if (isOfWorkingEntry(order) || (isStop(order) && waitsHere(order))) continue;
    const key = order.parentId ?? order.orderId;
    groups.set(key, maximum(groups.get(key) ?? zeroQuantity, remaining(order)));
  }
  return [...groups.values()].reduce((sum, one) => quantity(sum.plus(one)), zeroQuantity);
}

const total = (orders: readonly ExposureOrder[]): Quantity =>
  orders.reduce((sum, order) => quantity(sum.plus(remaining(order))), zeroQuantity);
