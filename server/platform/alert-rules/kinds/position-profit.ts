import { amountOf } from '../../../core/parameters.ts';
import { accountOf, shownAmount } from '../amounts.ts';
import { alertKind } from '../kind.ts';
import { standing } from '../sides.ts';

/** So much of the limit it must have come back. */
const marginOfLimit = '0.05';

export const kind = alertKind({
  key: 'position-profit',
  name: 'Profit of a position',
  says: 'What an account holds of a symbol has made so much that is not realized. It is over when nothing is held.',
  scope: { account: 'needed', strategy: 'none', symbol: 'needed' },
  parameters: { amount: amountOf('Profit of', '500', null, { min: '0.01' }) },
  ends: 'holds',
  everyQuote: true,
  async look(readings, { values, scope }) {
    const found = await accountOf(readings, scope.accountId!);
    if ('kind' in found) return found;
    const symbol = scope.symbol!;
    const { name, positions } = found.account;
    const position = positions.find((one) => one.symbol === symbol);
    if (!position) return { kind: 'over', value: 'nothing held', sentence: `${name} holds no ${symbol}.` };
    const result = position.unrealizedPnl;
    if (result === null) return { kind: 'unreadable', sentence: `There is no price of ${symbol}.` };
    const value = shownAmount(result);
    const state = standing(result, values.amount, values.amount.times(marginOfLimit), 'above');
    return {
      kind: state,
      value,
      sentence: `${symbol} at ${name} stands at ${value}; the limit is a profit of ${shownAmount(values.amount)}.`,
    };
  },
});
