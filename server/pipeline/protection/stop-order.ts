import {
  type Big,
  maximum,
  minimum,
  type Price,
  price,
  type Quantity,
  quantity,
  text,
  wholeShares,
  zeroQuantity,
} from '../../core/decimal.ts';
import { uuidOf } from '../../core/ids.ts';
import type { Quote } from '../../core/model/market.ts';
import { isTerminal, type Trail } from '../../core/model/order.ts';
import type { ExposureFacts, ExposureOrder } from '../../core/model/protection.ts';
import type { Side } from '../../core/model/signal.ts';
import type { BrokerCapabilities } from '../../core/ports/broker.ts';
import { type OwnOrder, ownClientOrderId } from '../../core/ports/own-orders.ts';
import { type Cover, isStop, remaining } from './cover.ts';

/** Where a stop belongs, and where that is known from. */
export interface StopLevel {
  readonly price: Price;
  readonly trail: Trail | null;
  /** Of a stop-limit order that was asked for; null: as the venue needs it. */
  readonly limit: Price | null;
  readonly from: string;
}

/** To the grid that venues have: cents from a dollar up, hundredths of a cent below. */
export const toTick = (value: Big): Price => price(value.round(value.abs().gte('1') ? 2 : 4, 1));

/** How far a trail keeps from a price. */
export const trailDistance = (trail: Trail, at: Price): Big =>
  'price' in trail ? trail.price : at.times(trail.percent).div('100');

/**
 * The price a missing stop belongs at: the newest stop that is known of these shares, else the one their entry was approved with, else the
 * strategy's distance from what they cost.
 */
export function stopLevel(facts: ExposureFacts, side: Side, stopDistance: string): StopLevel {
  const newest = <T>(orders: readonly T[]): T | undefined => orders.at(-1);
  const stop = newest(facts.orders.filter((order) => isStop(order) && order.side === side && order.stopPrice !== null));
  if (stop) {
    const limit = stop.type === 'stop_limit' ? stop.limitPrice : null;
    return { price: stop.stopPrice!, trail: stop.trail, limit, from: 'where its stop was last' };
  }
  const entry = newest(facts.orders.filter((order) => order.role === 'entry' && order.stopLoss !== null));
  if (entry) {
    const { trail, stopLossLimit = null } = entry;
    return { price: entry.stopLoss!, trail, limit: stopLossLimit, from: 'as its entry was approved with' };
  }
  const average = facts.cost.div(facts.held).abs();
  const away = average.times(stopDistance);
  return {
    price: toTick(side === 'sell' ? average.minus(away) : average.plus(away)),
    trail: null,
    limit: null,
    from: "at the strategy's distance from what it cost",
  };
}

/**
 * How shares without a stop are to be protected. Where the venue knows no stop that trails, as many trail as the entries that trail have
 * bought, less what trails already; the others, which have targets, get a stop that stands still. Elsewhere they are all alike.
 */
export function stopLevels(
  facts: ExposureFacts,
  { side, size }: Pick<Cover, 'side' | 'size'>,
  shares: Quantity,
  venue: BrokerCapabilities,
  stopDistance: string,
): { readonly level: StopLevel; readonly shares: Quantity }[] {
  const entries = facts.orders.filter((order) => order.role === 'entry' && order.side !== side);
  const bought = sum(entries.filter((entry) => entry.trail !== null).map((entry) => entry.filledQuantity));
  if (venue.orderTypes.includes('trailing_stop') || bought.eq('0')) {
    return [{ level: stopLevel(facts, side, stopDistance), shares }];
  }
  const stops = facts.orders.filter((order) => isStop(order) && order.side === side);
  const follow = sum(stops.filter((stop) => stop.trail !== null && !isTerminal(stop.status)).map(remaining));
  const trailing = minimum(shares, maximum(zeroQuantity, quantity(minimum(bought, size).minus(follow))));
  const like = (trails: boolean): StopLevel => {
    const orders = facts.orders.filter((order) =>
      order.role === 'entry' || isStop(order) ? (order.trail !== null) === trails : true,
    );
    return stopLevel({ ...facts, orders }, side, stopDistance);
  };
  return [
    { level: like(true), shares: trailing },
    { level: like(false), shares: quantity(shares.minus(trailing)) },
  ].filter((part) => part.shares.gt('0'));
}

const sum = (all: readonly Quantity[]): Quantity => all.reduce((total, one) => quantity(total.plus(one)), zeroQuantity);

