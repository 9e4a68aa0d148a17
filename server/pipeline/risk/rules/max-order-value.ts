import { money } from '../../../core/decimal.ts';
import { amount, orderValue } from '../figures.ts';
import { deny, notApplicable, pass, type Rule } from '../rule.ts';

export const rule: Rule = {
  key: 'max-order-value',
  order: 95,
  appliesTo: 'entries',
  limit: 'maxOrderValue',
  says: 'One entry may be worth at most so much, where the settings or the account say how much.',
  evaluate(context) {
    const { maxOrderValue } = context.limits;
    if (maxOrderValue === null) return notApplicable('There is no limit on the value of one order.');
    const order = orderValue(context);
    const limit = money(maxOrderValue);
    const inputs = { order: amount(order) };
    if (order.gt(limit)) {
      const sentence = `the order would be worth ${amount(order)}, the limit is ${amount(limit)}.`;
      return deny('RISK_MAX_ORDER_VALUE', sentence, inputs, amount(limit));
    }
    return pass(`The order is worth ${amount(order)}, at most ${amount(limit)} is allowed.`, inputs, amount(limit));
  },
};
