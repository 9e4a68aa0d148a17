import { decimal, text } from '../../../core/decimal.ts';
import { midpoint } from '../../../core/model/market.ts';
import { percent, percentAbove } from '../figures.ts';
import { deny, notApplicable, pass, type Rule } from '../rule.ts';

/** An entry far from the market is a typo, a split nobody told the script of, or the wrong ticker. */
export const rule: Rule = {
  key: 'price-against-quote',
  order: 80,
  appliesTo: 'entries',
  says: 'The entry must be near the live quote.',
  evaluate({ quote, sized, limits, signal }) {
    if (quote === null || sized.referencePrice === null) return notApplicable('There are no two prices to compare.');
    const middle = midpoint(quote);
    const distance = sized.referencePrice.minus(middle).abs().div(middle);
    const limit = percent(decimal(limits.maxPriceDistance));
    const inputs = { entry: text(sized.referencePrice), middle: text(middle), distance: text(distance.round(6, 1)) };
    if (distance.gt(limits.maxPriceDistance)) {
      return deny(
        'RISK_PRICE_AWAY',
        `the entry ${text(sized.referencePrice)} is ${percentAbove(distance, decimal(limits.maxPriceDistance))} from the market of ${signal.ticker} (${text(middle)}), the limit is ${limit}.`,
        inputs,
        limit,
      );
    }
    return pass(`The entry is ${percent(distance)} from the market.`, inputs, limit);
  },
};
