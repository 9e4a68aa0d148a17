import type { ApprovalJson, ApprovalWish, RejectionWish } from '../contract/index.ts';
import type { Caller } from '../platform/access/roles.ts';

/** Votes of people on entries that wait for them. Each throws an `HttpProblem` for a vote that does not count. */
export interface ApprovalDesk {
  /** Null: there is no such approval. */
  approve(id: string, wish: ApprovalWish, caller: Caller): Promise<ApprovalJson | null>;
  reject(id: string, wish: RejectionWish, caller: Caller): Promise<ApprovalJson | null>;
}
