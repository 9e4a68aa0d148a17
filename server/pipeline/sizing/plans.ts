import { maximum, type Price, type Quantity, quantity, text, zeroQuantity } from '../../core/decimal.ts';
import type { OpenOrderView } from '../../core/model/account-view.ts';
import type { OrderPlan } from '../../core/model/decision.ts';
import type { TimeInForce } from '../../core/model/order.ts';
import type { OrderTerms } from '../../core/model/order-terms.ts';
import type { Side } from '../../core/model/signal.ts';
import { isPair } from '../../core/pairs.ts';
import type { Acting } from './act.ts';
import type { Holding } from './holding.ts';
import type { Sizing } from './size.ts';

/** What plans are made with beside the sizing. */
export interface Planning {
  readonly symbol: string;
  readonly holding: Holding;
  /** For an exit that no quote could be had for. */
  readonly lastKnownPrice: Price;
}

/**
 * The orders of an approved decision, by their steps. An entry is one bracket a target, and the trailing stop of what has no target
 * follows its fill; the entry of a reversal waits until its exit has closed the position; after an exit of a part, what is left gets
 * its protection back. `withheld`: the entry of a reversal is not to be sent.
 */
export function plansOf({ sized, first, clears }: Acting, withheld: boolean, planning: Planning): OrderPlan[] {
  const { intent } = sized;
  // Were the cancelled entries filled after all, both would be held: their end comes first.
  const after = clears === undefined ? null : ({ step: 0, when: 'cleared', orderId: clears } as const);
  if (first === null) return intent === 'entry' ? entryPlans(sized, 0, after, planning) : exitPlans(sized, planning);
  const exit = exitPlan(first, planning);
  if (withheld) return [exit];
  return [exit, ...entryPlans(sized, 1, { step: 0, when: 'closed' }, planning)];
}

function exitPlan(sized: Sizing, { symbol, lastKnownPrice }: Planning): OrderPlan {
  return {
    intent: 'exit',
    symbol,
    side: sideOf(sized),
    quantity: sized.quantity,
    referencePrice: sized.referencePrice ?? lastKnownPrice,
    type: sized.terms.type,
    limitPrice: sized.terms.limitPrice,
    timeInForce: sized.terms.timeInForce ?? 'day',
    ...(sized.terms.extendedHours && { extendedHours: true }),
    stopLoss: null,
    takeProfit: null,
    step: 0,
  };
}

function exitPlans(sized: Sizing, planning: Planning): OrderPlan[] {
  if (sized.intent !== 'exit') return [];
  const exit = exitPlan(sized, planning);
  const again = protectionOfRest(exit, planning.holding);
  return again ? [exit, again] : [exit];
}

/** One order a target; each is protected by the venue by itself, even when we are not there. */
function entryPlans(sized: Sizing, firstStep: number, after: OrderPlan['after'], planning: Planning): OrderPlan[] {
  const { symbol, lastKnownPrice } = planning;
  const side = sideOf(sized);
  const { terms } = sized;
  const parts = sized.targets.length > 0 ? sized.targets : [{ price: sized.takeProfit, quantity: sized.quantity }];
  const plans: OrderPlan[] = [];
  for (const part of parts) {
    const step = firstStep + plans.length;
    const entry: OrderPlan = {
      intent: 'entry',
      symbol,
      side,
      quantity: part.quantity,
      referencePrice: sized.referencePrice ?? lastKnownPrice,
      type: terms.type,
      limitPrice: terms.limitPrice,
      ...(terms.stopPrice && { stopPrice: terms.stopPrice }),
      timeInForce: timeOf(terms, sized.stopLoss !== null || part.price !== null),
      ...(terms.extendedHours && { extendedHours: true }),
      stopLoss: sized.stopLoss,
      takeProfit: part.price,
      ...(sized.stopLossLimit && { stopLossLimit: sized.stopLossLimit }),
      // Of an entry that does not trail itself it says how the stop of its shares does, for whoever has to place that again.
      ...(terms.trail ? { trail: terms.trail } : sized.trail && part.price === null && { trail: sized.trail }),
      step,
      after: after ?? null,
    };
    plans.push(entry);
    // Venues know no stop that trails a pair of coins: the watch over protection moves a plain one.
    if (sized.trail === null || part.price !== null || isPair(symbol)) continue;
    plans.push({
      ...entry,
      intent: 'exit',
      role: 'stop_loss',
      side: side === 'buy' ? 'sell' : 'buy',
      type: 'trailing_stop',
      trail: sized.trail,
      limitPrice: null,
      stopPrice: null,
      timeInForce: 'gtc',
      extendedHours: false,
      stopLoss: null,
      stopLossLimit: null,
      takeProfit: null,
      step: step + 1,
      after: { step, when: 'filled' },
    });
  }
  return plans;
}

