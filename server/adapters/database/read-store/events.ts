import type postgres from 'postgres';
import type { EventJson } from '../../../contract/index.ts';
import { allOf, BadCursor, iso, type Page } from './paging.ts';

export interface EventQuery {
  readonly limit: number;
  /** The `seq` of an event: what came after it, oldest first. Without it: the newest, newest first. */
  readonly after?: string | undefined;
  readonly kind?: string | undefined;
  /** Of a page of the newest: continue to older ones. */
  readonly cursor?: string | undefined;
}

type EventRow = Omit<EventJson, 'at'> & { at: Date };

const columns = (sql: postgres.Sql) => sql`
  seq::text, id, at, kind, signal_id as "signalId", order_id as "orderId", account_id as "accountId", data`;

const show = (row: EventRow): EventJson => ({ ...row, at: iso(row.at) });

/** Rows below the oldest running transaction only, so that nobody who pages by `after` ever misses one. */
export async function listEvents(sql: postgres.Sql, query: EventQuery): Promise<Page<EventJson>> {
  for (const seq of [query.after, query.cursor]) {
    if (seq !== undefined && !/^\d{1,19}$/.test(seq)) throw new BadCursor('the cursor is not the seq of an event');
  }
  const forward = query.after !== undefined;
  const rows = await sql<EventRow[]>`
    select ${columns(sql)} from events
    where xid < pg_snapshot_xmin(pg_current_snapshot()) ${allOf(sql, [
      query.after !== undefined
        ? sql`(xid, seq) > (select xid, seq from events where seq >= ${query.after}::bigint order by seq limit 1)`
        : null,
      query.cursor !== undefined
        ? sql`(xid, seq) < (select xid, seq from events where seq = ${query.cursor}::bigint)`
        : null,
      query.kind ? sql`kind = ${query.kind}` : null,
    ])}
    order by ${forward ? sql`xid, seq` : sql`xid desc, seq desc`} limit ${query.limit + 1}`;
  const items = rows.slice(0, query.limit).map(show);
  return { items, next: rows.length > query.limit ? (items.at(-1)?.seq ?? null) : null };
}

/** Events of a signal and of its orders, in their order. */
export async function eventsOfSignal(
  sql: postgres.Sql,
  signalId: string,
  orderIds: readonly string[],
): Promise<EventJson[]> {
  const rows = await sql<EventRow[]>`
    select ${columns(sql)} from events
    where signal_id = ${signalId} ${orderIds.length > 0 ? sql`or order_id in ${sql(orderIds)}` : sql``}
    order by xid, seq limit 500`;
  return rows.map(show);
}
