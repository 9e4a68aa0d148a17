import type { Quantity } from '../decimal.ts';
import type { ApprovedOrder } from '../model/approved-order.ts';
import type { BrokerFill, BrokerOrder } from '../model/broker-order.ts';
import type { OrderRole, OrderStatus } from '../model/order.ts';
import type { RefusalCode } from '../model/refusals.ts';
import type { Side } from '../model/signal.ts';

/** An order of ours as execution needs to see it. */
export interface OrderRecord {
  readonly orderId: string;
  readonly accountId: string;
  readonly signalId: string | null;
  readonly parentId: string | null;
  readonly role: OrderRole;
  readonly clientOrderId: string;
  readonly brokerOrderId: string | null;
  readonly symbol: string;
  readonly side: Side;
  readonly status: OrderStatus;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  readonly submittingAt: Date | null;
  readonly createdAt: Date;
}

/** Who told: the stream, or a poll that does not trust it. */
export type Source = 'stream' | 'poll';

/** An order on which the broker said something new. */
export interface BrokersNews {
  readonly order: BrokerOrder;
  /** Whether it is linked to one of ours already. */
  readonly known: boolean;
  /** Whether the broker tells of more filled than is recorded. */
  readonly lacksFills: boolean;
}

/** What recording a fill came to. `unknown_order`: the order it belongs to is not ours or not known yet; ask for the order, then again. */
export type FillRecorded = 'recorded' | 'already_known' | 'unknown_order';

/**
 * Orders, their legs and their fills. Each method is one transaction that also stores the events it stands for; a transition
 * that the table in core/model/order.ts does not allow changes nothing and is stored as `order.transition_refused`.
 */
export interface OrderStore {
  /** The approved order and where it stands; null when there is none of that id, or it is a leg. */
  approved(orderId: string): Promise<{ order: ApprovedOrder; record: OrderRecord } | null>;
  find(orderId: string): Promise<OrderRecord | null>;
  findByBrokerOrderId(accountId: string, brokerOrderId: string): Promise<OrderRecord | null>;
  /** Commits `submitting` before the broker is called. False: the status did not allow it (another worker, a cancel). */
  beginSubmit(orderId: string): Promise<boolean>;
  /** An exit that waits for protective legs to be cancelled. */
  beginWaiting(orderId: string, sentence: string): Promise<boolean>;
  /** Lowers an exit's quantity to what is left to close, before it is sent. */
  reduceQuantity(orderId: string, quantity: Quantity, sentence: string): Promise<void>;
  markUnknown(orderId: string, problem: string): Promise<void>;
  /** Final: clearly refused by the broker, or not sent for a reason of ours. */
  markRejected(orderId: string, code: RefusalCode, problem: string): Promise<void>;
  /** Final without the broker: cancelled before it was sent. */
  markCanceledUnsent(orderId: string, problem: string): Promise<boolean>;
  /** A cancel was asked of the broker. */
  markCancelRequested(orderId: string, sentence: string): Promise<void>;
  /**
   * Takes over the broker's word on an order: found by broker order id or client order id, else, when it is a leg of a known
   * parent (nesting or group), inserted as one. Orders that are neither are not ours: `foreign`, nothing stored.
   */
  applyBrokerOrder(accountId: string, order: BrokerOrder, source: Source): Promise<'applied' | 'unchanged' | 'foreign'>;
  /** Those of the broker's words that would change something here: a poll repeats what is known, and must not cost a transaction each. */
  news(accountId: string, told: readonly BrokerOrder[]): Promise<BrokersNews[]>;
  /** Records a fill once, posts it to the ledger and moves the position, all in one transaction. */
  recordFill(accountId: string, fill: BrokerFill, source: Source): Promise<FillRecorded>;
  /** Not final; oldest first. */
  open(accountId: string, symbol?: string): Promise<OrderRecord[]>;
  /** Open quantity of the account in the symbol by our ledger; negative when short. */
  positionQuantity(accountId: string, symbol: string): Promise<Quantity>;
  /** When the newest fill we know of was executed; null: none. */
  newestFillAt(accountId: string): Promise<Date | null>;
}
