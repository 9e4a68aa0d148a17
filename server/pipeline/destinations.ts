import { money, quantity } from '../core/decimal.ts';
import type { Destination } from '../core/model/destination.ts';
import type { Mode } from '../core/model/mode.ts';
import type { StrategyRoute } from '../core/model/settings.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import type { TradingAccount } from '../core/ports/decision-store.ts';

/** What says where an alert goes. */
export interface Routing {
  readonly signal: Mode;
  readonly strategy: Mode;
  readonly master: Mode;
  readonly routes: readonly StrategyRoute[];
  /** The account that the alert itself names; null: it names none. */
  readonly named: string | null;
  /** Whether what goes to production is also traded on paper beside it. */
  readonly shadow: boolean;
}

/**
 * The accounts an alert is decided for, in the order of the strategy's routes. Production accounts are among them only while alert,
 * strategy and master switch say so; a strategy that has only those trades on paper at the first enabled paper account, as one
 * without routes does. What reaches production has a shadow, unless the strategy wants none or an account was named: the first enabled
 * paper account that it does not trade anyway, with the weight of the first in production. An account that is switched off stays where it is routed to, and its decision says why nothing was sent.
 */
export function destinationsOf(routing: Routing, accounts: readonly TradingAccount[]): readonly Destination[] {
  const traded = tradedAt(routing, accounts);
  if (!routing.shadow || routing.named !== null) return traded;
  const modeOf = (one: Destination) => accounts.find((account) => account.accountId === one.accountId)?.mode;
  const real = traded.find((one) => modeOf(one) === 'production');
  const paper = accounts.find(
    (account) =>
      account.enabled && account.mode === 'paper' && !traded.some((one) => one.accountId === account.accountId),
  );
  return real && paper ? [...traded, { accountId: paper.accountId, weight: real.weight, shadow: true }] : traded;
}

/** The accounts that count. */
function tradedAt(routing: Routing, accounts: readonly TradingAccount[]): readonly Destination[] {
  const { routes, named } = routing;
  const production = [routing.signal, routing.strategy, routing.master].every((says) => says === 'production');
  const to = (account: TradingAccount | undefined, weight = '1'): Destination => ({
    accountId: account?.accountId ?? null,
    weight,
    shadow: false,
  });
  const first = (mode: Mode) => accounts.find((account) => account.enabled && account.mode === mode);
  if (named !== null) return [to(accounts.find((account) => account.name === named))];
  const routed = routes.flatMap(({ account: accountId, weight }) => {
    const account = accounts.find((one) => one.accountId === accountId);
    return account ? [{ account, weight }] : [];
  });
  if (routes.length > 0 && routed.length === 0) return [to(undefined)];
  const reached = routed.filter(({ account }) => account.mode === 'paper' || production);
  if (reached.length > 0) return reached.map(({ account, weight }) => to(account, weight));
  return [to((routed.length === 0 && production ? first('production') : undefined) ?? first('paper'))];
}

/**
 * Whose word counts as the account's in the vote on the mode: the account itself where it is routed to or named; else, as with a
 * strategy without routes, the first enabled one that trades production, if there is one.
 */
export function voterOf(routing: {
  readonly routes: readonly StrategyRoute[];
  readonly named: string | null;
  readonly accounts: readonly TradingAccount[];
  readonly account: TradingAccount | null;
}): TradingAccount | null {
  const { routes, named, accounts, account } = routing;
  const meant = named !== null || routes.some((route) => route.account === account?.accountId);
  if (meant) return account;
  return accounts.find((one) => one.enabled && one.mode === 'production') ?? null;
}

/** The signal as an account with this weight takes it: risk amount, quantity and position to come to multiplied. What closes a position is not weighted. */
export function weighted(signal: TradeSignal, weight: string): TradeSignal {
  if (weight === '1') return signal;
  const { riskAmount, quantity: shares, targetPosition } = signal;
  return {
    ...signal,
    riskAmount: riskAmount && money(riskAmount.times(weight)),
    quantity: shares && quantity(shares.times(weight)),
    targetPosition: targetPosition && quantity(targetPosition.times(weight)),
  };
}
