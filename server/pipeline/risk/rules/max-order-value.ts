import { money } from '../../../core/decimal.ts';
import { amount, orderValue, sharesWorth } from '../figures.ts';
import { amountOf } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'max-order-value',
  order: 95,
  name: 'Value of one order',
  says: 'One entry may be worth at most so much.',
  parameters: { maxValue: amountOf('Largest value of one order', '25000', 'lower') },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxValue }) {
    const order = orderValue(context);
    const limit = money(maxValue);
    const inputs = { order: amount(order) };
    if (order.gt(limit)) {
      const sentence = `the order would be worth ${amount(order)}, the limit is ${amount(limit)}.`;
      return breach('RISK_MAX_ORDER_VALUE', sentence, inputs, amount(limit), sharesWorth(context, limit));
    }
    return pass(`The order is worth ${amount(order)}, at most ${amount(limit)} is allowed.`, inputs, amount(limit));
  },
});
