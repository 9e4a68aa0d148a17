import { amountOf } from '../../core/parameters.ts';
import { accountOf, shownAmount } from './amounts.ts';
import { alertKind } from './kind.ts';
import { reached } from './sides.ts';

const made = { loss: 'lost', profit: 'made' } as const;

/** What a position has lost or made that is not realized. */
export function positionResult(side: 'loss' | 'profit') {
  const named = side === 'loss' ? 'Loss' : 'Profit';
  return alertKind({
    key: `position-${side}`,
    name: `${named} of a position`,
    says: `What an account holds of a symbol has ${made[side]} so much that is not realized. It is over when nothing is held.`,
    scope: { account: 'needed', strategy: 'none', symbol: 'needed' },
    parameters: { amount: amountOf(`${named} of`, '500', null, { min: '0.01' }) },
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
      return {
        kind: reached(side === 'loss' ? result.times('-1') : result, values.amount),
        value,
        sentence: `${symbol} at ${name} stands at ${value}; the limit is a ${side} of ${shownAmount(values.amount)}.`,
      };
    },
  });
}
