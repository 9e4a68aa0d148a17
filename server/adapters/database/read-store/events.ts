import type postgres from 'postgres';
import type { EventJson } from '../../../contract/index.ts';
import { BadCursor, type Page } from '../../../core/ports/paging.ts';
import { allOf, iso } from './paging.ts';

export interface EventQuery {
  readonly limit: number;
  /** The `seq` of an event, or `0`: what came after it, oldest first. Without it: the newest, newest first. */
  readonly after?: string | undefined;
  readonly kind?: string | undefined;
  /** The `next` of a page: goes on in its direction. */
  readonly cursor?: string | undefined;
}

type EventRow = Omit<EventJson, 'at'> & { at: Date };

const columns = (sql: postgres.Sql) => sql`
  seq::text, id, at, kind, signal_id as "signalId", order_id as "orderId", account_id as "accountId", data`;

const show = (row: EventRow): EventJson => ({ ...row, at: iso(row.at) });

interface Place {
  xid: string;
  seq: string;
}

/** Where an event stands in the order of reading. `0` is before the first one. */
async function placeOf(sql: postgres.Sql, seq: string | undefined): Promise<Place | null> {
  if (seq === undefined) return null;
  if (seq === '0') return { xid: '0', seq: '0' };
  const [place] = /^\d{1,18}$/.test(seq)
    ? await sql<Place[]>`select xid::text as xid, seq::text as seq from events where seq = ${seq}::bigint`
    : [];
  if (!place) throw new BadCursor('the cursor is not the seq of an event');
  return place;
}

/** Rows below the oldest running transaction only, so that nobody who pages by `after` ever misses one. */
export async function listEvents(sql: postgres.Sql, query: EventQuery): Promise<Page<EventJson>> {
  const forward = query.after !== undefined;
  const after = await placeOf(sql, query.after);
  const cursor = await placeOf(sql, query.cursor);
  const rows = await sql<EventRow[]>`
    select ${columns(sql)} from events
    where xid < pg_snapshot_xmin(pg_current_snapshot()) ${allOf(sql, [
      after ? sql`(xid, seq) > (${after.xid}::xid8, ${after.seq}::bigint)` : null,
      cursor ? sql`(xid, seq) ${forward ? sql`>` : sql`<`} (${cursor.xid}::xid8, ${cursor.seq}::bigint)` : null,
      query.kind ? sql`kind = ${query.kind}` : null,
    ])}
    order by ${forward ? sql`xid, events.seq` : sql`xid desc, events.seq desc`} limit ${query.limit + 1}`;
  const items = rows.slice(0, query.limit).map(show);
  return { items, next: rows.length > query.limit ? (items.at(-1)?.seq ?? null) : null };
}

/** Events of orders, in their order; at most 500. */
export async function eventsOfOrders(sql: postgres.Sql, orderIds: readonly string[]): Promise<EventJson[]> {
  if (orderIds.length === 0) return [];
  const rows = await sql<EventRow[]>`
    select ${columns(sql)} from events where order_id in ${sql(orderIds)} order by xid, events.seq limit 500`;
  return rows.map(show);
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
    order by xid, events.seq limit 500`;
  return rows.map(show);
}
