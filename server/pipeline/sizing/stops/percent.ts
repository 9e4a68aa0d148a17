import { decimal, text } from '../../../core/decimal.ts';
import { stopAt, stopMethod } from '../stop-method.ts';

export const stop = stopMethod({
  key: 'percent',
  order: 10,
  name: 'Part of the entry',
  says: 'At the strategy’s distance from the entry, which is also that of shares that are found without a stop.',
  parameters: {},
  place({ side, entry, stopDistance }) {
    const distance = entry.times(stopDistance);
    const part = text(decimal(stopDistance).times('100'));
    return side === 'buy'
      ? stopAt(entry.minus(distance), `The stop is ${part} % below the entry.`)
      : stopAt(entry.plus(distance), `The stop is ${part} % above the entry.`);
  },
});
