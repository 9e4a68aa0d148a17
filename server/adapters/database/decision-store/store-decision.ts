import type postgres from 'postgres';
import { text } from '../../../core/decimal.ts';
import type { ApprovedOrder } from '../../../core/model/approved-order.ts';
import type { Destination } from '../../../core/model/destination.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import { orderClassOf } from '../../../core/model/order-terms.ts';
import type { RefusalCode } from '../../../core/model/refusals.ts';
import type { SignalStatus } from '../../../core/model/signal.ts';
import type { DecisionToStore, SignalToDecide } from '../../../core/ports/decision-store.ts';
import type { JobStatements, Jobs, JobWriter, QueueName } from '../../../core/ports/job-queue.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import type { DecidedRow, Locked } from './locked-view.ts';
import { packFacts } from './pack-facts.ts';
import { approvalIdOf, askInEvent, askOf, insertAsk, withdrawAsks } from './store-ask.ts';
import { quarantine } from './store-quarantine.ts';

/** What a decision is stored with. */
export interface Circumstances extends Pick<Locked, 'before'> {
  readonly destinations: readonly Destination[];
  /**
   * It takes the place of one that waited for a person: of the whole decision, or of the entry of a reversal, whose exit was sent. Absent:
   * it is the first of its alert and account.
   */
  readonly again?: 'whole' | 'entry';
}

