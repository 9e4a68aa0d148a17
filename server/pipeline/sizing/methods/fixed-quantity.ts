import { decimal, text } from '../../../core/decimal.ts';
import { multiple } from '../../../core/parameters.ts';
import { size, sizingMethod } from '../method.ts';

const one = decimal('1');

export const method = sizingMethod({
  key: 'fixed-quantity',
  order: 20,
  name: 'Fixed quantity',
  says: 'The same number of shares each time.',
  recordAs: 'fixed_quantity',
  parameters: { quantity: multiple('Shares', '1', 'lower', { min: '0.000000001' }) },
  wish({ context: { weight } }, { quantity }) {
    const shares = quantity.times(weight);
    return size(shares, one, `${text(shares)}, as the strategy says`);
  },
});
