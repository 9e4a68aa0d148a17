import { type Big, type Money, money, type Price, type Quantity } from '../../core/decimal.ts';
import type { OpenOrderView } from '../../core/model/account-view.ts';
import type { OrderStatus } from '../../core/model/order.ts';
import { ExactSum } from './exact-sum.ts';
import { bookOf } from './exposure.ts';
import type { EntryContext, RiskContext } from './rule.ts';
import { stopOf } from './stop-of.ts';

/** Money between prices and stops. */
export interface OpenRisk {
  readonly value: Money;
  /** Of it, what has no stop: all that it is worth. */
  readonly unprotected: Money;
}

/** In these a stop is at the venue, or goes there by itself as its entry fills. */
const working: readonly OrderStatus[] = ['accepted', 'partially_filled', 'pending_replace', 'held'];

const isStop = ({ role, status }: OpenOrderView): boolean => role === 'stop_loss' && working.includes(status);

/** Where a stop is; of one that trails and has no price yet, behind the market by its distance. */
function levelOf({ stopPrice, trail, side }: OpenOrderView, last: Big): Big | null {
  if (stopPrice !== null) return stopPrice;
  if (trail === null) return null;
  const distance = 'price' in trail ? trail.price : last.times(trail.percent).times('0.01');
  return side === 'sell' ? last.minus(distance) : last.plus(distance);
}

/**
 * What would be lost if every working stop were hit at its price: of each lot its distance from the latest price to its strategy's stops,
 * and of open entries that to the stops they bring. A stop beyond the price has locked a profit in and counts nothing; it takes nothing off
 * the others. Shares that no stop covers count with all they are worth.
 */
export function openRisk(context: RiskContext, strategy: string | null): OpenRisk {
  return bookOf(context).keep(`open risk ${strategy === null ? '' : `of ${strategy}`}`, () =>
    madeRisk(context, strategy),
  );
}

function madeRisk({ account, prices }: RiskContext, strategy: string | null): OpenRisk {
  const risk = new ExactSum();
  const bare = new ExactSum();
  const stops = new Map<string, OpenOrderView[]>();
  const legs = new Map<string, OpenOrderView>();
  for (const order of account?.openOrders ?? []) {
    if (!isStop(order) || (strategy !== null && order.strategy !== strategy)) continue;
    const key = `${order.symbol} ${order.strategy}`;
    const known = stops.get(key);
    if (known) known.push(order);
    else stops.set(key, [order]);
    if (order.parentId !== null) legs.set(order.parentId, order);
  }
  for (const { symbol, lots } of account?.positions ?? []) {
    for (const lot of lots) {
      if (lot.quantity.c[0] === 0 || (strategy !== null && lot.strategy !== strategy)) continue;
      const last = prices.get(symbol) ?? (lot.cost.div(lot.quantity.abs()) as Price);
      addLot(risk, bare, lot.quantity, last, stops.get(`${symbol} ${lot.strategy}`) ?? []);
    }
  }
  for (const order of account?.openOrders ?? []) {
    if (order.role !== 'entry' || (strategy !== null && order.strategy !== strategy)) continue;
    const leg = legs.get(order.orderId);
    const level = (leg && levelOf(leg, order.referencePrice)) ?? order.stopLoss ?? null;
    addDistance(risk, bare, order.remaining, order.referencePrice, level, order.side === 'buy');
  }
  const unprotected = bare.value;
  return { value: money(risk.value.plus(unprotected)), unprotected };
}

function addLot(
  risk: ExactSum,
  bare: ExactSum,
  quantity: Quantity,
  last: Price,
  stops: readonly OpenOrderView[],
): void {
  const long = quantity.s === 1;
  const [only] = stops;
  // Nearly always there is one, for all of it.
  if (stops.length === 1 && only && isAgainst(only, long)) {
    const shares = quantity.abs();
    const rest = shares.gt(only.remaining);
    addDistance(risk, bare, rest ? only.remaining : shares, last, levelOf(only, last), long);
    if (rest) bare.addProduct(shares.minus(only.remaining), last);
    return;
  }
  let left = quantity.abs();
  const own = stops.filter((stop) => isAgainst(stop, long)).map((stop) => ({ stop, level: levelOf(stop, last) }));
  // The furthest first: of more stops than shares, those count that lose most.
  own.sort((a, b) => (a.level && b.level ? a.level.cmp(b.level) * (long ? 1 : -1) : 0));
  for (const { stop, level } of own) {
    if (left.lte('0')) return;
    const covered = stop.remaining.gt(left) ? left : stop.remaining;
    addDistance(risk, bare, covered, last, level, long);
    left = left.minus(covered);
  }
  if (left.gt('0')) bare.addProduct(left, last);
}

const isAgainst = ({ side }: OpenOrderView, long: boolean): boolean => side === (long ? 'sell' : 'buy');

function addDistance(risk: ExactSum, bare: ExactSum, shares: Big, from: Big, level: Big | null, long: boolean): void {
  if (level === null) bare.addProduct(shares, from);
  else if (long ? from.gt(level) : level.gt(from)) {
    risk.addProduct(shares, from, long ? 1 : -1);
    risk.addProduct(shares, level, long ? -1 : 1);
  }
}

/** What the order itself puts at risk, and a share of it; null: it has no price. Without a stop that is all it costs. */
export function orderRisk(context: EntryContext): { readonly value: Money; readonly perShare: Big } | null {
  const { referencePrice, quantity } = context.sized;
  if (referencePrice === null) return null;
  const stop = stopOf(context);
  const perShare = stop === 'none' || stop === null || stop.distance.lte('0') ? referencePrice : stop.distance;
  return { value: money(quantity.times(perShare)), perShare };
}
