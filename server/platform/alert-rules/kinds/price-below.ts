import { amountOf, share } from '../../../core/parameters.ts';
import { alertKind } from '../kind.ts';
import { priceOf, shownPrice } from '../price-of.ts';
import { standing } from '../sides.ts';

export const kind = alertKind({
  key: 'price-below',
  name: 'Price below',
  says: 'The middle of bid and ask falls to a price or below it. It is over when it has come back by the margin.',
  scope: { account: 'none', strategy: 'none', symbol: 'needed' },
  parameters: {
    price: amountOf('Price', '100', null, { min: '0.0001' }),
    back: share('Over when it is back by', '0.002', null, { min: '0', max: '0.5' }),
  },
  ends: 'holds',
  everyQuote: true,
  async look(readings, { values, scope }) {
    const symbol = scope.symbol!;
    const found = await priceOf(readings, symbol);
    if ('kind' in found) return found;
    const value = shownPrice(found.price);
    const state = standing(found.price, values.price, values.price.times(values.back), 'below');
    const limit = shownPrice(values.price as never);
    const sentence =
      state === 'holds'
        ? `${symbol} is at ${value}, at or below ${limit}.`
        : `${symbol} is at ${value}, above ${limit} again.`;
    return { kind: state, value, sentence };
  },
});
