import type { LimitChange, LimitRemoval, RiskLimitJson, RiskRuleJson, RiskTodayJson } from '../contract/index.ts';
import type { Caller } from '../platform/access/roles.ts';

/** The rules of the risk gate and their limits, as people see and set them. */
export interface LimitDesk {
  /** In the order they are asked, with what is in force. */
  rules(): Promise<readonly RiskRuleJson[]>;
  /** What the rules have said since New York's midnight. */
  today(): Promise<RiskTodayJson>;
  /** Throws an `HttpProblem` for what cannot be, and for what somebody else changed meanwhile. */
  set(change: LimitChange, caller: Caller): Promise<RiskLimitJson>;
  /** Takes a limit away: what is wider holds again. */
  remove(removal: LimitRemoval, caller: Caller): Promise<RiskLimitJson>;
  /** Every version of a rule's limits, the newest first; null: of all rules. */
  history(rule: string | null): Promise<readonly RiskLimitJson[]>;
}
