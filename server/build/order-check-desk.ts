import type { CheckedAccountJson, CheckedOrderJson, CheckedVerdictJson, RiskCheckJson } from '../contract/index.ts';
import { type Big, text } from '../core/decimal.ts';
import type { ApprovedOrder } from '../core/model/approved-order.ts';
import type { RuleVerdict } from '../core/model/decision.ts';
import { scopeInWords } from '../core/model/risk-limit.ts';
import type { FieldProblem, TradeSignal } from '../core/model/signal.ts';
import type { OrderCheckDesk } from '../http/order-check-desk.ts';
import { HttpProblem } from '../http/problems.ts';
import { createOrderCheck, type HypotheticalDecision, type OrderCheckParts } from '../pipeline/check-order.ts';
import type { Dialect } from '../pipeline/intake/dialect.ts';
import { createRateLimit } from '../pipeline/intake/rate-limit.ts';
import { readAlert } from '../pipeline/intake/read-alert.ts';
import { readBody } from '../pipeline/intake/read-body.ts';
import type { HeldLimit } from '../pipeline/risk/limit-book.ts';
import type { Rule } from '../pipeline/risk/rule.ts';

export interface OrderCheckDeskParts extends Omit<OrderCheckParts, 'clock' | 'settings'> {
  readonly clock: OrderCheckParts['clock'];
  readonly settings: OrderCheckParts['settings'] & {
    strategies(): readonly { readonly key: string }[];
  };
  readonly dialects: readonly Dialect[];
}

/** Of each caller: an answer reads as much as a decision, and asks the market. */
const pace = { ratePerSecond: 5, burst: 20 };

/** Answers what would become of an alert. */
export function createOrderCheckDesk(parts: OrderCheckDeskParts): OrderCheckDesk {
  const check = createOrderCheck(parts);
  const asked = createRateLimit();
  const rules = new Map(parts.rules.map((rule) => [rule.key, rule]));

  async function checkAccount({ account, strategy }: TradeSignal): Promise<void> {
    if (account === null) return;
    const accounts = await parts.views.tradingAccounts();
    if (accounts.some((one) => one.name === account)) return;
    const names = accounts.filter((one) => one.enabled).map((one) => one.name);
    throw new HttpProblem(
      422,
      'NO_SUCH_ACCOUNT',
      'No such account',
      `There is no account ${account}. ${names.length === 0 ? 'No account is switched on' : `Those that are switched on: ${names.join(', ')}`}. Leave the account out to ask where the strategy ${strategy} goes. Nothing was decided or sent.`,
      [{ field: 'account', code: 'NO_SUCH_ACCOUNT', message: 'expected the name of an account' }],
    );
  }

  async function checkSignal(signal: TradeSignal): Promise<RiskCheckJson> {
    await checkAccount(signal);
    const at = parts.clock.now().toISOString();
    const answers = await check(signal);
    return {
      at,
      action: signal.action,
      ticker: signal.ticker,
      strategy: signal.strategy,
      note: parts.settings.strategies().some((one) => one.key === signal.strategy)
        ? null
        : `Nobody has set up a strategy ${signal.strategy}: its alerts are decided by the settings of the strategy default, and so is this answer.`,
      accounts: answers.map((answer) => shown(answer, rules, parts.sectorOf(signal.ticker))),
    };
  }

  return {
    checkSignal,
    async check(body, caller) {
      const waitMs = asked.take(caller.id, pace, parts.clock.monotonicMs());
      if (waitMs !== null) {
        const sentence = `At most ${pace.ratePerSecond} questions a second are answered, ${pace.burst} at once. Nothing was decided or sent; ask again in ${Math.ceil(waitMs / 1000)} s.`;
        throw new HttpProblem(429, 'RATE_LIMITED', 'Too many at once', sentence);
      }
      const { read } = readAlert(readBody(body), parts.dialects);
      if (!read.ok) throw unreadable(read.error);
      return checkSignal(read.value);
    },
  };
}

function unreadable(problems: readonly FieldProblem[]): HttpProblem {
  const sentence = problems.map((one) => `${one.field}: ${one.message}`).join('; ');
  const detail = `${sentence}. Nothing was decided or sent.`;
  return new HttpProblem(400, 'INVALID', 'The alert cannot be read', detail, problems);
}

