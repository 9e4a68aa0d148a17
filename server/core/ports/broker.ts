import type { Big, Price, Quantity } from '../decimal.ts';
import type { ApprovedOrder } from '../model/approved-order.ts';
import type {
  BrokerAccount,
  BrokerActivity,
  BrokerFill,
  BrokerOrder,
  BrokerPosition,
  BrokerUpdate,
} from '../model/broker-order.ts';
import type { OrderClass, OrderType, TimeInForce } from '../model/order.ts';

/** What became of a submission. `unknown` covers time-outs, resets and 5xx: the order may or may not exist. */
export type SubmitOutcome =
  | { readonly kind: 'accepted'; readonly order: BrokerOrder }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly message: string;
      /** Only because other orders hold the shares: worth another try when they have ended. */
      readonly sharesHeld?: boolean;
    }
  /** Refused because the client order id exists: somebody (we, before a crash) has sent it already. */
  | { readonly kind: 'duplicate' }
  /** Surely not taken, and worth another try later: rate limit, connection refused before a byte was sent. */
  | {
      readonly kind: 'not_sent';
      readonly message: string;
      readonly retryAfterMs: number | null;
      /** Whether it was for too many requests. */
      readonly limited?: true;
    }
  | { readonly kind: 'unknown'; readonly message: string };

/** What became of a request to cancel. `final`: the order was already final. */
export type CancelOutcome =
  | { readonly kind: 'requested' }
  | { readonly kind: 'final'; readonly message: string }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'unknown'; readonly message: string; readonly limited?: TooMany };

/** What is to be different about a working order; what is left out stays. */
export interface OrderChange {
  /** All of it, with what is filled already. */
  readonly quantity?: Quantity;
  readonly limitPrice?: Price;
  readonly stopPrice?: Price;
  /** Of a trailing stop, in the unit of its own: the account's currency or percent. */
  readonly trail?: Big;
}

/**
 * What became of a request to replace. A venue replaces an order by another one, with an id of its own; that one's quantity and filled
 * quantity include what the first had filled. `refused`: the old order stands. `final`: it had ended before.
 */
export type ReplaceOutcome =
  | { readonly kind: 'accepted'; readonly order: BrokerOrder }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | { readonly kind: 'final'; readonly message: string }
  /** The client order id exists: it was asked before, and done. */
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'not_found' }
  | {
      readonly kind: 'not_sent';
      readonly message: string;
      readonly retryAfterMs: number | null;
      /** Whether it was for too many requests. */
      readonly limited?: true;
    }
  | { readonly kind: 'unknown'; readonly message: string };

/** What a venue takes in a symbol. Whatever it leaves out, the venue refuses. */
export interface BrokerCapabilities {
  readonly orderTypes: readonly OrderType[];
  readonly orderClasses: readonly OrderClass[];
  readonly fractional: boolean;
  readonly shortable: boolean;
  readonly timesInForce: readonly TimeInForce[];
}

/** The broker took nothing because of too many requests. Null: it did not say when to come back. */
export interface TooMany {
  readonly retryAfterMs: number | null;
}

/**
 * Why a question was not answered. `refused`: the broker did answer, and will not say (keys, an unknown address); `limited`: it was asked
 * too often; `unclear`: no answer, or none that can be read.
 */
export class BrokerProblem extends Error {
  readonly kind: 'refused' | 'limited' | 'unclear';
  readonly retryAfterMs: number | null;

  constructor(kind: BrokerProblem['kind'], message: string, retryAfterMs: number | null = null) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface BrokerStream {
  /** Ends the stream for good. */
  close(): Promise<void>;
}

/** What the stream tells. Handlers must not throw. */
export interface BrokerStreamHandlers {
  onUpdate(update: BrokerUpdate): void;
  /** Also after each reconnect: what was missed is not replayed, so the reader must poll. */
  onConnected(): void;
  onDisconnected(reason: string): void;
}

/** A place orders can be sent to, for one account. Every adapter passes server/testing/conformance/broker.ts. */
export interface Broker {
  submit(order: ApprovedOrder): Promise<SubmitOutcome>;
  cancel(brokerOrderId: string): Promise<CancelOutcome>;
  /** `clientOrderId` becomes that of the order which takes the place. */
  replace(brokerOrderId: string, change: OrderChange & { readonly clientOrderId: string }): Promise<ReplaceOutcome>;
  /** What may be sent in a symbol, without asking the venue. */
  capabilities(symbol: string): BrokerCapabilities;
  /** Null: the broker is sure it has no such order. Throws when it could not be asked. */
  findByClientOrderId(clientOrderId: string): Promise<BrokerOrder | null>;
  findOrder(brokerOrderId: string): Promise<BrokerOrder | null>;
  /** Open orders, and orders submitted at or after `since`, legs nested. All pages. */
  listOrders(query: { status: 'open' | 'all'; since?: Date }): Promise<BrokerOrder[]>;
  /** Fills at or after `since`, oldest first. All pages. */
  listFills(since: Date): Promise<BrokerFill[]>;
  /** What moved money or shares at or after `since` and was no trade, oldest first. All pages. */
  listActivities(since: Date): Promise<BrokerActivity[]>;
  positions(): Promise<BrokerPosition[]>;
  account(): Promise<BrokerAccount>;
  stream(handlers: BrokerStreamHandlers): BrokerStream;
  /** How many requests were made so far, for whoever keeps to the broker's rate; a list takes one a page. */
  requests?(): number;
}
