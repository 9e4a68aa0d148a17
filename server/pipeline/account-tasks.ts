import type { Destination } from '../core/model/destination.ts';
import type { Mode } from '../core/model/mode.ts';
import type { SignalToDecide, TradingAccount } from '../core/ports/decision-store.ts';
import type { StrategyRecord } from '../core/ports/settings.ts';
import type { AccountTask } from './decide-for-account.ts';
import { destinationsOf, voterOf } from './destinations.ts';
import { withExits } from './exit-destinations.ts';

/** Where a signal goes, and each account's part of it. */
export interface SignalRoute {
  readonly destinations: readonly Destination[];
  taskFor(destination: Destination): AccountTask;
}

/** Works out where a signal goes by its strategy's routes, the votes on its mode and what its strategy holds elsewhere. */
export function routeSignal(asked: {
  readonly found: SignalToDecide;
  readonly strategy: StrategyRecord;
  readonly accounts: readonly TradingAccount[];
  readonly master: Mode;
  readonly startedAt: Date;
}): SignalRoute {
  const { found, strategy, accounts, startedAt } = asked;
  const { signal } = found;
  // Whoever names the account closes what is held there, whatever strategy and master switch have been set to since.
  const closes = signal.account !== null && (signal.action === 'exit' || signal.action === 'flatten');
  const routing = {
    signal: signal.requestedMode,
    strategy: strategy.mode,
    routes: strategy.settings.routes,
    named: signal.account,
    // What a person sends by hand is theirs alone.
    shadow: strategy.settings.shadow && strategy.key !== 'manual',
  };
  const planned = (master: Mode) =>
    withExits(signal, destinationsOf({ ...routing, master }, accounts), found.holdings, accounts);
  const destinations = found.destinations ?? planned(asked.master);
  // Once an account has its decision, the others are decided too, whichever way the master switch is turned meanwhile.
  const turned = (master: Mode): boolean =>
    found.destinations === null && JSON.stringify(planned(master)) !== JSON.stringify(destinations);
  return {
    destinations,
    taskFor(destination) {
      const account = accounts.find((one) => one.accountId === destination.accountId) ?? null;
      // A shadow's account speaks for itself: it is on paper whatever the others say.
      const voter = destination.shadow ? account : voterOf({ ...routing, accounts, account });
      return { found, strategy, voter, closes, destination, destinations, account, startedAt, turned };
    },
  };
}
