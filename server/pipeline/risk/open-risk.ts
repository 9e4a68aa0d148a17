import {
  type Big,
  decimalsOf,
  digitsOf,
  type Money,
  money,
  type Price,
  type Quantity,
  zeroMoney,
} from '../../core/decimal.ts';
import type { OpenOrderView } from '../../core/model/account-view.ts';
import { ExactSum, millionths } from './exact-sum.ts';
import { bookOf } from './exposure.ts';
import type { EntryContext, RiskContext } from './rule.ts';
import { stopOf } from './stop-of.ts';

/** Money between prices and stops. */
export interface OpenRisk {
  readonly value: Money;
  /** Of it, what has no stop: all that it is worth. */
  readonly unprotected: Money;
}

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
  const risks = bookOf(context).keep('open risk', '', () => risksOf(context));
  return (strategy === null ? risks.all : risks.byStrategy.get(strategy)) ?? noRisk;
}

const noRisk: OpenRisk = { value: zeroMoney, unprotected: zeroMoney };

/** What is added up of one strategy: what lies between prices and stops, and what no stop covers. */
class Risk {
  readonly stopped = new ExactSum();
  readonly bare = new ExactSum();

  get total(): OpenRisk {
    const unprotected = this.bare.value;
    return { value: money(this.stopped.value.plus(unprotected)), unprotected };
  }
}

/** Of all strategies in one pass over lots and entries: the account's own is their sum. */
function risksOf(context: RiskContext): { readonly all: OpenRisk; readonly byStrategy: ReadonlyMap<string, OpenRisk> } {
  const risks = new Map<string, Risk>();
  const riskOf = (strategy: string): Risk => {
    let known = risks.get(strategy);
    if (known === undefined) {
      known = new Risk();
      risks.set(strategy, known);
    }
    return known;
  };
  const { held, symbols } = bookOf(context);
  for (const { lots, last, stops } of held) {
    for (const { strategy, quantity, cost } of lots)
      if (quantity.c[0] !== 0)
        addLot(riskOf(strategy), quantity, last ?? (cost.div(quantity.abs()) as Price), stopsOf(stops, strategy));
  }
  for (const order of context.account?.openOrders ?? []) {
    if (order.role !== 'entry') continue;
    const leg = symbols
      .get(order.symbol)
      ?.stops.findLast((stop) => stop.parentId === order.orderId && stop.strategy === order.strategy);
    const level = (leg && levelOf(leg, order.referencePrice)) ?? order.stopLoss ?? null;
    addDistance(riskOf(order.strategy), order.remaining, order.referencePrice, level, order.side === 'buy');
  }
  let [value, unprotected] = [zeroMoney, zeroMoney];
  const byStrategy = new Map<string, OpenRisk>();
  for (const [strategy, risk] of risks) {
    const { total } = risk;
    byStrategy.set(strategy, total);
    value = money(value.plus(total.value));
    unprotected = money(unprotected.plus(total.unprotected));
  }
  return { all: { value, unprotected }, byStrategy };
}

const stopsOf = (stops: readonly OpenOrderView[], strategy: string): readonly OpenOrderView[] =>
  stops.length === 0 || (stops.length === 1 && stops[0]!.strategy === strategy)
    ? stops
    : stops.filter((stop) => stop.strategy === strategy);

function addLot(risk: Risk, quantity: Quantity, last: Price, stops: readonly OpenOrderView[]): void {
  const { bare } = risk;
  const long = quantity.s === 1;
  const shares = long ? quantity : (quantity.abs() as Quantity);
  const [only] = stops;
  // Nearly always there is one, for all of it.
  if (stops.length === 1 && only && isAgainst(only, long)) {
    if (only.stopPrice !== null && addWhole(risk, shares, only.remaining, last, only.stopPrice, long)) return;
    const rest = isAbove(shares, only.remaining);
    addDistance(risk, rest ? only.remaining : shares, last, levelOf(only, last), long);
    if (rest) bare.addProduct(shares.minus(only.remaining), last);
    return;
  }
  let left: Big = shares;
  const own = stops.filter((stop) => isAgainst(stop, long)).map((stop) => ({ stop, level: levelOf(stop, last) }));
  // The furthest first: of more stops than shares, those count that lose most.
  own.sort((a, b) => (a.level && b.level ? a.level.cmp(b.level) * (long ? 1 : -1) : 0));
  for (const { stop, level } of own) {
    if (left.lte('0')) return;
    const covered = stop.remaining.gt(left) ? left : stop.remaining;
    addDistance(risk, covered, last, level, long);
    left = left.minus(covered);
  }
  if (left.gt('0')) bare.addProduct(left, last);
}

const isAgainst = ({ side }: OpenOrderView, long: boolean): boolean => side === (long ? 'sell' : 'buy');

function addDistance({ stopped, bare }: Risk, shares: Big, from: Big, level: Big | null, long: boolean): void {
  if (level === null) bare.addProduct(shares, from);
  else if (long ? isAbove(from, level) : isAbove(level, from)) {
    stopped.addProduct(shares, from, long ? 1 : -1);
    stopped.addProduct(shares, level, long ? -1 : 1);
  }
}

/** As below, for a stop over all shares, where everything is whole millionths above zero; whether it was. */
function addWhole({ stopped }: Risk, shares: Big, covered: Big, from: Big, level: Big, long: boolean): boolean {
  if (decimalsOf(shares) !== 0 || decimalsOf(covered) !== 0) return false;
  if (covered.s !== 1 || from.s !== 1 || level.s !== 1) return false;
  const count = digitsOf(shares);
  if (!(count <= digitsOf(covered))) return false;
  const distance = millionths(from) - millionths(level);
  const lost = long ? distance * count : -distance * count;
  // Not a number either, where one of them is none.
  if (!(Math.abs(lost) <= Number.MAX_SAFE_INTEGER)) return false;
  if (lost > 0) stopped.addMillionths(lost);
  return true;
}

/** As `a.gt(b)`, which copies both; nearly all are whole millionths above zero. */
function isAbove(a: Big, b: Big): boolean {
  if (a.s !== 1 || b.s !== 1) return a.gt(b);
  const x = millionths(a);
  const y = millionths(b);
  return Number.isNaN(x) || Number.isNaN(y) ? a.gt(b) : x > y;
}

/** What the order itself puts at risk, and a share of it; null: it has no price. Without a stop that is all it costs. */
export function orderRisk(context: EntryContext): { readonly value: Money; readonly perShare: Big } | null {
  const { referencePrice, quantity } = context.sized;
  if (referencePrice === null) return null;
  const stop = stopOf(context);
  const perShare = stop === 'none' || stop === null || stop.distance.lte('0') ? referencePrice : stop.distance;
  return { value: money(quantity.times(perShare)), perShare };
}
