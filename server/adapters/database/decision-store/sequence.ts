import type { SequenceView } from '../../../core/model/sequence.ts';
import type { SignalToDecide } from '../../../core/ports/decision-store.ts';
import type { Statements } from '../event-reader/append-events.ts';

/** What `readSequence` asks for; one row, read with the account locked. */
export interface SequenceRow {
  quarantine: { signalId: string; openedAt: string; sentence: string } | null;
  waiting: boolean;
  overtaken: boolean;
  /** Of the decision before, in this account. */
  outcome: 'approved' | 'denied' | 'held' | null;
  intent: string | null;
  sentence: string | null;
  /** Of the order that was filled last, of this strategy in this account and symbol. */
  role: string | null;
  origin: string | null;
  /** Where the alert of that order came from. */
  source: string | null;
  /** How the entries of the decision before ended; null: one of them was filled, or there were none. */
  unfilled: string | null;
}

/** How long before an alert others of its strategy count as near it. */
const nearBy = '1 day';

/**
 * Asks for what is known of the strategy's alerts before this one. An alert that does not say what its script held is compared with nothing:
 * for it only the quarantine is read.
 */
export function readSequence(
  sql: Statements,
  { signal, signalId, receivedAt }: SignalToDecide,
  accountId: string | null,
): PromiseLike<SequenceRow[]> {
  const { strategy, ticker, firedAt } = signal;
  const quarantine = sql`
    (select jsonb_build_object('signalId', signal_id, 'openedAt', opened_at, 'sentence', sentence) from quarantines
      where account_id = ${accountId} and strategy = ${strategy} and symbol = ${ticker} and cleared_at is null) as quarantine`;
  if (signal.previousPosition === null) {
    return sql<SequenceRow[]>`
      select ${quarantine}, false as waiting, false as overtaken, null as outcome, null as intent, null as sentence,
        null as role, null as origin, null as source, null as unfilled`;
  }
  const others = sql`
    s.ticker = ${ticker} and s.strategy = ${strategy} and s.id <> ${signalId} and s.received_at > ${receivedAt}::timestamptz - ${nearBy}::interval`;
  return sql<SequenceRow[]>`
    select ${quarantine},
      exists (select from trading_signals s where ${others} and s.status = 'accepted' and s.received_at <= ${receivedAt}
        and not exists (select from decisions d where d.signal_id = s.id and d.account_id = ${accountId}))
      or exists (select from approvals p where p.account_id = ${accountId} and p.strategy = ${strategy} and p.symbol = ${ticker}
        and p.settled_at is null and p.signal_id <> ${signalId}) as waiting,
      ${firedAt}::timestamptz is not null and exists (select from trading_signals s where ${others}
        and (s.parsed ->> 'firedAt')::timestamptz > ${firedAt}::timestamptz
        and exists (select from decisions d where d.signal_id = s.id and d.account_id = ${accountId})) as overtaken,
      before.outcome, before.intent, before.sentence, done.role, done.origin, done.source,
      (select min(coalesce(o.problem, o.status)) from orders o
        where o.decision_id = before.id and o.role = 'entry' having bool_and(o.filled_quantity = 0 and o.closed_at is not null)) as unfilled
    from (select) one
    left join lateral (
      select d.id, d.outcome, d.intent, d.sentence from trading_signals s join decisions d on d.signal_id = s.id
      where s.ticker = ${ticker} and s.strategy = ${strategy} and s.id <> ${signalId} and d.account_id = ${accountId}
        and s.received_at <= ${receivedAt}
      order by s.received_at desc, s.id desc limit 1
    ) before on true
    left join lateral (
      select o.role, o.origin, (select source from trading_signals where id = o.signal_id) as source from orders o
      where o.account_id = ${accountId} and o.symbol = ${ticker} and o.strategy = ${strategy} and o.filled_quantity > 0
      order by o.updated_at desc limit 1
    ) done on true`;
}

/** What was read, as decisions see it. */
export function toSequence(row: SequenceRow): SequenceView {
  const { quarantine, waiting, overtaken } = row;
  return {
    quarantine: quarantine && { ...quarantine, openedAt: new Date(quarantine.openedAt) },
    ...{ waiting, overtaken },
    apart: reasonOf(row),
  };
}

/** Why nothing is held, where that is known: the entry was not sent or not filled, or what was held was left without an alert. */
function reasonOf({ outcome, intent, sentence, role, origin, source, unfilled }: SequenceRow): string | null {
  if (outcome !== null && outcome !== 'approved' && intent === 'entry')
    return `its entry was not sent. ${sentence ?? ''}`.trim();
  if (unfilled !== null) return `its entry was not filled (${unfilled.replace(/\.$/, '')}).`;
  if (role === 'stop_loss') return 'its stop closed the position.';
  if (role === 'take_profit') return 'its target closed the position.';
  if (role === 'exit' && source === 'dashboard') return 'a person closed the position.';
  if (role === 'exit' && (origin === 'flatten' || origin === 'protection'))
    return 'the position was closed without an alert.';
  return null;
}
