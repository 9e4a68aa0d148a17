import type { Sql } from './connect.ts';

/** Longer than a client leaves a connection open that says nothing (attentive-socket.ts), in seconds. */
const abandonedSeconds = 15;
/** How often to look, in milliseconds. */
export const abandonedLookMs = 5000;

/**
 * Ends connections of ours whose client is gone without a word in the middle of a message: the database has the first part of it, has taken the
 * locks, and waits for the rest. To it the statement is still running, so that neither the limit for idle transactions nor the one for statements
 * counts, and the locks would be held until TCP gives up. Answers how many.
 */
export async function endAbandoned(sql: Sql): Promise<number> {
  const ended = await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and application_name like 'signalbox%'
      and state = 'active' and wait_event = 'ClientRead'
      and query_start < clock_timestamp() - make_interval(secs => ${abandonedSeconds})`;
  return ended.length;
}
