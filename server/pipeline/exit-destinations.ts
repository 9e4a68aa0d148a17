import { decimal } from '../core/decimal.ts';
import type { Destination } from '../core/model/destination.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import type { StrategyHolding, TradingAccount } from '../core/ports/decision-store.ts';

/**
 * Where an alert goes beside its routes, for exits alone: accounts in which its strategy still has what the alert ends, though its entries
 * go elsewhere now, because a route or the mode was changed since. Whatever was opened by an alert is closed by one.
 *
 * An alert that says paper itself never reaches a production account; neither the strategy nor the master switch, which decide where
 * new money goes, keeps one that says production from closing what is there. An alert that names its account goes there alone.
 */
export function withExits(
  signal: TradeSignal,
  routed: readonly Destination[],
  holdings: readonly StrategyHolding[],
  accounts: readonly TradingAccount[],
): readonly Destination[] {
  if (signal.account !== null) return routed;
  const left = holdings.flatMap((holding): Destination[] => {
    const account = accounts.find((one) => one.accountId === holding.accountId);
    const known = !account || routed.some((one) => one.accountId === account.accountId);
    if (known || !ends(signal, holding)) return [];
    if (account.mode === 'production' && signal.requestedMode !== 'production') return [];
    const { accountId, weight, shadow } = holding;
    return [{ accountId, weight, shadow, exitOnly: true }];
  });
  if (left.length === 0) return routed;
  // That there is no account for an entry says nothing of an exit.
  const found = left.some((one) => !one.shadow) ? routed.filter((one) => one.accountId !== null) : routed;
  // What only goes along comes last.
  return [...found, ...left].sort((a, b) => Number(a.shadow) - Number(b.shadow));
}

/** Whether an alert ends anything of what its strategy has there. The decision, which is made under the account's lock, has the last word. */
function ends({ action, targetPosition }: TradeSignal, holding: StrategyHolding): boolean {
  const { held, entering, entries } = holding;
  const coming = decimal(held).plus(entering);
  if (targetPosition !== null) {
    const wanted = targetPosition.times(holding.weight);
    return coming.gt('0') ? wanted.lt(coming) : coming.lt('0') && wanted.gt(coming);
  }
  switch (action) {
    case 'buy':
      return coming.lt('0');
    case 'sell':
      return coming.gt('0');
    case 'add':
      return false;
    case 'cancel':
      return entries > 0;
    case 'breakeven':
      return !decimal(held).eq('0');
    case 'exit':
    case 'flatten':
    case 'reverse':
      return entries > 0 || !decimal(held).eq('0');
  }
}
