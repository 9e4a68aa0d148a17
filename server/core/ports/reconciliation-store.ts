import type { BrokerAccount } from '../model/broker-order.ts';

export type ReconciliationReason = 'start' | 'reconnect' | 'schedule' | 'demand';

/** `agreed`: nothing to do; `corrected`: something was missed and taken over, and now all agrees; `differs`: a person must look. */
export type ReconciliationOutcome = 'agreed' | 'corrected' | 'differs' | 'failed';

/** One thing in which the broker and our books differ, or that is not ours. Decimals as text. */
export interface Difference {
  readonly kind: 'cash' | 'position' | 'foreign_order' | 'foreign_fill' | 'trading_blocked';
  readonly symbol: string | null;
  readonly ours: string | null;
  readonly brokers: string | null;
  readonly sentence: string;
}

/** One comparison, to be kept. */
export interface Reconciliation {
  readonly accountId: string;
  readonly reason: ReconciliationReason;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly outcome: ReconciliationOutcome;
  readonly differences: readonly Difference[];
  readonly changedOrders: number;
  readonly recordedFills: number;
  /** Null when it failed. */
  readonly account: BrokerAccount | null;
  /** Why it failed; null otherwise. */
  readonly problem: string | null;
}

/** What reconciliation reads and keeps. */
export interface ReconciliationStore {
  /** When the last comparison that did not fail began; null: never. */
  lastStartedAt(accountId: string): Promise<Date | null>;
  /** Stores a comparison, what the broker says of the account, and the event, in one transaction. */
  record(result: Reconciliation): Promise<void>;
  /** Stores what the broker says of the account, as of `askedAt`; no event. */
  recordAccount(accountId: string, account: BrokerAccount, askedAt: Date): Promise<void>;
  /** Stores that the broker's stream was connected or lost. */
  recordConnection(accountId: string, connected: boolean, reason: string | null): Promise<void>;
  /** The accounts whose streams were connected when that was last told, for a process that does not follow them itself. */
  connectedAccounts(): Promise<readonly string[]>;
}
