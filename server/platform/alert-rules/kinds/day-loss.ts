import { amountOf } from '../../../core/parameters.ts';
import { dayResult, shownAmount } from '../amounts.ts';
import { alertKind } from '../kind.ts';
import { standing } from '../sides.ts';

/** So much of the limit it must have come back. */
const marginOfLimit = '0.05';

export const kind = alertKind({
  key: 'day-loss',
  name: 'Loss of the day',
  says: 'An account has lost so much since New York’s midnight, by its equity at the latest prices.',
  scope: { account: 'needed', strategy: 'none', symbol: 'none' },
  parameters: { amount: amountOf('Loss of', '1000', null, { min: '0.01' }) },
  ends: 'holds',
  everyQuote: false,
  async look(readings, { values, scope }) {
    const found = await dayResult(readings, scope.accountId!);
    if ('kind' in found) return found;
    const { name, result } = found;
    const value = shownAmount(result);
    const state = standing(result.times('-1'), values.amount, values.amount.times(marginOfLimit), 'above');
    return {
      kind: state,
      value,
      sentence: `${name} stands at ${value} today; the limit is a loss of ${shownAmount(values.amount)}.`,
    };
  },
});