/** What orders of ours have in common in an exposure; the `nth` of them, counted from the first ever, has its id for good. */
export function ownOrder(
  facts: ExposureFacts,
  nth: number,
  side: Side,
  about: Pick<OwnOrder, 'origin' | 'role' | 'type' | 'cause' | 'timeInForce' | 'referencePrice'> & {
    readonly quantity: Quantity;
    readonly limitPrice?: Price | null;
    readonly stopPrice?: Price | null;
    readonly trail?: Trail | null;
  },
): OwnOrder {
  const orderId = uuidOf(`protection ${facts.accountId} ${facts.strategy} ${facts.symbol} ${nth}`);
  return {
    orderId,
    clientOrderId: ownClientOrderId(orderId),
    accountId: facts.accountId,
    strategy: facts.strategy,
    symbol: facts.symbol,
    mode: facts.mode,
    side,
    limitPrice: null,
    stopPrice: null,
    trail: null,
    signalId: facts.orders.findLast((order) => order.role === 'entry')?.signalId ?? null,
    ...about,
  };
}

/**
 * The stop orders that cover `shares`. Where the venue has no plain stop, a stop-limit whose limit is `limitOffset` further; a trail that
 * it cannot follow is followed here. What is no whole number of shares is good for the day where the venue keeps days, as Alpaca takes no
 * other: of `10.4` shares ten have a stop until cancelled, and the rest one that is placed again each day.
 */
export function stopOrders(
  facts: ExposureFacts,
  side: Side,
  shares: Quantity,
  level: StopLevel,
  venue: BrokerCapabilities,
  limitOffset: string,
  quote: Quote | null,
  /** The number of the first of them among our orders. */
  firstNth: number = facts.ownOrders,
): OwnOrder[] {
  const keepsDays = venue.timesInForce.includes('day');
  const whole = keepsDays ? wholeShares(shares) : shares;
  const parts = [
    { shares: whole, timeInForce: 'gtc' as const },
    { shares: quantity(shares.minus(whole)), timeInForce: 'day' as const },
  ].filter((part) => part.shares.gt('0'));
  const trails = level.trail !== null && venue.orderTypes.includes('trailing_stop');
  const stopPrice = level.trail ? trailed(side, level, quote) : level.price;
  return parts.map((part, index) => {
    const shared = {
      origin: 'protection' as const,
      role: 'stop_loss' as const,
      quantity: part.shares,
      timeInForce: part.timeInForce,
      referencePrice: stopPrice,
      cause: `${text(part.shares)} ${facts.symbol} had no stop; placed ${level.from}.`,
    };
    const nth = firstNth + index;
    // A trailing stop is for whole shares; the rest has a plain one.
    if (trails && part.timeInForce === 'gtc') {
      return ownOrder(facts, nth, side, { ...shared, type: 'trailing_stop', trail: level.trail });
    }
    const asked = level.trail === null ? level.limit : null;
    if (venue.orderTypes.includes('stop') && asked === null)
      return ownOrder(facts, nth, side, { ...shared, type: 'stop', stopPrice });
    const limitPrice = asked ?? limitBehind(side, stopPrice, limitOffset);
    return ownOrder(facts, nth, side, { ...shared, type: 'stop_limit', stopPrice, limitPrice, trail: level.trail });
  });
}

/** The limit of a stop-limit order. */
export const limitBehind = (side: Side, stop: Price, offset: string): Price =>
  toTick(side === 'sell' ? stop.minus(stop.times(offset)) : stop.plus(stop.times(offset)));

/** Where a trailing stop stands at the market's price, never further away than it was. */
export function trailed(side: Side, level: Pick<StopLevel, 'price' | 'trail'>, quote: Quote | null): Price {
  if (!level.trail || !quote) return level.price;
  const at = side === 'sell' ? quote.bid : quote.ask;
  const away = trailDistance(level.trail, at);
  const here = toTick(side === 'sell' ? at.minus(away) : at.plus(away));
  return side === 'sell' ? (here.gt(level.price) ? here : level.price) : minimum(here, level.price);
}

/** Sells (buys back) at the market what could not be protected. */
export const closeAtMarket = (
  facts: ExposureFacts,
  side: Side,
  shares: Quantity,
  venue: BrokerCapabilities,
  referencePrice: Price,
  cause: string,
): OwnOrder =>
  ownOrder(facts, facts.ownOrders, side, {
    origin: 'flatten',
    role: 'exit',
    type: 'market',
    quantity: shares,
    timeInForce: venue.timesInForce.includes('day') ? 'day' : 'gtc',
    referencePrice,
    cause,
  });

/** Whether the venue makes the stop of this entry by itself. */
export const bringsItsStop = (entry: ExposureOrder, venue: BrokerCapabilities): boolean =>
  entry.role === 'entry' && entry.stopLoss !== null && takesLegs(entry, venue);

/** Whether the venue makes the target of this entry by itself. */
export const bringsItsTarget = (entry: ExposureOrder, venue: BrokerCapabilities): boolean =>
  entry.role === 'entry' && entry.takeProfit !== null && takesLegs(entry, venue);

/** As execution sends it: with legs where the venue takes the class, and only for whole shares. */
const takesLegs = (entry: ExposureOrder, venue: BrokerCapabilities): boolean =>
  (entry.orderClass === 'bracket' || entry.orderClass === 'oto') &&
  venue.orderClasses.includes(entry.orderClass) &&
  entry.quantity.eq(wholeShares(entry.quantity));
