import type postgres from 'postgres';
import type { AlarmJson, AlarmQuery } from '../../../contract/index.ts';
import type { Page } from '../../../core/ports/paging.ts';
import { allOf, iso, isoOrNull, pageOf, readCursor } from './paging.ts';

type Moments = 'raisedAt' | 'lastRaisedAt' | 'acknowledgedAt' | 'snoozedUntil' | 'clearedAt' | 'deliveredAt';
type AlarmRow = Omit<AlarmJson, Moments> & {
  raisedAt: Date;
  lastRaisedAt: Date;
  acknowledgedAt: Date | null;
  snoozedUntil: Date | null;
  clearedAt: Date | null;
  deliveredAt: Date | null;
};

const select = (sql: postgres.Sql) => sql`
  select a.id, a.key, a.kind, a.severity, a.account_id as "accountId", a.order_id as "orderId",
    o.signal_id as "signalId", a.sentence, a.data, a.count, a.raised_at as "raisedAt",
    a.last_raised_at as "lastRaisedAt", a.acknowledged_at as "acknowledgedAt", a.acknowledged_by as "acknowledgedBy",
    a.snoozed_until as "snoozedUntil", a.snoozed_by as "snoozedBy", a.cleared_at as "clearedAt", a.cleared_sentence as "clearedSentence", a.delivered_at as "deliveredAt",
    a.delivery_problem as "deliveryProblem"
  from alarms a left join orders o on o.id = a.order_id`;

const show = (row: AlarmRow): AlarmJson => ({
  ...row,
  raisedAt: iso(row.raisedAt),
  lastRaisedAt: iso(row.lastRaisedAt),
  acknowledgedAt: isoOrNull(row.acknowledgedAt),
  snoozedUntil: isoOrNull(row.snoozedUntil),
  clearedAt: isoOrNull(row.clearedAt),
  deliveredAt: isoOrNull(row.deliveredAt),
});

/** Alarms, the last raised first. */
export async function listAlarms(sql: postgres.Sql, query: AlarmQuery): Promise<Page<AlarmJson>> {
  const cursor = readCursor(query.cursor);
  const rows = await sql<AlarmRow[]>`
    ${select(sql)} where true ${allOf(sql, [
      query.state === 'open' ? sql`a.cleared_at is null` : null,
      query.state === 'past' ? sql`a.cleared_at is not null` : null,
      query.kind ? sql`a.kind = ${query.kind}` : null,
      query.severity ? sql`a.severity = ${query.severity}` : null,
      query.rule ? sql`a.data ->> 'ruleId' = ${query.rule}` : null,
      cursor ? sql`(a.raised_at, a.id) < (${cursor.at}, ${cursor.id})` : null,
    ])}
    order by a.raised_at desc, a.id desc limit ${query.limit + 1}`;
  return pageOf(rows, query.limit, (row) => ({ at: row.raisedAt, id: row.id }), show);
}

/** At most this many of the open ones are told live; a page of the API has the rest. */
const shownOpen = 100;

/** Those that are open, the ones that page first. */
export async function openAlarms(sql: postgres.Sql): Promise<AlarmJson[]> {
  const rows = await sql<AlarmRow[]>`
    ${select(sql)} where a.cleared_at is null
    order by a.severity = 'page' and a.acknowledged_at is null and a.snoozed_until is null desc, a.severity = 'page' desc, a.raised_at desc, a.id
    limit ${shownOpen}`;
  return rows.map(show);
}

export async function findAlarm(sql: postgres.Sql, id: string): Promise<AlarmJson | null> {
  const [row] = await sql<AlarmRow[]>`${select(sql)} where a.id = ${id}`;
  return row ? show(row) : null;
}
