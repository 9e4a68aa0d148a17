import type { OrderPlan } from './decision.ts';
import type { Mode } from './mode.ts';

declare const approval: unique symbol;

/**
 * An order that the risk gate has approved: the only thing that execution can send. The brand cannot be written by hand;
 * `sealApproval` is the one way to it, and server/architecture.test.ts allows its import to the risk gate and to the
 * store that reads approved decisions back, nowhere else.
 */
export interface ApprovedOrder extends OrderPlan {
  readonly [approval]: true;
  readonly orderId: string;
  /** Null for an order of ours that needs none, as by construction it only reduces what is held. */
  readonly decisionId: string | null;
  readonly signalId: string | null;
  readonly accountId: string;
  readonly strategy: string;
  readonly mode: Mode;
  /** Derived from the decision, so that the same decision is the same order at the broker, however often it is sent. */
  readonly clientOrderId: string;
}

/** Marks an order as approved. For the risk gate, and for reading back what it approved. */
export function sealApproval(order: Omit<ApprovedOrder, typeof approval>): ApprovedOrder {
  return order as ApprovedOrder;
}

/** The client order id of a decision's order: a pure function of the decision's id and the order's step. At most 48 characters. */
export const clientOrderIdOf = (decisionId: string, step = 0): string =>
  step === 0 ? `sbx-${decisionId}` : `sbx-${decisionId}-${step}`;
