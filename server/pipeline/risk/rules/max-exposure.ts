import { exposureWithin } from '../exposure.ts';
import { share } from '../parameters.ts';
import { entryRule } from '../rule.ts';
import { withinShareOfEquity } from '../share-of-equity.ts';

/** Of an account it is the portfolio; of a strategy, a sector or a symbol it is what of the portfolio is theirs. */
export const rule = entryRule({
  key: 'max-exposure',
  order: 110,
  name: 'Gross exposure',
  says: 'All positions and open entries together, long and short, may be worth at most a share of equity; so may those of a strategy or a sector.',
  parameters: {
    maxShareOfEquity: share('Largest gross exposure, as a share of equity', '1', 'lower', { min: '0', max: '20' }),
  },
  scopes: ['everything', 'account', 'strategy', 'sector', 'symbol'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: true,
  evaluate(context, { maxShareOfEquity }, scope) {
    return withinShareOfEquity(context, {
      what: scope.kind === 'everything' || scope.kind === 'account' ? 'the portfolio' : scope.name,
      code: 'RISK_MAX_EXPOSURE',
      share: maxShareOfEquity,
      exposure: exposureWithin(context, scope),
    });
  },
});
