import { amountOf, share } from '../../core/parameters.ts';
import { alertKind } from './kind.ts';
import { priceOf, shownPrice } from './price-of.ts';
import { standing } from './sides.ts';

const words = {
  above: { name: 'Price above', moves: 'rises to a price or above it', other: 'below' },
  below: { name: 'Price below', moves: 'falls to a price or below it', other: 'above' },
} as const;

/** A price on one side of a level. */
export function priceSide(side: 'above' | 'below') {
  const { name, moves, other } = words[side];
  return alertKind({
    key: `price-${side}`,
    name,
    says: `The middle of bid and ask ${moves}. It is over when it has come back by the margin.`,
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
      const limit = shownPrice(values.price);
      const kind = standing(found.price, values.price, values.price.times(values.back), side);
      const sentence =
        kind === 'holds'
          ? `${symbol} is at ${value}, at or ${side} ${limit}.`
          : `${symbol} is at ${value}, ${other} ${limit} again.`;
      return { kind, value, sentence };
    },
  });
}
