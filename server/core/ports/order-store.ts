import type { Quantity } from '../decimal.ts';
import type { ApprovedOrder } from '../model/approved-order.ts';
import type { BrokerFill, BrokerOrder } from '../model/broker-order.ts';
import type { OrderOrigin, OrderRole, OrderStatus, OrderType } from '../model/order.ts';
import type { RefusalCode } from '../model/refusals.ts';
import type { Side } from '../model/signal.ts';
import type { OrderChangeText } from './job-queue.ts';

/** An order of ours as execution needs to see it. */
export interface OrderRecord {
  readonly orderId: string;
  readonly accountId: string;
  readonly signalId: string | null;
  readonly parentId: string | null;
  /** The order whose place it took. */
  readonly replacesId: string | null;
  /** The order that it waits for; absent or null: none. */
  readonly afterOrderId?: string | null;
  readonly role: OrderRole;
  readonly type: OrderType;
  /** Who made it. */
  readonly origin: OrderOrigin;
  readonly clientOrderId: string;
  readonly brokerOrderId: string | null;
  readonly symbol: string;
  readonly side: Side;
  readonly status: OrderStatus;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  /** What is unclear, or why it was rejected. */
  readonly problem: string | null;
  readonly submittingAt: Date | null;
  /** When the cancel or the replacement that is on its way was first asked for. */
  readonly askedAt: Date | null;
  readonly createdAt: Date;
}

/** An approved order and where it stands. */
export interface ApprovedRecord {
  readonly order: ApprovedOrder;
  readonly record: OrderRecord;
  /** From when on its alert says that it does not count any more; null: it does not say. */
  readonly alertExpiresAt: Date | null;
}

/** Who told: the stream, or a poll that does not trust it. */
export type Source = 'stream' | 'poll';

/** `missed`: the broker does not know it (yet). `unreachable`: it could not be asked. `unchanged`: it knows of no cancel, or no replacement. */
export type LookupOutcome = 'found' | 'missed' | 'unreachable' | 'unchanged';

/** An order on which the broker said something new. */
export interface BrokersNews {
  readonly order: BrokerOrder;
  /** Whether it is linked to one of ours already. */
  readonly known: boolean;
  /** Whether the broker tells of more filled than is recorded. */
  readonly lacksFills: boolean;
}

/** An order that another one waits for, with those that took its place. */
export interface AwaitedOrder {
  readonly orderIds: readonly string[];
  /** Of the newest of them. */
  readonly status: OrderStatus;
  readonly problem: string | null;
  readonly filledQuantity: Quantity;
  /** What of that its protective legs have closed again. */
  readonly closedQuantity: Quantity;
  /** Whether it was approved with protective legs, and none of them has been heard of. */
  readonly lacksLegs: boolean;
  /** When the newest of them ended; null: it has not. */
  readonly closedAt: Date | null;
}

/** What recording a fill came to. `unknown_order`: the order it belongs to is not ours or not known yet; ask for the order, then again. */
export type FillRecorded = 'recorded' | 'already_known' | 'unknown_order';

/** What recording a bust or a correction came to. `unknown_execution`: the trade it is about was never recorded; ask for the fills, then again. */
export type CorrectionRecorded = 'recorded' | 'already_known' | 'unknown_order' | 'unknown_execution';

/**
 * Orders, their legs and their fills. Each method is one transaction that also stores the events it stands for; a transition
 * that the table in core/model/order.ts does not allow changes nothing and is stored as `order.transition_refused`.
 */
export interface OrderStore {
  /** The approved order and where it stands; null when there is none of that id, or it is a leg. */
  approved(orderId: string): Promise<ApprovedRecord | null>;
  find(orderId: string): Promise<OrderRecord | null>;
  /** Where the order stands that another waits for; null: there is none of that id. */
  awaited(orderId: string): Promise<AwaitedOrder | null>;
  findByBrokerOrderId(accountId: string, brokerOrderId: string): Promise<OrderRecord | null>;
  /** Commits `submitting` before the broker is called. False: the status did not allow it (another worker, a cancel), or a kill switch is on. */
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
  /** The broker refused to cancel, and the order stands. False: no cancel was on its way. */
  markCancelRefused(orderId: string, sentence: string): Promise<boolean>;
  /** Another order is to take its place; committed before the broker is asked. False: it is in no status for that. */
  beginReplace(orderId: string, change: OrderChangeText, sentence: string): Promise<boolean>;
  /** The broker refused to replace, and the order stands. False: no replacement was on its way. */
  markReplaceRefused(orderId: string, code: string, sentence: string): Promise<boolean>;
  /** The orders that took its place, or were to and were refused by the venue; newest first. */
  replacementsOf(orderId: string): Promise<OrderRecord[]>;
  /**
   * What asking the broker about an order came to while its outcome was unclear; told once for each outcome of one attempt, however often
   * it is asked.
   */
  noteLookup(orderId: string, outcome: LookupOutcome, sentence: string): Promise<void>;
  /**
   * Takes over the broker's word on an order: found by broker order id or client order id, else, when it is a leg of a known
   * parent (nesting or group) or took the place of a known order, inserted as one. Orders that are neither are not ours: `foreign`, nothing stored.
   */
  applyBrokerOrder(accountId: string, order: BrokerOrder, source: Source): Promise<'applied' | 'unchanged' | 'foreign'>;
  /** Those of the broker's words that would change something here: a poll repeats what is known, and must not cost a transaction each. */
  news(accountId: string, told: readonly BrokerOrder[]): Promise<BrokersNews[]>;
  /** Records a fill once, posts it to the ledger and moves the position, all in one transaction. */
  recordFill(accountId: string, fill: BrokerFill, source: Source): Promise<FillRecorded>;
  /**
   * Takes a trade back that the venue has busted, or puts other terms in its place: order, ledger and position follow, once for each
   * trade. `told`: the venue's word on the order, which says how it goes on.
   */
  recordCorrection(
    accountId: string,
    correction: BrokerFill & Required<Pick<BrokerFill, 'corrects'>>,
    told: BrokerOrder | null,
    source: Source,
  ): Promise<CorrectionRecorded>;
  /** Not final; oldest first. */
  open(accountId: string, symbol?: string, strategy?: string): Promise<OrderRecord[]>;
  /**
   * Open quantity of the account in the symbol by our ledger; negative when short. Of a strategy: its own shares, as far as the account has
   * them; see `closable`.
   */
  positionQuantity(accountId: string, symbol: string, strategy?: string): Promise<Quantity>;
  /** When the newest fill we know of was executed; null: none. */
  newestFillAt(accountId: string): Promise<Date | null>;
}
