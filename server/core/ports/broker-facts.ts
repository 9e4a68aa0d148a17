import type { Price, Quantity } from '../decimal.ts';
import type { BrokerActivity, BrokerFill, BrokerOrder } from '../model/broker-order.ts';
import type { OrderStatus } from '../model/order.ts';

/** Something of the broker's that was booked now, for the report. */
export interface Booked {
  /** The ledger's reference: a function of the broker's fact, so that it is booked once. */
  readonly reference: string;
  readonly symbol: string | null;
  readonly sentence: string;
}

/** An order of ours, as far as it is compared with the broker's word on it. */
export interface OrderInBooks {
  readonly orderId: string;
  readonly brokerOrderId: string;
  readonly symbol: string;
  readonly status: OrderStatus;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
}

/** A fill of ours, likewise. */
export interface FillInBooks {
  readonly orderId: string;
  readonly brokerOrderId: string | null;
  readonly executionId: string;
  readonly symbol: string;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly cumulativeQuantity: Quantity;
  readonly at: Date;
}

/** What the broker states beside the life of our own orders, booked once for each fact; and ours, to be compared with it. */
export interface BrokerFacts {
  /** Keeps what the figures hold already with which the books are about to be opened: it is never booked. */
  noteOpening(
    accountId: string,
    facts: { readonly fills: readonly BrokerFill[]; readonly activities: readonly BrokerActivity[] },
  ): Promise<void>;
  /** Books fills of orders that are not ours to `external`, and takes back what the broker takes back of them. What is known, or has become ours, is left out. */
  bookForeignFills(accountId: string, fills: readonly BrokerFill[]): Promise<readonly Booked[]>;
  /** Books what was no trade. `unsure`: what cannot be booked from what is told. */
  bookActivities(
    accountId: string,
    activities: readonly BrokerActivity[],
  ): Promise<{ readonly booked: readonly Booked[]; readonly unsure: readonly BrokerActivity[] }>;
  /** Keeps which foreign orders rest; those of before that are not among them are gone. */
  noteForeignOrders(accountId: string, resting: readonly BrokerOrder[], at: Date): Promise<void>;
  /** Orders of ours under these ids of the broker's, and all that are open and have one. */
  ordersInBooks(accountId: string, brokerOrderIds: readonly string[]): Promise<readonly OrderInBooks[]>;
  /** Symbols in which nobody's shares go against those of a strategy: somebody else sold what a strategy holds, or bought back what it is short of. */
  opposedShares(accountId: string): Promise<
    readonly {
      readonly symbol: string;
      readonly external: Quantity;
      readonly strategies: readonly { readonly strategy: string; readonly quantity: Quantity }[];
    }[]
  >;
  /** Fills of ours since then, and those of these executions. Fills that the venue took back are left out. */
  fillsInBooks(accountId: string, since: Date, executionIds: readonly string[]): Promise<readonly FillInBooks[]>;
}

/** What became of a wish of a person's. `sentence` says what it came to, or why it was not done. */
export type WishOutcome =
  | { readonly kind: 'done'; readonly sentence: string }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly sentence: string };

/** What a person decides about differences and about what is not ours. Each is one transaction with its event. */
export interface Settlements {
  /** Books what has no cause that the broker states, so that the books are as the broker says. */
  settle(wish: {
    readonly reconciliationId: string;
    readonly differenceId: string;
    /** What the money stands against. */
    readonly book: 'capital' | 'fees' | 'realized_pnl';
    readonly reason: string;
    readonly by: string;
    readonly role: string;
  }): Promise<WishOutcome>;
  /** Gives shares of a position from one strategy to another, `external` included, at what they cost. */
  transfer(wish: {
    readonly accountId: string;
    readonly symbol: string;
    readonly from: string;
    readonly to: string;
    /** Of either sign; what counts is the giver's. */
    readonly quantity: Quantity;
    /** The same wish has the same, however often it is sent. */
    readonly requestId: string;
    readonly reason: string;
    readonly by: string;
    readonly role: string;
  }): Promise<WishOutcome>;
  /** Makes a foreign order ours, with what it has filled. */
  adoptOrder(wish: {
    readonly accountId: string;
    readonly order: BrokerOrder;
    readonly strategy: string;
    /** For orders without a price of their own. */
    readonly marketPrice: Price | null;
    readonly reason: string;
    readonly by: string;
    readonly role: string;
  }): Promise<WishOutcome & { readonly orderId?: string }>;
  /** Leaves an adopted order to itself: it rests on at the broker, and its fills to come are foreign. */
  releaseOrder(wish: {
    readonly orderId: string;
    readonly reason: string;
    readonly by: string;
    readonly role: string;
  }): Promise<WishOutcome>;
}
