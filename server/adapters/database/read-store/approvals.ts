import type postgres from 'postgres';
import type { ApprovalJson } from '../../../contract/index.ts';
import type { Page, PageQuery } from '../../../core/ports/paging.ts';
import { allOf, iso, isoOrNull, pageOf, readCursor } from './paging.ts';

export interface ApprovalQuery extends PageQuery {
  readonly state: 'open' | 'past' | 'all';
}

type Moments = 'askedAt' | 'expiresAt' | 'settledAt' | 'receiptUrl' | 'votes';
type ApprovalRow = Omit<ApprovalJson, Moments> & {
  askedAt: Date;
  expiresAt: Date;
  settledAt: Date | null;
  votes: ApprovalJson['votes'];
};

const select = (sql: postgres.Sql) => sql`
  select p.id, p.decision_id as "decisionId", p.signal_id as "signalId", p.account_id as "accountId", a.name as account, d.mode,
    p.strategy, p.symbol, p.side, trim_scale(p.quantity)::text as quantity, trim_scale(p.price)::text as price, p.sizing, p.asks,
    p.votes_needed as "votesNeeded", p.state, case when p.settled_at is null then 'held' when d.code is null then 'approved' else 'denied' end as outcome,
    case when p.settled_at is null then null else d.sentence end as sentence,
    p.asked_at as "askedAt", p.expires_at as "expiresAt", p.settled_at as "settledAt",
    (select coalesce(json_agg(json_build_object('voter', v.voter, 'name', v.name, 'verdict', v.verdict, 'reason', v.reason, 'at', v.at)
       order by v.at, v.voter), '[]') from approval_votes v where v.approval_id = p.id) as votes
  from approvals p join decisions d on d.id = p.decision_id join accounts a on a.id = p.account_id`;

const show = (row: ApprovalRow): ApprovalJson => ({
  ...row,
  receiptUrl: `/signals/${row.signalId}`,
  askedAt: iso(row.askedAt),
  expiresAt: iso(row.expiresAt),
  settledAt: isoOrNull(row.settledAt),
  votes: row.votes.map((vote) => ({ ...vote, at: iso(new Date(vote.at)) })),
});

/** What waits for a person, and what waited, the last asked first. */
export async function listApprovals(sql: postgres.Sql, query: ApprovalQuery): Promise<Page<ApprovalJson>> {
  const cursor = readCursor(query.cursor);
  const rows = await sql<ApprovalRow[]>`
    ${select(sql)} where true ${allOf(sql, [
      query.state === 'open' ? sql`p.settled_at is null` : null,
      query.state === 'past' ? sql`p.settled_at is not null` : null,
      cursor ? sql`(p.asked_at, p.id) < (${cursor.at}, ${cursor.id}::uuid)` : null,
    ])}
    order by p.asked_at desc, p.id desc limit ${query.limit + 1}`;
  return pageOf(rows, query.limit, (row) => ({ at: row.askedAt, id: row.id }), show);
}

/** At most this many are told live; a page of the API has the rest. */
const shownOpen = 100;

/** What is not settled yet, the one that ends first before the others. */
export async function openApprovals(sql: postgres.Sql): Promise<ApprovalJson[]> {
  const rows = await sql<ApprovalRow[]>`
    ${select(sql)} where p.settled_at is null order by p.expires_at, p.id limit ${shownOpen}`;
  return rows.map(show);
}

export async function findApproval(sql: postgres.Sql, id: string): Promise<ApprovalJson | null> {
  const [row] = await sql<ApprovalRow[]>`${select(sql)} where p.id = ${id}`;
  return row ? show(row) : null;
}

/** Those of one alert. */
export async function approvalsOfSignal(sql: postgres.Sql, signalId: string): Promise<ApprovalJson[]> {
  const rows = await sql<ApprovalRow[]>`${select(sql)} where p.signal_id = ${signalId} order by p.asked_at, p.id`;
  return rows.map(show);
}

/** How many wait for a person. */
export async function countOpenApprovals(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from approvals where settled_at is null and state = 'open'`;
  return row!.count;
}
