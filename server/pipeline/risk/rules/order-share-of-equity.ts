import { money } from '../../../core/decimal.ts';
import { amount, orderValue, percent, percentAbove, sharesWorth } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'order-share-of-equity',
  order: 335,
  name: 'One order’s share of equity',
  says: 'One entry is worth at most a share of equity, whatever is held.',
  parameters: {
    maxShareOfEquity: share('Largest share of equity in one order', '0.1', 'lower', { min: '0', max: '20' }),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity }) {
    const { equity, sized } = context;
    const limitText = `${percent(maxShareOfEquity)} of equity`;
    if (sized.referencePrice === null) {
      const inputs = { order: null, equity: amount(equity) };
      return breach('RISK_ORDER_SHARE', 'what the order is worth is not known: there is no price.', inputs, limitText);
    }
    const order = orderValue(context);
    const limit = money(equity.times(maxShareOfEquity));
    const inputs = { order: amount(order), equity: amount(equity) };
    if (order.gt(limit)) {
      const reached = equity.gt('0') ? percentAbove(order.div(equity), maxShareOfEquity) : 'more than all';
      const sentence = `the order would be ${reached} of equity, the limit is ${percent(maxShareOfEquity)}.`;
      return breach('RISK_ORDER_SHARE', sentence, inputs, limitText, sharesWorth(context, limit));
    }
    return pass(`The order is worth ${amount(order)}, at most ${amount(limit)} is allowed.`, inputs, limitText);
  },
});