/**
 * Protection must outlive the day, and legs have the time in force of their entry: what is sent at the market is done at once, so that for
 * the day and until cancelled are the same. What has no protection ends with the day.
 */
function timeOf({ type, timeInForce, extendedHours }: OrderTerms, isProtected: boolean): TimeInForce {
  if (timeInForce === null) return isProtected && !extendedHours ? 'gtc' : 'day';
  return timeInForce === 'day' && type === 'market' && isProtected ? 'gtc' : timeInForce;
}

/** Orders that hold the same shares: a bracket's legs, or one order that stands by itself. */
interface Guard {
  readonly orders: OpenOrderView[];
  readonly quantity: Quantity;
}

/**
 * An exit of a part cancels, oldest first, what holds the shares it needs, and a venue cancels a bracket whole. What the last of them
 * held beyond the exit gets its stop and target back in an order of its own, as soon as the exit is on its way.
 */
function protectionOfRest(exit: OrderPlan, { held, open }: Holding): OrderPlan | null {
  if (exit.quantity.gte(held.abs())) return null;
  const entering = new Set(open.filter((order) => order.role === 'entry').map((order) => order.orderId));
  const guards = new Map<string, Guard>();
  for (const order of open) {
    if (order.side !== exit.side || order.role === 'entry') continue;
    // Legs of an entry that still works hold nothing yet.
    if (order.parentId !== null && entering.has(order.parentId)) continue;
    const key = order.parentId ?? order.orderId;
    const orders = [...(guards.get(key)?.orders ?? []), order];
    guards.set(key, { orders, quantity: orders.map((one) => one.remaining).reduce(maximum, zeroQuantity) });
  }
  let free = quantity([...guards.values()].reduce((left, guard) => left.minus(guard.quantity), held.abs()));
  let last: Guard | null = null;
  for (const guard of guards.values()) {
    if (free.gte(exit.quantity)) break;
    free = quantity(free.plus(guard.quantity));
    last = guard;
  }
  if (last === null) return null;
  const rest = quantity(free.minus(exit.quantity));
  const stop = last.orders.find((order) => order.role === 'stop_loss');
  if (rest.lte('0') || !stop) return null;
  const target = last.orders.find((order) => order.role === 'take_profit' && order.limitPrice !== null);
  return {
    ...exit,
    quantity: rest,
    type: 'stop',
    limitPrice: null,
    timeInForce: 'gtc',
    extendedHours: false,
    step: 1,
    after: { step: 0, when: 'sent' },
    ...like(stop, target),
  };
}

/** The same protection once more. A stop that trailed trails again, from the price of then; without its distance it is a plain one. */
function like(stop: OpenOrderView, target: OpenOrderView | undefined): Partial<OrderPlan> {
  const stopPrice = stop.stopPrice;
  if (stop.type === 'trailing_stop' && stop.trail)
    return { role: 'stop_loss', type: 'trailing_stop', trail: stop.trail };
  if (target?.limitPrice && stopPrice) {
    const { limitPrice } = target;
    return {
      role: 'take_profit',
      type: 'limit',
      limitPrice,
      referencePrice: limitPrice,
      stopLoss: stopPrice,
      takeProfit: limitPrice,
    };
  }
  if (stop.type === 'stop_limit')
    return { role: 'stop_loss', type: 'stop_limit', stopPrice, limitPrice: stop.limitPrice, trail: stop.trail };
  return { role: 'stop_loss', type: 'stop', stopPrice };
}

function sideOf(sized: Sizing): Side {
  if (sized.side === null) throw new Error(`what buys or sells ${text(sized.quantity)} has a side`);
  return sized.side;
}
