import { text } from '../../../core/decimal.ts';
import { share } from '../../../core/parameters.ts';
import { byValue, isNoSize, partOfEquity, percentOf, sizingMethod } from '../method.ts';

export const method = sizingMethod({
  key: 'percent-of-equity',
  order: 40,
  name: 'Part of equity',
  says: 'As many shares as a part of the account’s equity buys at the entry.',
  recordAs: 'percent_of_equity',
  parameters: { share: share('Part of equity that an entry is worth', '0.05', 'lower', { min: '0', max: '10' }) },
  wish(facts, { share }) {
    const { context } = facts;
    const value = partOfEquity(context, share);
    if (isNoSize(value)) return value;
    return byValue(facts, value, ` (${percentOf(share)} of ${text(context.equity)} equity)`, {
      equity: text(context.equity),
      share: text(share),
    });
  },
});
