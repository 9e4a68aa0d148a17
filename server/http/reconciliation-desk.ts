import type { AdoptWish, Reconciliation, SettleWish, TransferWish, WishDone } from '../contract/index.ts';
import type { Caller } from '../platform/access/roles.ts';

/** What a person decides about differences and about what is not ours. Each throws an `HttpProblem` that says what was not done, and why. */
export interface ReconciliationDesk {
  /** Answers the comparison, in which the difference is settled. */
  settle(reconciliationId: string, wish: SettleWish, caller: Caller): Promise<Reconciliation>;
  transfer(accountId: string, wish: TransferWish, caller: Caller): Promise<WishDone>;
  adoptOrder(accountId: string, brokerOrderId: string, wish: AdoptWish, caller: Caller): Promise<WishDone>;
  releaseOrder(orderId: string, reason: string, caller: Caller): Promise<WishDone>;
}
