import { minimum, type Price, type Quantity, quantity, text, zeroQuantity } from '../../core/decimal.ts';
import type { Quote } from '../../core/model/market.ts';
import type { ExposureFacts, ExposureOrder } from '../../core/model/protection.ts';
import type { BrokerCapabilities } from '../../core/ports/broker.ts';
import type { Measures } from '../../core/ports/protection-store.ts';
import { type Cover, isBetter, isStop } from './cover.ts';
import type { ProtectionContext } from './decide.ts';
import { bringsItsTarget, limitBehind, ownOrder, trailed } from './stop-order.ts';

/** Whether the venue leaves it to us to watch for targets, or to move a stop that trails. */
export function needsQuotes(facts: ExposureFacts, venue: BrokerCapabilities): boolean {
  if (facts.held.eq('0')) return false;
  return watchedEntries(facts, venue).length > 0 || facts.orders.some((order) => order.type === 'stop_limit');
}

/**
 * What the price calls for where the venue does not see to it: a target that was reached is taken by a limit order, which clears its stop
 * away first as any exit does, and is given up for a stop when it is not filled; a stop that trails is moved after the market.
 */
export function followPrice(
  measures: Measures,
  facts: ExposureFacts,
  cover: Cover,
  context: ProtectionContext,
): Measures {
  if (cover.size.eq('0') || measures.place.length > 0) return measures;
  const late = lateTargets(cover, context);
  if (late.length > 0) return { ...measures, cancel: [...measures.cancel, ...late] };
  const { quote } = context;
  if (!quote || measures.uncoveredSince !== null || cover.exits.length > 0) return measures;
  const target = reached(facts, cover, context, quote);
  if (target) {
    const limitPrice = target.price;
    const order = ownOrder(facts, facts.ownOrders, cover.side, {
      origin: 'protection',
      role: 'take_profit',
      type: 'limit',
      quantity: target.quantity,
      limitPrice,
      timeInForce: context.venue.timesInForce.includes('day') ? 'day' : 'gtc',
      referencePrice: limitPrice,
      cause: `The target at ${text(limitPrice)} was reached: ${text(target.quantity)} ${facts.symbol} are closed there.`,
    });
    return { ...measures, place: [order] };
  }
  return { ...measures, replace: trailing(cover, context, quote) };
}

/** Targets that were reached and are not filled though they had their time: a stop takes their place. */
function lateTargets(cover: Cover, { now, settings }: ProtectionContext): { orderId: string; reason: string }[] {
  return cover.exits
    .filter((order) => order.role === 'take_profit' && order.origin === 'protection')
    .filter((order) => order.status === 'accepted' || order.status === 'partially_filled')
    .filter((order) => now.getTime() - order.createdAt.getTime() >= settings.withinSeconds * 1000)
    .map(({ orderId }) => ({
      orderId,
      reason: `The target was reached, and not filled within ${settings.withinSeconds} s; the stop is put back.`,
    }));
}

/** Entries with a target that the venue does not watch. */
const watchedEntries = (facts: ExposureFacts, venue: BrokerCapabilities): ExposureOrder[] =>
  facts.orders.filter(
    (order) =>
      order.role === 'entry' &&
      order.takeProfit !== null &&
      order.filledQuantity.gt('0') &&
      !bringsItsTarget(order, venue),
  );

/** The nearest target that the market has reached, with what is left to take there. */
function reached(
  facts: ExposureFacts,
  cover: Cover,
  { venue, atBroker }: ProtectionContext,
  quote: Quote,
): { price: Price; quantity: Quantity } | null {
  const wanted = new Map<string, { price: Price; quantity: Quantity }>();
  for (const entry of watchedEntries(facts, venue)) {
    const key = text(entry.takeProfit!);
    const sum = wanted.get(key)?.quantity ?? zeroQuantity;
    wanted.set(key, { price: entry.takeProfit!, quantity: quantity(sum.plus(entry.filledQuantity)) });
  }
  for (const order of facts.orders) {
    if (order.origin !== 'protection' || order.role !== 'take_profit' || !order.limitPrice) continue;
    const target = wanted.get(text(order.limitPrice));
    if (target) target.quantity = quantity(target.quantity.minus(order.filledQuantity));
  }
  const at = cover.side === 'sell' ? quote.bid : quote.ask;
  const [nearest] = [...wanted.values()]
    .filter((target) => target.quantity.gt('0'))
    .filter(({ price }) => (cover.side === 'sell' ? at.gte(price) : at.lte(price)))
    .sort((a, b) => (cover.side === 'sell' ? a.price.cmp(b.price) : b.price.cmp(a.price)));
  if (!nearest) return null;
  const most = atBroker ? minimum(cover.size, quantity(atBroker.abs())) : cover.size;
  const size = minimum(nearest.quantity, most);
  return size.gt('0') ? { price: nearest.price, quantity: size } : null;
}

/** A move of less than this share of the price is not worth a request. */
const leastMove = '0.0005';

/** Stops that trail without the venue knowing, moved after the market: never away from it. */
function trailing(cover: Cover, { settings, venue }: ProtectionContext, quote: Quote): Measures['replace'] {
  return cover.working
    .filter((stop) => isStop(stop) && stop.type !== 'trailing_stop' && stop.status === 'accepted')
    .flatMap((stop) => {
      if (!stop.trail || !stop.stopPrice || venue.orderTypes.includes('trailing_stop')) return [];
      const price = trailed(cover.side, { price: stop.stopPrice, trail: stop.trail }, quote);
      if (!isBetter(cover.side, price, stop.stopPrice)) return [];
      if (price.minus(stop.stopPrice).abs().lt(stop.stopPrice.times(leastMove))) return [];
      const limit = stop.type === 'stop_limit' ? limitBehind(cover.side, price, settings.stopLimitOffset) : null;
      return [
        {
          orderId: stop.orderId,
          change: { stopPrice: text(price), ...(limit ? { limitPrice: text(limit) } : {}) },
          reason: 'The stop follows the market.',
        },
      ];
    });
}
