import type postgres from 'postgres';
import type { DecisionJson } from '../../../contract/index.ts';
import type { RuleVerdict } from '../../../core/model/decision.ts';
import type { Page, PageQuery } from '../../../core/ports/paging.ts';
import type { DecidedCount, DecisionFilter } from '../../../core/ports/verdict-counts.ts';
import { allOf, iso, pageOf, readCursor } from './paging.ts';

export type DecisionQuery = PageQuery & DecisionFilter;

interface DecisionRow extends Omit<DecisionJson, 'startedAt' | 'decidedAt'> {
  startedAt: Date;
  decidedAt: Date;
}

const columns = (sql: postgres.Sql) => sql`
  d.id, d.signal_id as "signalId", s.ticker, coalesce(s.parsed ->> 'action', s.side) as action, s.side, s.strategy, d.account_id as "accountId", a.name as account, trim_scale(d.weight)::text as weight, d.shadow, d.mode,
  d.mode_reasons as "modeReasons", d.intent, d.outcome, d.code, d.sentence, trim_scale(d.quantity)::text as quantity, d.sizing,
  d.verdicts, d.sequence, d.quote, d.started_at as "startedAt", d.decided_at as "decidedAt"
  from decisions d join trading_signals s on s.id = d.signal_id left join accounts a on a.id = d.account_id`;

const show = (row: DecisionRow): DecisionJson => ({
  ...row,
  startedAt: iso(row.startedAt),
  decidedAt: iso(row.decidedAt),
});

const breaches = ['deny', 'ask', 'reduce', 'warn'] as const satisfies RuleVerdict['verdict'][];
const kinds = [...breaches, 'pass', 'not_applicable'] as const satisfies RuleVerdict['verdict'][];

/** The sets of verdicts in which a rule, or any, said this; null: it is not asked for. There are few, and each decision names its own. */
async function patternsOf(sql: postgres.Sql, { rule, verdict }: DecisionFilter): Promise<string[] | null> {
  if (rule === undefined && verdict === undefined) return null;
  const wanted = verdict === undefined ? kinds : verdict === 'breach' ? breaches : [verdict];
  const rows =
    rule === undefined
      ? await sql<{ id: string }[]>`
          select id from verdict_patterns
          where exists (select from unnest(verdicts) said where split_part(said, ':', 2) in ${sql([...wanted])})`
      : await sql<{ id: string }[]>`
          select id from verdict_patterns where verdicts && ${wanted.map((one) => `${rule}:${one}`)}::text[]`;
  return rows.map((row) => row.id);
}

/** The statement of a page, so that a test can ask the database how it goes about it. */
export function decisionsPage(sql: postgres.Sql, query: DecisionQuery, patterns: readonly string[] | null) {
  const after = readCursor(query.cursor);
  return sql<DecisionRow[]>`
    select ${columns(sql)}
    where true ${allOf(sql, [
      query.outcome ? sql`d.outcome = ${query.outcome}` : null,
      patterns ? sql`d.pattern_id = any(${[...patterns]}::uuid[])` : null,
      query.code ? sql`d.code = ${query.code}` : null,
      query.symbol ? sql`s.ticker = ${query.symbol.toUpperCase()}` : null,
      query.strategy ? sql`s.strategy = ${query.strategy}` : null,
      query.accountId ? sql`d.account_id = ${query.accountId}` : null,
      query.mode ? sql`d.mode = ${query.mode}` : null,
      query.from ? sql`d.decided_at >= ${query.from}` : null,
      query.to ? sql`d.decided_at < ${query.to}` : null,
      after ? sql`(d.decided_at, d.id) < (${after.at}, ${after.id}::uuid)` : null,
    ])}
    order by d.decided_at desc, d.id desc limit ${query.limit + 1}`;
}

export async function listDecisions(sql: postgres.Sql, query: DecisionQuery): Promise<Page<DecisionJson>> {
  const patterns = await patternsOf(sql, query);
  if (patterns?.length === 0) return { items: [], next: null };
  const rows = await decisionsPage(sql, query, patterns);
  return pageOf(rows, query.limit, (row) => ({ at: row.decidedAt, id: row.id }), show);
}

export async function findDecisions(sql: postgres.Sql, signalIds: readonly string[]): Promise<DecisionJson[]> {
  if (signalIds.length === 0) return [];
  const rows = await sql<DecisionRow[]>`select ${columns(sql)} where d.signal_id in ${sql(signalIds)}
    order by d.shadow, array_position(array['approved', 'held', 'denied'], d.outcome), d.decided_at, d.id`;
  return rows.map(show);
}

/** The statement of the counts, from an index alone. */
export const decidedBetween = (sql: postgres.Sql, from: Date, to: Date) => sql<
  { patternId: string; outcome: DecidedCount['outcome']; code: DecidedCount['code']; count: number }[]
>`
  select pattern_id as "patternId", outcome, code, count(*)::int as count from decisions
  where decided_at >= ${from} and decided_at < ${to} group by 1, 2, 3`;

/** How many decisions were given which verdicts, from one moment up to but not including another. */
export async function countDecisions(sql: postgres.Sql, from: Date, to: Date): Promise<DecidedCount[]> {
  const counts = await decidedBetween(sql, from, to);
  const ids = [...new Set(counts.map((row) => row.patternId))];
  const patterns =
    ids.length === 0
      ? []
      : await sql<{ id: string; verdicts: string[] }[]>`
          select id, verdicts from verdict_patterns where id = any(${ids}::uuid[])`;
  const known = new Map(patterns.map(({ id, verdicts }) => [id, verdicts.map(toSaid)]));
  return counts.map(({ patternId, outcome, code, count }) => ({
    ...{ outcome, code, count },
    verdicts: known.get(patternId) ?? [],
  }));
}

/** Rules' keys have no colon. */
function toSaid(said: string): DecidedCount['verdicts'][number] {
  const [rule = '', verdict = ''] = said.split(':');
  return { rule, verdict: verdict as RuleVerdict['verdict'] };
}
