import type { ApprovedOrder } from '../model/approved-order.ts';
import type { BrokerAccount, BrokerFill, BrokerOrder, BrokerPosition, BrokerUpdate } from '../model/broker-order.ts';

/** What became of a submission. `unknown` covers time-outs, resets and 5xx: the order may or may not exist. */
export type SubmitOutcome =
  | { readonly kind: 'accepted'; readonly order: BrokerOrder }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Refused because the client order id exists: somebody (we, before a crash) has sent it already. */
  | { readonly kind: 'duplicate' }
  /** Surely not taken, and worth another try later: rate limit, connection refused before a byte was sent. */
  | { readonly kind: 'not_sent'; readonly message: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'unknown'; readonly message: string };

/** What became of a request to cancel. `final`: the order was already final. */
export type CancelOutcome =
  | { readonly kind: 'requested' }
  | { readonly kind: 'final'; readonly message: string }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'unknown'; readonly message: string };

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
  /** Null: the broker is sure it has no such order. Throws when it could not be asked. */
  findByClientOrderId(clientOrderId: string): Promise<BrokerOrder | null>;
  findOrder(brokerOrderId: string): Promise<BrokerOrder | null>;
  /** Open orders, and orders submitted at or after `since`, legs nested. All pages. */
  listOrders(query: { status: 'open' | 'all'; since?: Date }): Promise<BrokerOrder[]>;
  /** Fills at or after `since`, oldest first. All pages. */
  listFills(since: Date): Promise<BrokerFill[]>;
  positions(): Promise<BrokerPosition[]>;
  account(): Promise<BrokerAccount>;
  stream(handlers: BrokerStreamHandlers): BrokerStream;
}
