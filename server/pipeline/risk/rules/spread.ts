import { type Big, decimal, rounding, text } from '../../../core/decimal.ts';
import { midpoint } from '../../../core/model/market.ts';
import { isPair } from '../../../core/pairs.ts';
import { percent, percentAbove, quotientText } from '../figures.ts';
import { share } from '../parameters.ts';
import { breach, entryRule, pass } from '../rule.ts';

const zero = decimal('0');
const hundred = decimal('100');

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
    const part = quotientText(spread, middle, 6, rounding.halfAwayFromZero);
    const seen = { ...inputs, spread: part };
    if (spread.gt(middle.times(most))) {
      const sentence = `${ticker} is quoted ${between}, ${percentAbove(spread.div(middle), most)} apart, the limit is ${limit}.`;
      return breach('RISK_SPREAD', sentence, seen, limit);
    }
    return pass(`${ticker} is quoted ${between}, ${apart(spread, middle)} apart.`, seen, limit);
  },
});

/** With as many decimals as it takes not to look like nothing. */
function apart(spread: Big, middle: Big): string {
  const hundredfold = spread.times(hundred);
  for (let decimals = 1; decimals < 8; decimals += 1) {
    const shown = quotientText(hundredfold, middle, decimals, rounding.halfAwayFromZero);
    if (shown !== '0') return `${shown} %`;
  }
  return hundredfold.eq(zero) ? '0 %' : 'over 0 %';
}
