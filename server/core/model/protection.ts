import type { Money, Price, Quantity } from '../decimal.ts';
import type { Mode } from './mode.ts';
import type { OrderClass, OrderOrigin, OrderRole, OrderStatus, OrderType, TimeInForce, Trail } from './order.ts';
import type { Side } from './signal.ts';

/** What is watched: a strategy's shares of a symbol in an account. */
export interface Exposure {
  readonly accountId: string;
  readonly strategy: string;
  readonly symbol: string;
}

/** An order of the exposure that is open, or ended since its shares were bought. */
export interface ExposureOrder {
  readonly orderId: string;
  readonly signalId: string | null;
  readonly parentId: string | null;
  readonly parentStatus: OrderStatus | null;
  /** When the parent's last fill was executed; null: it has none, or there is no parent. */
  readonly parentFilledAt: Date | null;
  /** Whether it waits for an order that works yet. */
  readonly waitsForOther: boolean;
  readonly origin: OrderOrigin;
  readonly role: OrderRole;
  readonly side: Side;
  readonly type: OrderType;
  readonly orderClass: OrderClass;
  readonly timeInForce: TimeInForce;
  readonly status: OrderStatus;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  readonly trail: Trail | null;
  readonly takeProfit: Price | null;
  readonly stopLoss: Price | null;
  /** Of an entry whose stop is a stop-limit order, its limit; absent or null: it is a plain one. */
  readonly stopLossLimit?: Price | null;
  readonly brokerOrderId: string | null;
  /** Why it was rejected, as a code; null: it was not. */
  readonly rejectedCode: string | null;
  /** Whether we asked for its end. */
  readonly cancelAsked: boolean;
  readonly problem: string | null;
  readonly createdAt: Date;
  readonly acknowledgedAt: Date | null;
  readonly closedAt: Date | null;
  readonly updatedAt: Date;
  /** The broker's own time of its last word. */
  readonly brokerUpdatedAt: Date | null;
}

/** A fill that opened shares, of which no time to protection is known yet. */
export interface OpeningFill {
  readonly executionId: string;
  readonly orderId: string;
  readonly quantity: Quantity;
  readonly executedAt: Date;
}

/** What was found when it was looked at last. */
export interface KnownProtection {
  readonly uncoveredSince: Date | null;
  readonly overSince: Date | null;
  readonly stage: ProtectionStage;
  readonly held: Quantity;
  readonly covered: Quantity;
  readonly stopOrderId: string | null;
  readonly stopPrice: Price | null;
  readonly alarmed: boolean;
}

/**
 * `protected`: working stops cover every share; `closing`: an exit that works covers what stops do not; `waiting`: shares have had no stop
 * for less than the allowed time; `placing`: a stop is on its way; `flattening`: they are being sold, as no stop could be had; `unprotected`:
 * neither has worked, and a person is called; `excess`: stops for more than is held.
 */
export type ProtectionStage =
  | 'protected'
  | 'closing'
  | 'waiting'
  | 'placing'
  | 'flattening'
  | 'unprotected'
  | 'excess'
  | 'none';

/** All that is known of an exposure, read at one moment. */
export interface ExposureFacts extends Exposure {
  readonly mode: Mode;
  /** Negative when short. */
  readonly held: Quantity;
  /** Signed like the quantity. */
  readonly cost: Money;
  readonly openedAt: Date | null;
  readonly orders: readonly ExposureOrder[];
  /** When a fill last opened shares; null: none is known. */
  readonly lastOpenedAt: Date | null;
  readonly unmeasured: readonly OpeningFill[];
  /** How many orders of ours there have been in it, for the ids of the next. */
  readonly ownOrders: number;
  readonly known: KnownProtection | null;
}
