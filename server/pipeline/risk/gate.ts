import { type ApprovedOrder, clientOrderIdOf, sealApproval } from '../../core/model/approved-order.ts';
import type { Decision, OrderPlan, RuleVerdict } from '../../core/model/decision.ts';
import type { Answer, RiskContext, Rule } from './rule.ts';

/** The risk gate: asks every rule, keeps every answer; one that denies is enough. */
export function decide(rules: readonly Rule[], context: RiskContext): Decision {
  const verdicts: RuleVerdict[] = rules.map((rule) =>
    rule.appliesTo === 'entries' && context.sized.intent !== 'entry'
      ? {
          rule: rule.key,
          verdict: 'not_applicable',
          code: null,
          sentence: context.sized.intent === 'exit' ? 'Exits are not held to it.' : 'It is for entries.',
          inputs: {},
          limit: null,
        }
      : { rule: rule.key, ...withOrigin(rule, context) },
  );
  const denial = verdicts.find((verdict) => verdict.verdict === 'deny');
  if (denial) return { outcome: 'denied', verdicts, code: denial.code!, sentence: denial.sentence };
  return { outcome: 'approved', verdicts };
}

/** Says of a limit whether it is the account's own. */
function withOrigin(rule: Rule, context: RiskContext): Answer {
  const answer = rule.evaluate(context);
  const own = rule.limit !== undefined && context.ownLimits.includes(rule.limit);
  return own && answer.limit !== null ? { ...answer, limit: `${answer.limit}, set for this account` } : answer;
}

/** What the plan of an approved decision needs to become an order. */
export interface Approval {
  readonly orderId: string;
  readonly decisionId: string;
  readonly signalId: string;
  readonly accountId: string;
  readonly strategy: string;
  readonly mode: ApprovedOrder['mode'];
}

/** The only way to an `ApprovedOrder`: a decision that approves. Throws for one that denies, which would be a defect of the caller. */
export function approve(decision: Decision, plan: OrderPlan, approval: Approval): ApprovedOrder {
  if (decision.outcome !== 'approved') throw new Error(`decision ${approval.decisionId} does not approve`);
  return sealApproval({ ...plan, ...approval, clientOrderId: clientOrderIdOf(approval.decisionId, plan.step) });
}
