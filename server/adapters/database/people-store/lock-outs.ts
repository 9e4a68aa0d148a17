import type postgres from 'postgres';
import type { LockOuts } from '../../../core/ports/lock-outs.ts';

/** Counts in PostgreSQL, so that any number of processes count together, and a restart forgets nothing. */
export function createLockOuts({ sql }: { readonly sql: postgres.Sql }): LockOuts {
  return {
    async count(subject, { failures, firstSeconds, mostSeconds, forgetSeconds }, now) {
      const forgotten = new Date(now.getTime() - forgetSeconds * 1000);
      // What nobody tried for so long says nothing any more, and must not pile up.
      await sql`delete from auth_lockouts where last_failed_at < ${forgotten} and coalesce(locked_until, ${now}) <= ${now}`;
      const [counted] = await sql<{ locked_until: Date | null }[]>`
        insert into auth_lockouts as known (subject, failures, last_failed_at, locked_until)
        values (${subject}, 1, ${now}, ${failures <= 1 ? new Date(now.getTime() + firstSeconds * 1000) : null})
        on conflict (subject) do update set
          failures = known.failures + 1,
          last_failed_at = ${now},
          locked_until = case when known.failures + 1 >= ${failures}::int then ${now}::timestamptz + least(
            ${mostSeconds}::float8, ${firstSeconds}::float8 * power(2, least(known.failures + 1 - ${failures}::int, 30))
          ) * interval '1 second' end
        where known.locked_until is null or known.locked_until <= ${now}
        returning locked_until`;
      if (counted) return { open: true, until: counted.locked_until };
      const [locked] = await sql<{ locked_until: Date | null }[]>`
        select locked_until from auth_lockouts where subject = ${subject}`;
      return { open: false, until: locked?.locked_until ?? now };
    },
    async takeBack(subject) {
      await sql`delete from auth_lockouts where subject = ${subject} and failures = 1`;
      await sql`
        update auth_lockouts set failures = failures - 1, locked_until = null where subject = ${subject} and failures > 1`;
    },
    async forget(subject) {
      return (await sql`delete from auth_lockouts where subject = ${subject}`).count > 0;
    },
  };
}
