import type { BrokerAccount } from '../model/broker-order.ts';
import type { BrokerFacts } from './broker-facts.ts';

/** `foreign`: the stream told of a fill that is not ours. */
export type ReconciliationReason = 'start' | 'reconnect' | 'schedule' | 'demand' | 'foreign';

/** `agreed`: nothing to do; `corrected`: something was missed and taken over, and now all agrees; `differs`: a person must look. */
export type ReconciliationOutcome = 'agreed' | 'corrected' | 'differs' | 'failed';

/**
 * `open`: a person must look; `corrected`: the broker states the cause, and it was taken over; `information`: it is as it is, and nothing is
 * wrong.
 */
export type DifferenceState = 'open' | 'corrected' | 'information';

/** One thing in which the broker and our books differ or differed, or that is not ours. Decimals as text. */
export interface Difference {
  /** The same thing has the same, from one comparison to the next. */
  readonly id: string;
  readonly kind:
    | 'cash'
    | 'position'
    | 'order'
    | 'fill'
    | 'activity'
    | 'foreign_order'
    | 'foreign_fill'
    | 'foreign_position'
    | 'trading_blocked'
    | 'account_status';
  readonly state: DifferenceState;
  readonly symbol: string | null;
  readonly ours: string | null;
  readonly brokers: string | null;
  readonly sentence: string;
  /** The order of ours that it is about. */
  readonly orderId?: string;
  /** Of a position: what a share cost by the broker's word. */
  readonly price?: string;
  /** What was booked for it. */
  readonly reference?: string;
}

/** How much was compared. */
export interface Compared {
  readonly orders: number;
  readonly fills: number;
  readonly positions: number;
  readonly activities: number;
  readonly foreignOrders: number;
  /** Requests to the broker that it took; absent where the broker does not count. */
  readonly requests?: number;
}

/** One comparison, to be kept. */
export interface Reconciliation {
  readonly accountId: string;
  readonly reason: ReconciliationReason;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly outcome: ReconciliationOutcome;
  readonly differences: readonly Difference[];
  /** Null when it failed. */
  readonly compared: Compared | null;
  readonly changedOrders: number;
  readonly recordedFills: number;
  /** Null when it failed. */
  readonly account: BrokerAccount | null;
  /** Why it failed; null otherwise. */
  readonly problem: string | null;
}

/** What reconciliation reads and keeps. */
export interface ReconciliationStore extends BrokerFacts {
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
