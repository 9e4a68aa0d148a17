import { unknown } from '../../../core/instruments/sectors.ts';
import { bookOf } from '../exposure.ts';
import { share } from '../parameters.ts';
import { entryRule } from '../rule.ts';
import { withinShareOfEquity } from '../share-of-equity.ts';

/** Long and short count alike: what hits a sector hits both, and not always the same way. */
export const rule = entryRule({
  key: 'max-sector',
  order: 400,
  name: 'One sector',
  says: 'All positions and open entries of one sector, long and short, may be worth at most a share of equity; what nobody has classified is a bucket of its own with its own limit.',
  parameters: {
    maxShareOfEquity: share('Largest share of equity in one sector', '0.4', 'lower', { min: '0', max: '20' }),
    maxUnknownShareOfEquity: share('Largest share of equity in what has no known sector', '0.1', 'lower', {
      min: '0',
      max: '20',
    }),
  },
  scopes: ['everything', 'account', 'sector'],
  severities: ['deny', 'reduce', 'ask', 'warn'],
  on: false,
  evaluate(context, { maxShareOfEquity, maxUnknownShareOfEquity }) {
    const sector = context.sectorOf(context.signal.ticker);
    return withinShareOfEquity(context, {
      what: sector === unknown ? 'what has no known sector' : `the sector ${sector}`,
      code: 'RISK_MAX_SECTOR',
      share: sector === unknown ? maxUnknownShareOfEquity : maxShareOfEquity,
      exposure: bookOf(context).of('sector', sector),
    });
  },
});
