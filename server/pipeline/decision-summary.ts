import { type Big, text } from '../core/decimal.ts';
import type { AccountView } from '../core/model/account-view.ts';
import type { OrderPlan, RuleVerdict } from '../core/model/decision.ts';
import type { DecisionSummary, OrderSummary } from '../core/model/kept-facts.ts';
import type { DecisionToStore } from '../core/ports/decision-store.ts';

/** A decision as it is compared with another one. */
export function summaryOf(decision: DecisionToStore, account: AccountView | null): DecisionSummary {
  const { outcome, verdicts } = decision;
  const about = {
    rule: ruleOf(verdicts),
    mode: decision.mode,
    intent: decision.intent,
    side: decision.side,
    quantity: decision.sizing.quantity,
  };
  if (outcome.kind !== 'approved') {
    return { ...about, outcome: outcome.kind, code: outcome.code, orders: [], cancels: [], moves: [] };
  }
  const places = new Map(account?.openOrders.map((order, place) => [order.orderId, place]));
  const placeOf = (orderId: string): number => places.get(orderId) ?? -1;
  return {
    ...about,
    outcome: 'approved',
    code: outcome.withheld?.code ?? null,
    orders: outcome.orders.map(orderOf),
    cancels: outcome.cancels.map(placeOf),
    moves: outcome.moves.map((move) => [
      placeOf(move.orderId),
      text(move.stopPrice),
      move.limitPrice ? text(move.limitPrice) : 0,
    ]),
    ...(outcome.withheld && { withheld: outcome.withheld.code }),
  };
}

/** The rule that had the last word: the first that denies, else the first that asks for a person, else the last that made it smaller. */
function ruleOf(verdicts: readonly RuleVerdict[]): string | null {
  const said =
    verdicts.find(({ verdict }) => verdict === 'deny') ??
    verdicts.find(({ verdict }) => verdict === 'ask') ??
    verdicts.findLast(({ verdict }) => verdict === 'reduce');
  return said?.rule ?? null;
}

function orderOf(order: OrderPlan): OrderSummary {
  const { trail, after } = order;
  return {
    intent: order.intent,
    side: order.side,
    type: order.type,
    quantity: text(order.quantity),
    reference: text(order.referencePrice),
    timeInForce: order.timeInForce,
    ...said('limit', order.limitPrice),
    ...said('stop', order.stopPrice),
    ...said('stopLoss', order.stopLoss),
    ...said('takeProfit', order.takeProfit),
    ...(trail && { trail: 'price' in trail ? text(trail.price) : `${text(trail.percent)} %` }),
    ...(order.role && { role: order.role }),
    ...(after && { after: `${after.step} ${after.when}` }),
  };
}

const said = (name: keyof OrderSummary, value: Big | null | undefined): Partial<OrderSummary> =>
  value ? { [name]: text(value) } : {};
