import { type Big, decimal } from '../../../core/decimal.ts';
import { share } from '../../../core/parameters.ts';
import { accountOf, equityOf, shownAmount, shownShare } from '../amounts.ts';
import { edges } from '../edges.ts';
import { alertKind } from '../kind.ts';
import { reached } from '../sides.ts';

const below = (peak: Big, equity: Big): Big => (peak.gt('0') ? peak.minus(equity).div(peak) : decimal('0'));

export const kind = alertKind({
  key: 'drawdown',
  name: 'Drawdown',
  says: 'An account is so far below the highest equity on record.',
  scope: { account: 'needed', strategy: 'none', symbol: 'none' },
  parameters: { drawdown: share('Below the highest equity by', '0.1', null, { min: '0.001', max: '1' }) },
  ends: 'holds',
  everyQuote: false,
  async look(readings, { values, scope }) {
    const found = await accountOf(readings, scope.accountId!);
    if ('kind' in found) return found;
    const { account } = found;
    const worth = equityOf(account);
    if ('kind' in worth) return worth;
    if (account.peak === null)
      return { kind: 'unreadable', sentence: `No highest equity of ${account.name} is on record yet.` };
    const drawdown = below(account.peak, worth.equity);
    const value = shownShare(drawdown.lt('0') ? decimal('0') : drawdown);
    const state = reached(drawdown, values.drawdown);
    const sentence = `${account.name} is ${value} below its highest equity of ${shownAmount(account.peak)}; the limit is ${shownShare(values.drawdown)}.`;
    return { kind: state, value, sentence };
  },
  async past(readings, { values, scope }, from, until) {
    const found = await accountOf(readings, scope.accountId!);
    if ('kind' in found || found.account.peak === null) return null;
    const curve = await readings.equityCurve(scope.accountId!, from, until);
    if (curve.length === 0) return null;
    // The highest before the span is not higher than the highest there is: where it was reached since, it counts from there on.
    const { peak } = found.account;
    const since = curve.findIndex(({ equity }) => equity.gte(peak));
    let highest: Big = since === -1 ? peak : curve[0]!.equity;
    return edges(
      curve.map(({ at, equity }) => {
        if (equity.gt(highest)) highest = equity;
        return {
          at,
          kind: reached(below(highest, equity), values.drawdown),
        };
      }),
    );
  },
});