/** Stores a decision in its transaction: its row, the signal's status, the orders, their jobs and the events. */
export async function storeDecision(
  tx: Statements,
  jobs: JobWriter & JobStatements,
  { signalId, signal }: SignalToDecide,
  accountId: string | null,
  decision: DecisionToStore,
  { destinations, before, again }: Circumstances,
): Promise<void> {
  const { outcome } = decision;
  const to = destinations.find((one) => one.accountId === accountId);
  const { weight, shadow } = to ?? { weight: '1', shadow: false };
  const orders = outcome.kind === 'approved' ? outcome.orders : [];
  const orderId = orders[0]?.orderId ?? null;
  // A reversal whose entry is kept back is approved, for its exit, and says what is not sent and why.
  const reason = outcome.kind === 'approved' ? outcome.withheld : outcome;
  const ask = askOf(outcome);
  const json = (value: unknown) => tx.json(value as postgres.JSONValue);
  const quote = decision.quote && {
    bid: text(decision.quote.bid),
    ask: text(decision.quote.ask),
    at: decision.quote.at.toISOString(),
  };
  const event: NewEvent = {
    kind: `decision.${outcome.kind}`,
    signalId,
    orderId,
    accountId,
    data: {
      decisionId: decision.decisionId,
      ticker: signal.ticker,
      action: signal.action,
      side: decision.side,
      intent: decision.intent,
      mode: decision.mode,
      quantity: decision.sizing.quantity,
      weight,
      ...(shadow && { shadow }),
      ...(to?.exitOnly && { exitOnly: true }),
      code: reason?.code ?? null,
      sentence: reason ? wordsOf(decision, reason.sentence) : decision.sizing.sentence,
      ...(ask && outcome.kind === 'held' && askInEvent(decision.decisionId, ask)),
    },
  };
  // The entry of a reversal is asked for beside its exit, which goes.
  const heldEvents: NewEvent[] =
    ask && outcome.kind === 'approved'
      ? [
          {
            ...event,
            kind: 'decision.held',
            orderId: null,
            data: {
              ...event.data,
              ...{ intent: 'entry', side: ask.side, quantity: ask.sizing.quantity, sentence: reason!.sentence },
              ...askInEvent(decision.decisionId, ask),
            },
          },
        ]
      : [];
  const told = outcomeOf(destinations, [
    ...before,
    {
      accountId,
      outcome: again === 'entry' ? 'approved' : outcome.kind,
      shadow,
      code: reason?.code ?? null,
      sentence: reason?.sentence ?? null,
    },
  ]);
  const statements: PromiseLike<unknown>[] = [
    again === 'entry'
      ? updateEntry(tx, decision)
      : tx`
      insert into decisions (id, signal_id, account_id, weight, shadow, mode, mode_reasons, intent, outcome, code, sentence, quantity, sizing,
                             verdicts, sequence, quote, started_at, decided_at)
      values (${decision.decisionId}, ${signalId}, ${accountId}, ${weight}, ${shadow}, ${decision.mode}, ${json(decision.modeReasons)},
              ${decision.intent}, ${outcome.kind}, ${reason?.code ?? null}, ${reason?.sentence ?? null},
              ${decision.sizing.quantity}, ${json(decision.sizing)}, ${json(decision.verdicts)}, ${decision.sequence ? json(decision.sequence) : null}, ${quote && json(quote)},
              ${decision.startedAt}, ${decision.decidedAt})
      ${again === 'whole' ? overHeld(tx) : tx``}`,
    tx`
      update trading_signals
      set status = ${told.status}, code = ${told.code}, sentence = ${told.sentence}, decided_at = ${decision.decidedAt},
          destinations = ${json(destinations)}
      where id = ${signalId}`,
  ];
  // What the whole of a reversal was made on stays.
  if (decision.facts && again !== 'entry') {
    statements.push(tx`
      insert into decision_facts (decision_id, decided_at, facts)
      values (${decision.decisionId}, ${decision.decidedAt}, ${packFacts(decision.facts)})
      on conflict (decision_id) do update set decided_at = excluded.decided_at, facts = excluded.facts`);
  }
  const quarantined =
    accountId && decision.quarantine ? quarantine(tx, { signal, signalId, accountId, decision }) : null;
  if (quarantined) statements.push(quarantined);
  if (outcome.kind === 'approved') {
    const enqueue = <Q extends QueueName>(queue: Q, data: readonly Jobs[Q][]): void => {
      if (data.length === 0) return;
      const job = jobs.insert(
        queue,
        // An exit does not stand behind the entries of other decisions.
        data.map((one) => ({ data: one, urgent: orders.some((order) => order.intent === 'exit') })),
      );
      statements.push(tx.unsafe(job.text, job.values as never[], { prepare: true }));
    };
    const byStep = new Map(orders.map((order) => [order.step ?? 0, order.orderId]));
    // In their order: an order may refer to one of an earlier step.
    for (const order of orders) statements.push(insertOrder(tx, order, byStep, decision.decidedAt));
    const asked = `${signal.action.toUpperCase()} of ${signal.ticker} asks for it.`;
    enqueue(
      'order.cancel',
      outcome.cancels.map((cancelled) => ({ orderId: cancelled, reason: asked })),
    );
    enqueue(
      'order.replace',
      outcome.moves.map((moved) => ({
        orderId: moved.orderId,
        change: {
          stopPrice: text(moved.stopPrice),
          ...(moved.limitPrice && { limitPrice: text(moved.limitPrice) }),
        },
        reason: asked,
      })),
    );
    enqueue(
      'order.submit',
      orders.map((order) => ({ orderId: order.orderId })),
    );
  }
  if (ask && accountId) {
    statements.push(insertAsk(tx, ask, { signal, signalId, accountId, decision }));
    const job = jobs.insert('approval.settle', [{ data: { approvalId: approvalIdOf(decision.decisionId) } }]);
    statements.push(tx.unsafe(job.text, job.values as never[], { prepare: true }));
  }
  // One that came too late speaks of another market, and of no entry that waits now.
  const late = decision.verdicts.some(({ verdict, code }) => verdict === 'deny' && code === 'RISK_ALERT_AGE');
  const withdrawing = accountId && !late && !again ? withdrawAsks(tx, jobs, { signal, signalId, accountId }) : null;
  if (withdrawing) statements.push(withdrawing);
  statements.push(appendEvents(tx, [event, ...orders.slice(1).map(plannedEvent), ...heldEvents]));
  await Promise.all(statements);
}

/**
 * What has become of a signal: approved with the first approval; waiting when every account has its answer and a person is asked; denied when every account has been denied, for the first one's reason.
 */
export function outcomeOf(
  destinations: readonly Destination[],
  decided: readonly DecidedRow[],
): { readonly status: SignalStatus; readonly code: RefusalCode | null; readonly sentence: string | null } {
  const counted = decided.filter((one) => !one.shadow);
  const approved = counted.find((one) => one.outcome === 'approved');
  if (approved) return { status: 'approved', code: approved.code, sentence: approved.sentence };
  const answers = destinations
    .filter((destination) => !destination.shadow)
    .map((destination) => counted.find((one) => one.accountId === destination.accountId));
  const [first] = answers;
  if (answers.some((one) => one === undefined) || first === undefined)
    return { status: 'accepted', code: null, sentence: null };
  const held = answers.find((one) => one?.outcome === 'held');
  if (held) return { status: 'waiting', code: held.code, sentence: held.sentence };
  return { status: 'denied', code: first.code, sentence: first.sentence };
}

const wordsOf = (decision: DecisionToStore, why: string): string =>
  decision.outcome.kind === 'approved' ? `${decision.sizing.sentence} The entry to the other side: ${why}` : why;

