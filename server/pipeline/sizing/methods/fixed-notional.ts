import { amountOf } from '../../../core/parameters.ts';
import { byValue, inCents, sizingMethod } from '../method.ts';

export const method = sizingMethod({
  key: 'fixed-notional',
  order: 30,
  name: 'Fixed value',
  says: 'As many shares as an amount of money buys at the entry.',
  recordAs: 'fixed_notional',
  parameters: { value: amountOf('Value of an entry', '1000', 'lower', { min: '0.01' }) },
  wish(facts, { value }) {
    return byValue(facts, inCents(value.times(facts.context.weight)));
  },
});
