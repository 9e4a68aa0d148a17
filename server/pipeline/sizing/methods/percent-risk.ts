import { text } from '../../../core/decimal.ts';
import { share } from '../../../core/parameters.ts';
import { byRisk, isNoSize, partOfEquity, percentOf, sizingMethod } from '../method.ts';

export const method = sizingMethod({
  key: 'percent-risk',
  order: 50,
  name: 'Part of equity at risk',
  says: 'So many shares that the stop costs at most a part of the account’s equity.',
  recordAs: 'percent_risk',
  parameters: { share: share('Part of equity at risk', '0.005', 'lower') },
  wish(facts, { share }) {
    const { context } = facts;
    const risk = partOfEquity(context, share);
    if (isNoSize(risk)) return risk;
    return byRisk(facts, risk, ` (${percentOf(share)} of ${text(context.equity)} equity)`, {
      equity: text(context.equity),
      share: text(share),
    });
  },
});
