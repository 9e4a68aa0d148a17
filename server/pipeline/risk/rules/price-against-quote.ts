import { text } from '../../../core/decimal.ts';
import { midpoint } from '../../../core/model/market.ts';
import { percent, percentAbove } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, notApplicable, pass } from '../rule.ts';

/** An entry far from the market is a typo, a split nobody told the script of, or the wrong ticker. */
export const rule = entryRule({
  key: 'price-against-quote',
  order: 80,
  name: 'Price collar',
  says: 'The entry must be near the live quote.',
  parameters: { maxDistance: share('Furthest from the middle of the quote', '0.05', 'lower') },
  scopes: ['everything', 'account', 'strategy', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate({ quote, sized, signal }, { maxDistance }) {
    if (quote === null || sized.referencePrice === null) return notApplicable('There are no two prices to compare.');
    const middle = midpoint(quote);
    const distance = sized.referencePrice.minus(middle).abs().div(middle);
    const limit = percent(maxDistance);
    const inputs = { entry: text(sized.referencePrice), middle: text(middle), distance: text(distance.round(6, 1)) };
    if (distance.gt(maxDistance)) {
      const away = `${percentAbove(distance, maxDistance)} from the market of ${signal.ticker} (${text(middle)})`;
      const sentence = `the entry ${text(sized.referencePrice)} is ${away}, the limit is ${limit}.`;
      return breach('RISK_PRICE_AWAY', sentence, inputs, limit);
    }
    return pass(`The entry is ${percent(distance)} from the market.`, inputs, limit);
  },
});
