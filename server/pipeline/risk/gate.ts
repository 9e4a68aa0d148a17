import { type Quantity, quantity, text } from '../../core/decimal.ts';
import { type ApprovedOrder, clientOrderIdOf, sealApproval } from '../../core/model/approved-order.ts';
import type { Decision, OrderPlan, RuleVerdict } from '../../core/model/decision.ts';
import { scopeInWords } from '../../core/model/risk-limit.ts';
import type { HeldLimit, LimitBook } from './limit-book.ts';
import { type Finding, isEntry, type RiskContext } from './rule.ts';

/** How often an order is made smaller before it is given up: each time by the rule that allows least. */
const mostReductions = 4;

/**
 * The risk gate: asks every limit that holds for the order, and keeps every answer. One that denies is enough. Where limits only make it
 * smaller, all are asked again of the smaller order, until none has anything against it: what is approved has passed every rule as it is.
 */
export function decide(book: LimitBook, context: RiskContext): Decision {
  const { account, signal } = context;
  const subject = {
    accountId: account?.accountId ?? null,
    strategy: signal.strategy,
    sector: context.sectorOf(signal.ticker),
    symbol: signal.ticker,
  };
  const limits = book.heldFor(subject);
  const unreadable = context.sized.intent === 'entry' ? book.unreadable(subject) : null;
  const reductions: RuleVerdict[] = [];
  let asked = context;
  for (let round = 0; ; round++) {
    const answers = limits.map((limit) => ask(limit, asked));
    if (unreadable) answers.unshift({ verdict: cannotRead(unreadable.problem), allowed: null });
    const verdicts = [...reductions, ...answers.map(({ verdict }) => verdict)];
    const denials = verdicts.filter(({ verdict }) => verdict === 'deny');
    // That it is a test is the last thing to be said of it: in the size that the limits leave.
    const denial = denials.find(({ code }) => code !== 'RISK_TEST_ALERT');
    if (denial) return { outcome: 'denied', verdicts, code: denial.code!, sentence: denial.sentence };
    const least = leastOf(answers);
    if (least === null) {
      const [test] = denials;
      if (test) return { outcome: 'denied', verdicts, code: test.code!, sentence: test.sentence };
      const asks = verdicts.filter(({ verdict }) => verdict === 'ask');
      const sized = asked === context ? null : asked.sized.quantity;
      if (asks.length > 0) return { outcome: 'held', verdicts, asks, quantity: sized };
      return { outcome: 'approved', verdicts, quantity: sized };
    }
    if (round >= mostReductions) {
      const last = {
        ...least.verdict,
        verdict: 'deny' as const,
        sentence: notSent('No size was found that every limit allows.'),
      };
      return { outcome: 'denied', verdicts: [...verdicts, last], code: last.code!, sentence: last.sentence };
    }
    reductions.push(least.verdict);
    const original = context.original ?? context.sized.quantity;
    asked = { ...asked, original, sized: { ...asked.sized, quantity: least.allowed! } };
  }
}

interface Asked {
  readonly verdict: RuleVerdict;
  /** What is left of the order by a verdict that makes it smaller. */
  readonly allowed: Quantity | null;
}

const leastOf = (answers: readonly Asked[]): Asked | null => {
  let least: Asked | null = null;
  for (const one of answers)
    if (one.allowed !== null && (least === null || one.allowed.lt(least.allowed!))) least = one;
  return least;
};

