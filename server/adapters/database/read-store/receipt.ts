import type postgres from 'postgres';
import type { Receipt, Signal } from '../../../contract/index.ts';
import type { Destination } from '../../../core/model/destination.ts';
import type { FieldProblem, TradeSignalJson } from '../../../core/model/signal.ts';
import { assembleReceipt } from '../../../pipeline/projections/receipt.ts';
import { approvalsOfSignal } from './approvals.ts';
import { findDecisions } from './decisions.ts';
import { eventsOfSignal } from './events.ts';
import { executionsOf, ledgerTransactionsOf, ordersOfSignal } from './orders.ts';
import { iso } from './paging.ts';
import { findSignals } from './signals.ts';
import { tradesOfSignal } from './trades-of-signal.ts';

interface RawRow {
  body: string;
  contentType: string | null;
  proofs: Record<string, string | null>;
  parsed: TradeSignalJson | null;
  problems: FieldProblem[] | null;
  parseMicros: number | null;
  destinations: Destination[];
}

/** Gathers all that is known of a signal; null: there is none of that id. */
export async function readReceipt(sql: postgres.Sql, signalId: string): Promise<Receipt | null> {
  const [[signal], [raw], decisions, orders, approvals, trades, replays] = await Promise.all([
    findSignals(sql, [signalId]),
    sql<RawRow[]>`
      select raw_body as body, content_type as "contentType", proofs, parsed, problems, parse_micros as "parseMicros",
        coalesce(destinations, '[]') as destinations
      from trading_signals where id = ${signalId}`,
    findDecisions(sql, [signalId]),
    ordersOfSignal(sql, signalId),
    approvalsOfSignal(sql, signalId),
    tradesOfSignal(sql, signalId),
    sql<{ id: string; receivedAt: Date; status: Signal['status']; by: string | null }[]>`
      select id, received_at as "receivedAt", status, proofs ->> 'replayedBy' as by from trading_signals
      where replay_of = ${signalId} order by received_at desc limit 50`,
  ]);
  if (!signal || !raw) return null;
  const orderIds = orders.map((order) => order.id);
  const [executions, events] = await Promise.all([
    executionsOf(sql, orderIds),
    eventsOfSignal(sql, signalId, orderIds),
  ]);
  return assembleReceipt({
    signal,
    raw,
    decisions,
    approvals,
    destinations: raw.destinations,
    orders,
    executions,
    trades,
    replays: replays.map((one) => ({ ...one, receivedAt: iso(one.receivedAt) })),
    events,
    ledgerTransactions: await ledgerTransactionsOf(sql, executions),
  });
}
