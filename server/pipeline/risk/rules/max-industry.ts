import { unknown } from '../../../core/instruments/sectors.ts';
import { bookOf } from '../exposure.ts';
import { share } from '../parameters.ts';
import { entryRule } from '../rule.ts';
import { withinShareOfEquity } from '../share-of-equity.ts';

export const rule = entryRule({
  key: 'max-industry',
  order: 410,
  name: 'One industry',
  says: 'All positions and open entries of one industry, long and short, may be worth at most a share of equity; what nobody has classified is a bucket of its own with its own limit.',
  parameters: {
    maxShareOfEquity: share('Largest share of equity in one industry', '0.25', 'lower', { min: '0', max: '20' }),
    maxUnknownShareOfEquity: share('Largest share of equity in what has no known industry', '0.1', 'lower', {
      min: '0',
      max: '20',
    }),
  },
  scopes: ['everything', 'account', 'sector'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity, maxUnknownShareOfEquity }) {
    const industry = context.industryOf(context.signal.ticker);
    return withinShareOfEquity(context, {
      what: industry === unknown ? 'what has no known industry' : `the industry ${industry}`,
      code: 'RISK_MAX_INDUSTRY',
      share: industry === unknown ? maxUnknownShareOfEquity : maxShareOfEquity,
      exposure: bookOf(context).of('industry', industry),
    });
  },
});
