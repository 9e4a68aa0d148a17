import type postgres from 'postgres';

/** Facts that are deleted at a time: a long delete would hold up nobody, but it would hold back the clean-up of what it deleted. */
const atOnce = 5000;

/** Deletes what decisions from before a moment were made on; the decisions stay. Answers how many. */
export async function forgetFacts(sql: postgres.Sql, before: Date): Promise<number> {
  for (let forgotten = 0; ; ) {
    const { count } = await sql`
      delete from decision_facts where decision_id in (
        select decision_id from decision_facts where decided_at < ${before} order by decided_at limit ${atOnce})`;
    forgotten += count;
    if (count < atOnce) return forgotten;
  }
}
