import { type Big, money, quantity } from '../../core/decimal.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import { amount, percent, percentAbove, valueNotKnown } from './figures.ts';
import { type OpenRisk, orderRisk } from './open-risk.ts';
import { breach, type EntryContext, type Finding, pass } from './rule.ts';

/** Whose risk is held against which share of equity. */
export interface RiskBudget {
  /** The subject of the sentences: "the open risk of momentum". */
  readonly what: string;
  readonly code: RefusalCode;
  readonly share: Big;
  readonly open: OpenRisk;
}

/** Holds what is lost when all stops are hit, the order's included, against a share of equity. */
export function withinRiskBudget(context: EntryContext, { what, code, share, open }: RiskBudget): Finding {
  const { equity } = context;
  const order = orderRisk(context);
  const limit = money(equity.times(share));
  const limitText = `${percent(share)} of equity`;
  const inputs = {
    open: amount(open.value),
    unprotected: amount(open.unprotected),
    order: order && amount(order.value),
    equity: amount(equity),
  };
  if (order === null) return breach(code, valueNotKnown, inputs, limitText);
  const after = open.value.plus(order.value);
  // Of what is not above zero no share is allowed, not even of an order that risks nothing.
  if (after.gt(limit) || equity.lte('0')) {
    const reached = equity.gt('0') ? percentAbove(after.div(equity), share) : 'more than all';
    const room = limit.minus(open.value);
    const allowed = quantity(room.gt('0') ? room.div(order.perShare) : '0');
    const bare = open.unprotected.gt('0') ? ` (${amount(open.unprotected)} of it without a stop)` : '';
    const sentence = `${what} would be ${reached} of equity${bare}, the limit is ${percent(share)}.`;
    return breach(code, sentence, { ...inputs, after: amount(after) }, limitText, allowed);
  }
  const begun = `${what.slice(0, 1).toUpperCase()}${what.slice(1)}`;
  const sentence = `${begun} would be ${amount(after)}, at most ${amount(limit)} is allowed.`;
  return pass(sentence, { ...inputs, after: amount(after) }, limitText);
}
