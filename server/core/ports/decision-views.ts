import type { TradeSignal } from '../model/signal.ts';
import type { Bar, LockedView, SignalToDecide, StrategyHolding, TradingAccount } from './decision-store.ts';

/**
 * What a decision would see, for an alert that is not stored. Read in a transaction that can neither write nor lock a row, so that whoever
 * only asks holds nobody up, reserves nothing, and sees the account as it is at one moment.
 */
export interface DecisionViews {
  /** All, those that were added first before the others. */
  tradingAccounts(): Promise<readonly TradingAccount[]>;
  /** What the strategy has in the ticker, in every account. */
  holdings(signal: Pick<TradeSignal, 'strategy' | 'ticker'>): Promise<readonly StrategyHolding[]>;
  /** The account as a decision of the alert would see it now. */
  view(signal: SignalToDecide, accountId: string | null, bar: Bar): Promise<LockedView>;
}
