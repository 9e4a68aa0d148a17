import { isPair } from '../../../core/pairs.ts';
import { amount, orderValue } from '../figures.ts';
import { amountOf } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** Venues refuse less than a dollar, and less than ten in coins; a person may set it where costs eat an order up. */
export const rule = entryRule({
  key: 'min-order-value',
  order: 340,
  name: 'Least value of one order',
  says: 'One entry is worth at least so much; coins have a limit of their own.',
  parameters: {
    minValue: amountOf('Least value of one order', '1', 'higher'),
    minPairValue: amountOf('Least value of one order of coins', '10', 'higher'),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate(context, { minValue, minPairValue }) {
    const least = isPair(context.signal.ticker) ? minPairValue : minValue;
    const limit = amount(least);
    if (context.sized.referencePrice === null) {
      const sentence = 'what the order is worth is not known: there is no price.';
      return breach('RISK_MIN_ORDER_VALUE', sentence, { order: null }, limit);
    }
    const order = orderValue(context);
    const inputs = { order: amount(order) };
    if (order.lt(least)) {
      const sentence = `the order would be worth ${amount(order)}, the least is ${limit}.`;
      return breach('RISK_MIN_ORDER_VALUE', sentence, inputs, limit);
    }
    return pass(`The order is worth ${amount(order)}, at least ${limit}.`, inputs, limit);
  },
});
