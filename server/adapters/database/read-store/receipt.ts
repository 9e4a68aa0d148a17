import type postgres from 'postgres';
import type { Receipt } from '../../../contract/index.ts';
import type { Destination } from '../../../core/model/destination.ts';
import type { FieldProblem, TradeSignalJson } from '../../../core/model/signal.ts';
import { assembleReceipt } from '../../../pipeline/projections/receipt.ts';
import { approvalsOfSignal } from './approvals.ts';
import { findDecisions } from './decisions.ts';
import { eventsOfSignal } from './events.ts';
import { executionsOf, ledgerTransactionsOf, ordersOfSignal } from './orders.ts';
import { findSignals } from './signals.ts';

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
  const [[signal], [raw], decisions, orders, approvals] = await Promise.all([
    findSignals(sql, [signalId]),
    sql<RawRow[]>`
      select raw_body as body, content_type as "contentType", proofs, parsed, problems, parse_micros as "parseMicros",
        coalesce(destinations, '[]') as destinations
      from trading_signals where id = ${signalId}`,
    findDecisions(sql, [signalId]),
    ordersOfSignal(sql, signalId),
    approvalsOfSignal(sql, signalId),
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
    events,
    ledgerTransactions: await ledgerTransactionsOf(sql, executions),
  });
}
