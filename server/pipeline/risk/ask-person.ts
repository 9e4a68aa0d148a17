import { type Big, decimal, notional, type Price, type Quantity, text } from '../../core/decimal.ts';
import type { Decision, RuleVerdict } from '../../core/model/decision.ts';
import { midpoint } from '../../core/model/market.ts';
import type { ApprovalSettings, StrategyApproval } from '../../core/model/settings.ts';
import { amount, percent, percentAbove } from './figures.ts';
import type { RiskContext } from './rule.ts';

/** What was asked of people before, and that they said yes. */
export interface Answered {
  readonly askedAt: Date;
  /** The middle of the market then. */
  readonly price: Price;
  /** What would have been sent then: never is more sent than people said yes to. */
  readonly quantity: Quantity;
  /** The asks they answered. */
  readonly asks: readonly RuleVerdict[];
  /** Orders that the decision has sent already. */
  readonly ordersBefore: number;
  /** Who they are: "Ada and Ben". */
  readonly by: string;
}

/** What says, beside the limits, that an entry waits for a person. */
export interface PersonTerms {
  readonly approvals: ApprovalSettings;
  readonly strategy: StrategyApproval;
  /** Of a decision that is made anew; absent: nobody was asked yet. */
  readonly answered?: Answered | null;
  /** It only goes along on paper to be compared: nobody is asked. */
  readonly shadow?: boolean;
}

/** The names under which the asks of settings are kept, among the verdicts of rules. */
export const askRule = 'approval';
const moveRule = 'approval-price';

/**
 * The gate's answer with what the strategy's settings and the mode ask of a person, and without what people have said yes to. An ask that
 * is new since then is no yes: the entry is denied. Exits are never asked for.
 */
export function withPerson(decision: Decision, context: RiskContext, terms: PersonTerms): Decision {
  if (context.sized.intent !== 'entry' || decision.outcome === 'denied') return decision;
  const { quantity } = decision;
  const { answered } = terms;
  const moved = answered ? moveOf(context, answered, terms.approvals) : null;
  const settings = askedBySettings(context, quantity ?? context.sized.quantity, terms);
  const before = [...decision.verdicts, ...settings];
  const verdicts = before.map((verdict): RuleVerdict => {
    if (verdict.verdict !== 'ask') return verdict;
    if (terms.shadow) return { ...verdict, sentence: `Nobody is asked, as it goes along on paper: ${why(verdict)}` };
    return answered && isAnswered(verdict, answered)
      ? { ...verdict, sentence: `Approved by ${answered.by}: ${why(verdict)}` }
      : verdict;
  });
  if (moved?.verdict === 'deny') {
    return { outcome: 'denied', verdicts: [...verdicts, moved], code: moved.code!, sentence: moved.sentence };
  }
  const all = moved ? [...verdicts, moved] : verdicts;
  const asks = terms.shadow
    ? []
    : before.filter((one) => one.verdict === 'ask' && !(answered && isAnswered(one, answered)));
  const [first] = asks;
  if (first === undefined) return { outcome: 'approved', verdicts: all, quantity };
  if (!answered) return { outcome: 'held', verdicts: all, asks, quantity };
  const sentence = `Not sent: what it was approved for has changed. ${why(first).replace(/^./, (letter) => letter.toUpperCase())}`;
  return { outcome: 'denied', verdicts: all, code: first.code!, sentence };
}

/** How many people must say yes to an entry of this worth. */
export function votesNeeded(worth: Big, mode: RiskContext['mode'], approvals: ApprovalSettings): 1 | 2 {
  const { twoAbove, twoInProduction } = approvals;
  const two = (twoInProduction && mode === 'production') || (twoAbove !== null && worth.gt(decimal(twoAbove)));
  return two ? 2 : 1;
}

const waits = 'Waits for a person: ';
const why = ({ sentence }: RuleVerdict): string =>
  sentence.startsWith(waits) ? sentence.slice(waits.length) : sentence;

const isAnswered = (verdict: RuleVerdict, { asks }: Answered): boolean =>
  asks.some((one) => one.rule === verdict.rule && one.scope === verdict.scope && one.code === verdict.code);

function askedBySettings(
  context: RiskContext,
  quantity: Quantity,
  { approvals, strategy }: PersonTerms,
): RuleVerdict[] {
  const { mode, signal, sized } = context;
  const asks: RuleVerdict[] = [];
  const ask = (limit: string, sentence: string, worth: Big | null): void => {
    const inputs = { mode, ...(worth && { worth: amount(worth) }) };
    asks.push({
      rule: askRule,
      verdict: 'ask',
      code: 'RISK_NEEDS_APPROVAL',
      sentence: waits + sentence,
      inputs,
      limit,
    });
  };
  if (approvals.inProduction && mode === 'production') {
    ask('every entry with real money', 'every entry with real money does.', null);
  }
  if (strategy.when === 'always') ask('every entry', `every entry of ${signal.strategy} does.`, null);
  if (strategy.when === 'above') {
    const limit = strategy.notional ?? '0';
    // Without a price nothing says that it is worth little.
    const worth = sized.referencePrice && notional(sized.referencePrice, quantity);
    if (worth === null || worth.gt(decimal(limit))) {
      const said = worth === null ? 'what it is worth is not known' : `it is worth ${amount(worth)}`;
      ask(`above ${limit}`, `${said}, and entries of ${signal.strategy} above ${limit} do.`, worth);
    }
  }
  return asks;
}

/** Whether the market is still where it was when people were asked. */
function moveOf({ quote }: RiskContext, { price: asked }: Answered, { maxMove }: ApprovalSettings): RuleVerdict {
  const most = decimal(maxMove);
  const limit = `${percent(most)} either way`;
  const now = quote && midpoint(quote);
  const said = { rule: moveRule, limit, inputs: { asked: text(asked), now: now && text(now) } };
  const denied = (sentence: string): RuleVerdict => ({
    ...said,
    ...{ verdict: 'deny', code: 'RISK_APPROVAL_PRICE', sentence: `Not sent: ${sentence}` },
  });
  if (!now) return denied('the price at the approval is not known.');
  const by = now.minus(asked).abs().div(asked);
  const from = `from ${text(asked)} to ${text(now)}`;
  if (by.gt(most)) {
    const far = percentAbove(by, most);
    return denied(`the price moved by ${far}, ${from}, while it waited for a person; the limit is ${percent(most)}.`);
  }
  return { ...said, verdict: 'pass', code: null, sentence: `The price moved ${from} while it waited for a person.` };
}
