import type { Account, KillSwitchJson, Position, QuarantineJson, SignOfLifeJson, Strategy } from '../api/contract.ts';
import { add, multiply, rounded, subtract } from '../format/decimal.ts';

/** What a strategy holds in the accounts of one mode: paper is never added to real money. */
export interface StrategyHoldings {
  readonly positions: number;
  /** USD at the newest quotes; null where something held has no price. */
  readonly openProfit: string | null;
}

export function holdingsOf(
  key: string,
  mode: Strategy['mode'],
  positions: readonly Position[],
  accounts: readonly Account[],
): StrategyHoldings {
  const of = new Set(accounts.filter((one) => one.mode === mode).map((one) => one.id));
  let count = 0;
  let profit: string | null = '0';
  for (const held of positions) {
    if (!of.has(held.accountId)) continue;
    for (const lot of held.lots) {
      if (lot.strategy !== key) continue;
      count++;
      profit =
        profit === null || held.lastPrice === null
          ? null
          : add(profit, multiply(lot.quantity, subtract(held.lastPrice, lot.averagePrice)));
    }
  }
  return { positions: count, openProfit: profit && rounded(profit, 2) };
}

export type StrategyState = 'stopped' | 'denied' | 'quarantined' | 'silent' | 'trades';

/** What keeps a strategy from trading or asks for a look, what matters most first. */
export function statesOf(
  strategy: Pick<Strategy, 'key' | 'enabled'>,
  known: {
    readonly killSwitches: readonly KillSwitchJson[];
    readonly quarantines: readonly QuarantineJson[];
    readonly sign: SignOfLifeJson | undefined;
  },
): StrategyState[] {
  const { key } = strategy;
  const stopped = known.killSwitches.some(
    (one) => one.scope === 'all' || (one.scope === 'strategy' && one.key === key),
  );
  const quarantined = known.quarantines.some((one) => one.strategy === key && one.cleared === null);
  const states: StrategyState[] = [
    ...(stopped ? (['stopped'] as const) : []),
    ...(strategy.enabled ? [] : (['denied'] as const)),
    ...(quarantined ? (['quarantined'] as const) : []),
    ...(known.sign?.silent ? (['silent'] as const) : []),
  ];
  return states.length > 0 ? states : ['trades'];
}

export const stateWords = (state: StrategyState): string =>
  ({
    stopped: 'Stopped',
    denied: 'Its alerts are denied',
    quarantined: 'Quarantined',
    silent: 'Silent',
    trades: 'Trades',
  })[state];
/** The word of the badge's colours. */
export const stateTone = (state: StrategyState): string =>
  ({ stopped: 'alarm', denied: 'denied', quarantined: 'warning', silent: 'warning', trades: 'ok' })[state];
