import type { Money, Price, Quantity } from '../decimal.ts';
import type { OrderClass, OrderRole, OrderStatus, OrderType, TimeInForce, Trail } from './order.ts';
import type { Side } from './signal.ts';

/** An order as the broker tells of it, in our words. */
export interface BrokerOrder {
  readonly brokerOrderId: string;
  readonly clientOrderId: string;
  /** The broker's own word for the status, kept for the receipt. */
  readonly brokerStatus: string;
  readonly status: OrderStatus;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly orderClass: OrderClass;
  readonly timeInForce: TimeInForce;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  readonly filledAveragePrice: Price | null;
  readonly limitPrice: Price | null;
  readonly stopPrice: Price | null;
  /** Of a trailing stop. */
  readonly trail: Trail | null;
  /** The broker order ids of the order whose place it took, and of the one that took its own. */
  readonly replaces: string | null;
  readonly replacedBy: string | null;
  /** Links a bracket's orders; null where the broker does not say. */
  readonly groupId: string | null;
  readonly groupRole: Extract<OrderRole, 'entry' | 'take_profit' | 'stop_loss'> | null;
  readonly legs: readonly BrokerOrder[];
  readonly submittedAt: Date | null;
  readonly updatedAt: Date | null;
}

/** One execution as the broker tells of it. Two tellings of the same one have the same cumulative quantity. */
export interface BrokerFill {
  readonly brokerOrderId: string;
  readonly executionId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  /** Filled quantity of the order after this execution. */
  readonly cumulativeQuantity: Quantity;
  readonly fee: Money;
  readonly at: Date;
  /**
   * Of a trade that the venue takes back or changes: which one. A bust tells quantity and price of what is taken back, a correction the
   * new ones, which hold in place of the old.
   */
  readonly corrects?: { readonly kind: 'bust' | 'correct'; readonly executionId: string };
}

/** A stream event: the order after it, and the fill when it is one. */
export interface BrokerUpdate {
  readonly event: string;
  readonly order: BrokerOrder;
  readonly fill: BrokerFill | null;
  readonly at: Date;
}

export interface BrokerPosition {
  readonly symbol: string;
  readonly quantity: Quantity;
  readonly averageEntryPrice: Price;
  readonly currentPrice: Price | null;
}

export interface BrokerAccount {
  readonly accountNumber: string;
  readonly currency: string;
  readonly cash: Money;
  readonly equity: Money;
  readonly buyingPower: Money;
  readonly tradingBlocked: boolean;
  /** The broker's own word; absent where it says none. */
  readonly status?: string;
}

/**
 * Something that moved the account's money or shares and was no trade: a fee, a dividend, interest, money or shares put in or taken out, a
 * split. As the broker states it.
 */
export interface BrokerActivity {
  /** The broker's own id: the same fact has the same one, however often it is told. */
  readonly activityId: string;
  /** The broker's word for what it is: `FEE`, `CFEE`, `DIV`, `INT`, `JNLC`, `SPLIT` ... */
  readonly type: string;
  readonly symbol: string | null;
  /** As told: shares that moved, signed, or for a dividend the shares that it was paid on. */
  readonly quantity: Quantity | null;
  readonly price: Price | null;
  /** Money that came (positive) or went. */
  readonly netAmount: Money;
  /** Taken back by the broker. */
  readonly canceled: boolean;
  readonly description: string | null;
  readonly at: Date;
}
