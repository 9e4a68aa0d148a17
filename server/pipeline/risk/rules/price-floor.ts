import { text } from '../../../core/decimal.ts';
import { isPair } from '../../../core/pairs.ts';
import { amountOf } from '../parameters.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';

/** The cheapest shares move by large parts of their price, trade thinly, and are what is pumped. Listed ones must stay above a dollar. */
export const rule = entryRule({
  key: 'price-floor',
  order: 270,
  name: 'Cheapest share',
  says: 'No entry is sent in shares that cost less than so much. Coins may cost little.',
  parameters: { minPrice: amountOf('Least price of a share', '1', 'higher', { min: '0', max: '1000000' }) },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate({ sized, signal }, { minPrice }) {
    const { ticker } = signal;
    if (isPair(ticker)) return notApplicable('It holds for shares.', { ticker });
    const limit = text(minPrice);
    const { referencePrice } = sized;
    if (referencePrice === null) {
      return breach('RISK_PRICE_FLOOR', `what ${ticker} costs is not known.`, { price: null }, limit);
    }
    const inputs = { price: text(referencePrice) };
    if (referencePrice.lt(minPrice)) {
      const sentence = `${ticker} costs ${text(referencePrice)} a share, the least is ${limit}.`;
      return breach('RISK_PRICE_FLOOR', sentence, inputs, limit);
    }
    return pass(`${ticker} costs ${text(referencePrice)} a share, at least ${limit}.`, inputs, limit);
  },
});
