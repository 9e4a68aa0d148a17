import type { Price, Quantity } from '../decimal.ts';
import type { Mode } from '../model/mode.ts';
import type { OrderOrigin, OrderRole, OrderType, Trail } from '../model/order.ts';
import type { Side } from '../model/signal.ts';

/** Orders that need no decision, as by construction they only reduce what is held. */
export type OwnOrigin = Extract<OrderOrigin, 'protection' | 'flatten'>;

/** An order of ours that no alert asked for: a stop that was missing, a target that is watched here, or what closes a position. */
export interface OwnOrder {
  /** A function of what called for it: placing it twice is placing it once. */
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly strategy: string;
  readonly mode: Mode;
  readonly origin: OwnOrigin;
  readonly role: Exclude<OrderRole, 'entry'>;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly type: OrderType;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  readonly trail: Trail | null;
  readonly timeInForce: 'day' | 'gtc';
  /** The price it is expected near. */
  readonly referencePrice: Price;
  /** The alert whose position it is for, so that its receipt shows it; null: none. */
  readonly signalId: string | null;
  /** Not sent before that one has ended. */
  readonly afterOrderId?: string | null;
  /** Why it is placed, for a trader. */
  readonly cause: string;
}

export interface OwnOrders {
  /** Stores the order with its job and its event in one transaction. False: it is there already, and nothing was changed. */
  placeOwn(order: OwnOrder): Promise<boolean>;
}

/** The client order id of an order of ours; `fact` says what called for it, and the same fact is the same order. At most 48 characters. */
export const ownClientOrderId = (orderId: string): string => `sbx-p-${orderId}`;
