import { amountOf } from '../../../core/parameters.ts';
import { alertKind } from '../kind.ts';
import { priceOf, shownPrice } from '../price-of.ts';

export const kind = alertKind({
  key: 'price-crosses',
  name: 'Price crosses',
  says: 'The middle of bid and ask goes from one side of a price to the other, either way. Its alarm is open until somebody has seen it.',
  scope: { account: 'none', strategy: 'none', symbol: 'needed' },
  parameters: { price: amountOf('Price', '100', null, { min: '0.0001' }) },
  ends: 'happens',
  everyQuote: true,
  async look(readings, { values, scope, memory }) {
    const symbol = scope.symbol!;
    const found = await priceOf(readings, symbol);
    // The side it was on stays known, however long there is no price.
    if ('kind' in found) return memory === null ? found : { ...found, memory };
    const value = shownPrice(found.price);
    const limit = shownPrice(values.price);
    const before = memory?.side;
    // Exactly at it is on neither side.
    const side = found.price.gt(values.price) ? 'above' : found.price.lt(values.price) ? 'below' : before;
    const kept = side === undefined ? {} : { memory: { side } };
    if (before === undefined || side === before) {
      return { kind: 'over', value, sentence: `${symbol} is at ${value}.`, ...kept };
    }
    const sentence =
      side === 'above'
        ? `${symbol} has risen through ${limit}: it is at ${value}.`
        : `${symbol} has fallen through ${limit}: it is at ${value}.`;
    return { kind: 'holds', value, sentence, ...kept };
  },
});
