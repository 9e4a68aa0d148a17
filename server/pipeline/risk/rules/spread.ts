import { decimal, text } from '../../../core/decimal.ts';
import { midpoint } from '../../../core/model/market.ts';
import { isPair } from '../../../core/pairs.ts';
import { percent, percentAbove } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

const zero = decimal('0');

/** The spread is what an entry at the market costs when it is closed again at once. */
export const rule = entryRule({
  key: 'spread',
  order: 280,
  name: 'Spread',
  says: 'Bid and ask must be near each other, as a share of their middle; coins have a limit of their own.',
  parameters: {
    maxSpread: share('Largest spread of shares', '0.01', 'lower'),
    maxPairSpread: share('Largest spread of coins', '0.02', 'lower'),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'ask', 'warn'],
  on: true,
  evaluate({ quote, signal }, { maxSpread, maxPairSpread }) {
    const { ticker } = signal;
    const most = isPair(ticker) ? maxPairSpread : maxSpread;
    const limit = percent(most);
    if (quote === null) {
      return breach(
        'RISK_SPREAD',
        `the spread of ${ticker} is not known: there is no quote.`,
        { bid: null, ask: null },
        limit,
      );
    }
    const { bid, ask } = quote;
    const between = `${text(bid)} and ${text(ask)}`;
    const inputs = { bid: text(bid), ask: text(ask) };
    if (bid.lte('0') || ask.lt(bid)) {
      return breach(
        'RISK_SPREAD',
        `the spread of ${ticker} is not known: it cannot be quoted ${between}.`,
        inputs,
        limit,
      );
    }
    const middle = midpoint(quote);
    const spread = ask.minus(bid);
    const part = spread.div(middle);
    const seen = { ...inputs, spread: text(part.round(6, 1)) };
    if (spread.gt(middle.times(most))) {
      const sentence = `${ticker} is quoted ${between}, ${percentAbove(part, most)} apart, the limit is ${limit}.`;
      return breach('RISK_SPREAD', sentence, seen, limit);
    }
    return pass(
      `${ticker} is quoted ${between}, ${spread.eq('0') ? '0 %' : percentAbove(part, zero)} apart.`,
      seen,
      limit,
    );
  },
});
