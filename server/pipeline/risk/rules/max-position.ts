import { bookOf } from '../exposure.ts';
import { share } from '../parameters.ts';
import { entryRule } from '../rule.ts';
import { withinShareOfEquity } from '../share-of-equity.ts';

export const rule = entryRule({
  key: 'max-position',
  order: 100,
  name: 'One position',
  says: 'One position, with its open entries, may be worth at most a share of equity.',
  parameters: {
    maxShareOfEquity: share('Largest share of equity in one position', '0.2', 'lower', { min: '0', max: '20' }),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: true,
  evaluate(context, { maxShareOfEquity }) {
    const { ticker } = context.signal;
    return withinShareOfEquity(context, {
      what: ticker,
      code: 'RISK_MAX_POSITION',
      share: maxShareOfEquity,
      exposure: bookOf(context).of('symbol', ticker),
    });
  },
});
