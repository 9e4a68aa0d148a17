import { type Big, decimal } from '../../../core/decimal.ts';
import { share } from '../../../core/parameters.ts';
import { accountOf, equityOf, shownShare } from '../amounts.ts';
import { alertKind } from '../kind.ts';
import { reached } from '../sides.ts';

/** So much of the limit it must have come back. */
const marginOfLimit = '0.02';

export const kind = alertKind({
  key: 'exposure',
  name: 'Exposure',
  says: 'What an account holds, long and short together, is so large a part of its equity; or what it holds of one symbol.',
  scope: { account: 'needed', strategy: 'none', symbol: 'allowed' },
  parameters: { share: share('Part of equity', '0.8', null, { min: '0.001', max: '20' }) },
  ends: 'holds',
  everyQuote: false,
  async look(readings, { values, scope }) {
    const found = await accountOf(readings, scope.accountId!);
    if ('kind' in found) return found;
    const { account } = found;
    const worth = equityOf(account);
    if ('kind' in worth) return worth;
    const { equity } = worth;
    if (equity.lte('0')) return { kind: 'unreadable', sentence: `${account.name} has no equity to compare with.` };
    const held = account.positions
      .filter(({ symbol }) => scope.symbol === null || symbol === scope.symbol)
      .reduce<Big>((sum, { value }) => sum.plus((value ?? decimal('0')).abs()), decimal('0'));
    const part = held.div(equity);
    const value = shownShare(part);
    const state = reached(part, values.share, marginOfLimit);
    const what = scope.symbol === null ? 'What it holds' : `What it holds of ${scope.symbol}`;
    return {
      kind: state,
      value,
      sentence: `${account.name}: ${what} is ${value} of its equity; the limit is ${shownShare(values.share)}.`,
    };
  },
});