function ask(held: HeldLimit, context: RiskContext): Asked {
  const { rule, scope, severity, values } = held;
  let found: Finding;
  try {
    if (rule.appliesTo === 'all') found = rule.evaluate(context, values as never, scope);
    else if (isEntry(context)) found = rule.evaluate(context, values as never, scope);
    else return answer(held, { ...notForExits(context), allowed: null });
  } catch (error) {
    return answer(held, { ...failed(context, error), allowed: null });
  }
  const { sentence, inputs, limit } = found;
  if (found.found !== 'breach')
    return answer(held, { verdict: found.found, code: null, sentence, inputs, limit, allowed: null });
  const { code } = found;
  // Nobody is asked whether a position may be left.
  if (severity === 'warn' || (severity === 'ask' && context.sized.intent !== 'entry'))
    return answer(held, { verdict: 'warn', code, sentence: `Warning: ${sentence}`, inputs, limit, allowed: null });
  if (severity === 'ask') {
    const waits = `Waits for a person: ${sentence}`;
    return answer(held, { verdict: 'ask', code, sentence: waits, inputs, limit, allowed: null });
  }
  const left = severity === 'reduce' ? whole(found.allowed, context) : null;
  if (left === null)
    return answer(held, { verdict: 'deny', code, sentence: notSent(sentence), inputs, limit, allowed: null });
  const smaller = `Made smaller, from ${text(context.sized.quantity)} to ${text(left)}: ${sentence}`;
  return answer(held, { verdict: 'reduce', code, sentence: smaller, inputs, limit, allowed: left });
}

/** With the rule that says it and for whom its limit was set. Written out, as it is made for every rule of every decision. */
function answer({ rule, scope }: HeldLimit, said: Omit<RuleVerdict, 'rule'> & Pick<Asked, 'allowed'>): Asked {
  const { verdict, code, sentence, inputs, limit, allowed } = said;
  if (scope.kind === 'everything')
    return { verdict: { rule: rule.key, inputs, limit, verdict, code, sentence }, allowed };
  const of = scopeInWords(scope);
  const set = limit === null ? null : `${limit}, set for ${of}`;
  return { verdict: { rule: rule.key, scope: of, inputs, limit: set, verdict, code, sentence }, allowed };
}

/** What may be sent of a quantity that a limit allows: a multiple of the lot, and less than what was asked for; null: nothing. */
function whole(allowed: Quantity | null, { sized, lot }: RiskContext): Quantity | null {
  if (allowed === null) return null;
  const lots = allowed.div(lot).round(0, 0);
  const left = quantity(lots.times(lot));
  return left.gt('0') && left.lt(sized.quantity) ? left : null;
}

const notSent = (sentence: string): string => (sentence === '' ? '' : `Not sent: ${sentence}`);

const notForExits = ({ sized }: RiskContext): Omit<RuleVerdict, 'rule'> => ({
  verdict: 'not_applicable',
  code: null,
  sentence: sized.intent === 'exit' ? 'Exits are not held to it.' : 'It is for entries.',
  inputs: {},
  limit: null,
});

const cannotRead = (problem: string): RuleVerdict => ({
  rule: 'limits',
  verdict: 'deny',
  code: 'RISK_LIMIT_UNREADABLE',
  sentence: notSent(problem),
  inputs: {},
  limit: null,
});

/** A rule that throws says nothing of the order. An entry is not sent on that; an exit is not kept back by it. */
function failed({ sized }: RiskContext, error: unknown): Omit<RuleVerdict, 'rule'> {
  const problem = `the rule failed (${error instanceof Error ? error.message : String(error)}).`;
  const said = { code: 'RISK_RULE_FAILED' as const, inputs: {}, limit: null };
  return sized.intent === 'entry'
    ? { ...said, verdict: 'deny', sentence: notSent(problem) }
    : { ...said, verdict: 'warn', sentence: `Warning: ${problem}` };
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

/** The only way to an `ApprovedOrder`: a decision that approves. Throws for one that does not, which would be a defect of the caller. */
export function approve(decision: Decision, plan: OrderPlan, approval: Approval): ApprovedOrder {
  if (decision.outcome !== 'approved') throw new Error(`decision ${approval.decisionId} does not approve`);
  return sealApproval({ ...plan, ...approval, clientOrderId: clientOrderIdOf(approval.decisionId, plan.step) });
}