function shown(answer: HypotheticalDecision, rules: ReadonlyMap<string, Rule>, sector: string): CheckedAccountJson {
  const { task, decision, afterYes, book, gathered, missing } = answer;
  const { destination, account } = task;
  const { ticker: symbol, strategy } = gathered.found.signal;
  const { outcome } = decision;
  const held = book.heldFor({ accountId: answer.view.account?.accountId ?? null, strategy, sector, symbol });
  const then = afterYes?.outcome ?? outcome;
  const approved = then.kind === 'approved' ? then : null;
  const about = {
    accountId: destination.accountId,
    account: account?.name ?? null,
    weight: destination.weight,
    shadow: destination.shadow,
    exitOnly: destination.exitOnly === true,
    mode: decision.mode,
    modeReasons: decision.modeReasons.map((reason) => ({ ...reason })),
    intent: decision.intent,
    side: decision.side,
    outcome: outcomeOf(answer),
    code: outcome.kind === 'approved' ? (outcome.withheld?.code ?? null) : outcome.code,
    quantity: decision.sizing.quantity,
    sizing: {
      ...decision.sizing,
      inputs: { ...decision.sizing.inputs },
      targets: decision.sizing.targets?.map((one) => ({ ...one })),
    },
    verdicts: decision.verdicts.map((one) => explained(one, rules.get(one.rule), held)),
    quote: decision.quote && {
      bid: text(decision.quote.bid),
      ask: text(decision.quote.ask),
      at: decision.quote.at.toISOString(),
    },
    orders: (approved?.orders ?? []).map(orderShown),
    cancels: [...(approved?.cancels ?? [])],
    moves: (approved?.moves ?? []).map(({ orderId, stopPrice }) => ({ orderId, stopPrice: text(stopPrice) })),
    missing: missing.map((one) => ({ ...one })),
  };
  return { ...about, sentence: sentenceOf(answer, about) };
}

/** Held where nothing denies it and a rule wants a person. */
function outcomeOf({ decision: { outcome, verdicts } }: HypotheticalDecision): CheckedAccountJson['outcome'] {
  if (outcome.kind !== 'denied') return outcome.kind;
  const asks = verdicts.some((one) => one.verdict === 'ask') && !verdicts.some((one) => one.verdict === 'deny');
  return asks ? 'held' : 'denied';
}

function sentenceOf(
  { decision: { outcome, sizing } }: HypotheticalDecision,
  { outcome: said, orders, cancels, moves, mode, account }: Omit<CheckedAccountJson, 'sentence'>,
): string {
  if (outcome.kind !== 'approved') return outcome.sentence;
  const entry = orders.find((one) => one.role === 'entry') ?? orders[0];
  const withheld = outcome.withheld
    ? ` The entry to the other side would not be sent: ${outcome.withheld.sentence}`
    : '';
  const also = [
    cancels.length > 0 ? `${cancels.length} open orders would be cancelled` : '',
    moves.length > 0 ? `${moves.length} stops would be moved` : '',
  ].filter((one) => one !== '');
  if (entry === undefined) return `${also.length > 0 ? `${also.join(', ')}.` : sizing.sentence}${withheld}`;
  const total = orders.filter((one) => one.role === entry.role);
  const priced =
    entry.limitPrice === null
      ? `at ${entry.type.replaceAll('_', ' ')}, near ${entry.referencePrice}`
      : `with a limit of ${entry.limitPrice}`;
  const split = total.length > 1 ? ` in ${total.length} orders` : '';
  return `Would ${said === 'approved' ? entry.side : 'ask to'} ${sizing.quantity} ${entry.symbol}${split} ${priced}, in the ${mode} account ${account}.${also.length > 0 ? ` ${also.join(', ')}.` : ''}${withheld}`;
}

/** With what a person would look up: the rule's name, and the limit it was asked with. */
function explained(verdict: RuleVerdict, rule: Rule | undefined, held: readonly HeldLimit[]): CheckedVerdictJson {
  const limit = held.find(
    ({ rule: { key }, scope }) =>
      key === verdict.rule && verdict.scope === (scope.kind === 'everything' ? undefined : scopeInWords(scope)),
  );
  return {
    ...verdict,
    inputs: { ...verdict.inputs },
    title: rule?.name ?? verdict.rule,
    scopeKind: limit?.scope.kind ?? null,
    severity: limit?.severity ?? null,
    parameters: Object.fromEntries(
      Object.entries(limit?.parameters ?? {}).map(([name, value]) => [
        name,
        typeof value === 'object' ? [...value] : value,
      ]),
    ),
  };
}

const orNull = (value: Big | null | undefined): string | null => (value ? text(value) : null);

function orderShown(order: ApprovedOrder): CheckedOrderJson {
  const { trail } = order;
  return {
    step: order.step ?? 0,
    role: order.role ?? order.intent,
    symbol: order.symbol,
    side: order.side,
    quantity: text(order.quantity),
    type: order.type,
    timeInForce: order.timeInForce,
    referencePrice: text(order.referencePrice),
    limitPrice: orNull(order.limitPrice),
    stopPrice: orNull(order.stopPrice),
    stopLoss: orNull(order.stopLoss),
    takeProfit: orNull(order.takeProfit),
    trail: trail ? ('price' in trail ? text(trail.price) : `${text(trail.percent)} %`) : null,
    after: order.after ? { step: order.after.step, when: order.after.when } : null,
  };
}
