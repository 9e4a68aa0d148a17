import { amountOf } from '../../core/parameters.ts';
import { dayResult, shownAmount } from './amounts.ts';
import { alertKind } from './kind.ts';
import { reached } from './sides.ts';

const made = { loss: 'lost', profit: 'made' } as const;

/** What an account has lost or made since New York's midnight. */
export function resultOfDay(side: 'loss' | 'profit') {
  const named = side === 'loss' ? 'Loss' : 'Profit';
  return alertKind({
    key: `day-${side}`,
    name: `${named} of the day`,
    says: `An account has ${made[side]} so much since New York’s midnight, by its equity at the latest prices.`,
    scope: { account: 'needed', strategy: 'none', symbol: 'none' },
    parameters: { amount: amountOf(`${named} of`, '1000', null, { min: '0.01' }) },
    ends: 'holds',
    everyQuote: false,
    async look(readings, { values, scope }) {
      const found = await dayResult(readings, scope.accountId!);
      if ('kind' in found) return found;
      const { name, result } = found;
      const value = shownAmount(result);
      return {
        kind: reached(side === 'loss' ? result.times('-1') : result, values.amount),
        value,
        sentence: `${name} stands at ${value} today; the limit is a ${side} of ${shownAmount(values.amount)}.`,
      };
    },
  });
}