/** The first order is told of by the decision's own event. */
const plannedEvent = (order: ApprovedOrder): NewEvent => ({
  kind: 'order.planned',
  signalId: order.signalId,
  orderId: order.orderId,
  accountId: order.accountId,
  data: {
    origin: 'decision',
    role: order.role ?? order.intent,
    strategy: order.strategy,
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    status: 'approved',
    quantity: text(order.quantity),
    step: order.step ?? 0,
    clientOrderId: order.clientOrderId,
    sentence: plannedInWords(order),
  },
});

function plannedInWords({ after, step }: ApprovedOrder): string {
  const own = `Order ${(step ?? 0) + 1} of its decision`;
  if (!after) return `${own}.`;
  const waited = `order ${after.step + 1}`;
  switch (after.when) {
    case 'closed':
      return `${own}: it waits until ${waited} has closed the position.`;
    case 'filled':
      return `${own}: it waits until ${waited} is filled.`;
    case 'sent':
      return `${own}: it follows ${waited}.`;
    case 'cleared':
      return `${own}: it waits until the entries that its alert cancels have ended.`;
  }
}

function insertOrder(
  tx: Statements,
  order: ApprovedOrder,
  byStep: ReadonlyMap<number, string>,
  at: Date,
): PromiseLike<unknown> {
  const orNull = (value: ApprovedOrder['limitPrice'] | undefined): string | null => (value ? text(value) : null);
  const { trail } = order;
  const trailPrice = trail && 'price' in trail ? text(trail.price) : null;
  const trailPercent = trail && 'percent' in trail ? text(trail.percent) : null;
  const after = order.after ?? null;
  return tx`
    insert into orders (id, account_id, decision_id, signal_id, step, after_order_id, after_when, strategy, mode, role,
                        client_order_id, symbol, side, type, order_class, time_in_force, quantity, limit_price, stop_price,
                        trail_price, trail_percent, take_profit_price, stop_loss_price, stop_loss_limit_price, extended_hours,
                        reference_price, status, created_at, updated_at)
    values (${order.orderId}, ${order.accountId}, ${order.decisionId}, ${order.signalId}, ${order.step ?? 0},
            ${after && (after.orderId ?? byStep.get(after.step)!)}, ${after?.when ?? null}, ${order.strategy}, ${order.mode},
            ${order.role ?? order.intent}, ${order.clientOrderId}, ${order.symbol}, ${order.side}, ${order.type},
            ${orderClassOf(order)}, ${order.timeInForce}, ${text(order.quantity)}, ${orNull(order.limitPrice)},
            ${orNull(order.stopPrice)}, ${trailPrice}, ${trailPercent}, ${orNull(order.takeProfit)}, ${orNull(order.stopLoss)},
            ${orNull(order.stopLossLimit)}, ${order.extendedHours === true}, ${text(order.referencePrice)}, 'approved', ${at}, ${at})`;
}

/** Over a decision that waited for a person; one that was made already stays as it is. */
const overHeld = (tx: Statements) => tx`
  on conflict (id) do update set mode = excluded.mode, mode_reasons = excluded.mode_reasons, intent = excluded.intent,
    outcome = excluded.outcome, code = excluded.code, sentence = excluded.sentence, quantity = excluded.quantity,
    sizing = excluded.sizing, verdicts = excluded.verdicts, sequence = excluded.sequence, quote = excluded.quote, decided_at = excluded.decided_at
  where decisions.outcome = 'held'`;

/** The second half of a reversal's decision, whose first half stands. */
function updateEntry(tx: Statements, { decisionId, outcome, sizing, intent, ...decision }: DecisionToStore) {
  const json = (value: unknown) => tx.json(value as postgres.JSONValue);
  const refused = outcome.kind === 'denied' ? outcome : null;
  const verdicts = decision.verdicts.map((verdict) => ({ ...verdict, part: 'entry' }));
  return tx`
    update decisions set code = ${refused?.code ?? null}, sentence = ${refused?.sentence ?? null},
      verdicts = (select coalesce(jsonb_agg(one), '[]') from jsonb_array_elements(verdicts) as one where one ->> 'part' = 'exit')
        || ${json(verdicts)}::jsonb,
      intent = case when ${refused === null} then ${intent} else decisions.intent end,
      quantity = case when ${refused === null} then ${sizing.quantity}::numeric else decisions.quantity end,
      sizing = case when ${refused === null}
        then ${json(sizing)}::jsonb || jsonb_build_object('closesFirst', decisions.quantity::text) else decisions.sizing end
    where id = ${decisionId} and outcome = 'approved'`;
}
