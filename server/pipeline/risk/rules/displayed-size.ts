import { quantity, text } from '../../../core/decimal.ts';
import { percent } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

/** What is not shown at the best price is filled at a worse one. */
export const rule = entryRule({
  key: 'displayed-size',
  order: 290,
  name: 'Share of the size shown',
  says: 'An order is at most a share of what the quote shows on the side it takes: of the ask for a buy, of the bid for a sell.',
  parameters: { maxShareOfSize: share('Largest share of the size shown', '1', 'lower', { min: '0', max: '1000' }) },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate({ quote, signal, sized }, { maxShareOfSize }) {
    const side = sized.side === 'buy' ? 'ask' : 'bid';
    const shown = sized.side === 'buy' ? quote?.askSize : quote?.bidSize;
    const limit = `${percent(maxShareOfSize)} of what the ${side} shows`;
    if (shown === undefined) {
      const inputs = { quantity: text(sized.quantity), shown: null };
      const sentence = `how much is shown at the ${side} of ${signal.ticker} is not known.`;
      return breach('RISK_DISPLAYED_SIZE', sentence, inputs, limit);
    }
    const most = quantity(shown.times(maxShareOfSize));
    const inputs = { quantity: text(sized.quantity), shown: text(shown) };
    if (sized.quantity.gt(most)) {
      const sentence = `the order is for ${text(sized.quantity)}, the ${side} shows ${text(shown)}, and the limit is ${percent(maxShareOfSize)} of it.`;
      return breach('RISK_DISPLAYED_SIZE', sentence, inputs, limit, most);
    }
    return pass(`The ${side} of ${signal.ticker} shows ${text(shown)}.`, inputs, limit);
  },
});
