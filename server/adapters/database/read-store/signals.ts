import type postgres from 'postgres';
import type { Signal } from '../../../contract/index.ts';
import type { TradeSignalJson } from '../../../core/model/signal.ts';
import type { Page, PageQuery } from '../../../core/ports/paging.ts';
import { allOf, iso, isoOrNull, pageOf, readCursor } from './paging.ts';

export interface SignalQuery extends PageQuery {
  readonly status?: string | undefined;
  readonly ticker?: string | undefined;
  readonly strategy?: string | undefined;
  readonly source?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

interface SignalRow
  extends Omit<Signal, 'receivedAt' | 'decidedAt' | 'receiptUrl' | 'action' | 'riskAmount' | 'requestedMode'> {
  receivedAt: Date;
  decidedAt: Date | null;
  parsed: TradeSignalJson | null;
}

const columns = (sql: postgres.Sql) => sql`
  s.id, s.source, s.received_at as "receivedAt", s.status, s.ticker, s.side, s.strategy, s.parsed, s.code, s.sentence,
  s.decided_at as "decidedAt", s.replay_of as "replayOf", d.mode, d.account_id as "accountId", trim_scale(d.quantity)::text as quantity,
  o.id as "orderId", o.status as "orderStatus", trim_scale(o.filled_quantity)::text as "filledQuantity",
  trim_scale(round(o.filled_cost / nullif(o.filled_quantity, 0), 6))::text as "averagePrice"`;

/** A decision may be several orders: a signal's fills are those of its entries, or of its exit where it enters nothing. */
const joins = (sql: postgres.Sql) => sql`
  from trading_signals s
  left join lateral (
    select * from decisions where signal_id = s.id order by shadow, array_position(array['approved', 'held', 'denied'], outcome), decided_at, id limit 1
  ) d on true
  left join lateral (
    select (array_agg(id order by step, created_at))[1] as id, (array_agg(status order by step, created_at desc))[1] as status,
      sum(filled_quantity) as filled_quantity, sum(filled_cost) as filled_cost
    from orders
    where signal_id = s.id and parent_id is null and origin in ('decision', 'replacement') and role = (
      select min(role) from orders
      where signal_id = s.id and parent_id is null and origin = 'decision' and role in ('entry', 'exit'))
  ) o on true`;

const show = ({ parsed, ...row }: SignalRow): Signal => ({
  ...row,
  receivedAt: iso(row.receivedAt),
  decidedAt: isoOrNull(row.decidedAt),
  action: parsed ? (parsed.action ?? parsed.side) : null,
  riskAmount: parsed?.riskAmount ?? null,
  requestedMode: parsed?.requestedMode ?? null,
  receiptUrl: `/signals/${row.id}`,
});

export async function listSignals(sql: postgres.Sql, query: SignalQuery): Promise<Page<Signal>> {
  const after = readCursor(query.cursor);
  const rows = await sql<SignalRow[]>`
    select ${columns(sql)} ${joins(sql)}
    where true ${allOf(sql, [
      query.status ? sql`s.status = ${query.status}` : null,
      query.ticker ? sql`s.ticker = ${query.ticker.toUpperCase()}` : null,
      query.strategy ? sql`s.strategy = ${query.strategy}` : null,
      query.source ? sql`s.source = ${query.source}` : null,
      query.from ? sql`s.received_at >= ${query.from}` : null,
      query.to ? sql`s.received_at < ${query.to}` : null,
      after ? sql`(s.received_at, s.id) < (${after.at}, ${after.id}::uuid)` : null,
    ])}
    order by s.received_at desc, s.id desc limit ${query.limit + 1}`;
  return pageOf(rows, query.limit, (row) => ({ at: row.receivedAt, id: row.id }), show);
}

export async function findSignals(sql: postgres.Sql, ids: readonly string[]): Promise<Signal[]> {
  if (ids.length === 0) return [];
  const rows = await sql<SignalRow[]>`select ${columns(sql)} ${joins(sql)} where s.id in ${sql(ids)}`;
  return rows.map(show);
}

export async function latestSignal(sql: postgres.Sql): Promise<Signal | null> {
  const [row] = await sql<
    SignalRow[]
  >`select ${columns(sql)} ${joins(sql)} order by s.received_at desc, s.id desc limit 1`;
  return row ? show(row) : null;
}

/** Among the newest alerts: how old the last one is that a webhook took, nobody asks once there are thousands from here. */
export async function lastHeard(sql: postgres.Sql): Promise<{ at: string; signalId: string } | null> {
  const [row] = await sql<{ id: string; receivedAt: Date }[]>`
    select id, received_at as "receivedAt" from (
      select id, source, received_at from trading_signals order by received_at desc limit 1000
    ) as newest where source <> 'dashboard' order by received_at desc limit 1`;
  return row ? { at: iso(row.receivedAt), signalId: row.id } : null;
}

/** As the store of alerts has it: a key counts for ever, or before its end. */
export async function sameAlert(
  sql: postgres.Sql,
  dedupeKey: string,
  at: Date,
): Promise<{ signalId: string; receivedAt: string } | null> {
  const [row] = await sql<{ id: string; receivedAt: Date }[]>`
    SELECT id, received_at AS "receivedAt" FROM trading_signals
    WHERE dedupe_key = ${dedupeKey} AND (dedupe_until IS NULL OR dedupe_until > ${at})`;
  return row ? { signalId: row.id, receivedAt: row.receivedAt.toISOString() } : null;
}
