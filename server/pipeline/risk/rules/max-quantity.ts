import { quantity, text } from '../../../core/decimal.ts';
import { multiple } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

export const rule = entryRule({
  key: 'max-quantity',
  order: 330,
  name: 'Shares of one order',
  says: 'One entry is for at most so many shares, or coins.',
  parameters: { maxQuantity: multiple('Most shares or coins of one order', '10000', 'lower') },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate({ sized, signal }, { maxQuantity }) {
    const limit = text(maxQuantity);
    const inputs = { quantity: text(sized.quantity) };
    if (sized.quantity.gt(maxQuantity)) {
      const sentence = `the order is for ${text(sized.quantity)} ${signal.ticker}, the limit is ${limit}.`;
      return breach('RISK_MAX_QUANTITY', sentence, inputs, limit, quantity(maxQuantity));
    }
    return pass(`The order is for ${text(sized.quantity)} ${signal.ticker}, at most ${limit}.`, inputs, limit);
  },
});
