import type { QueueName } from '../../core/ports/job-queue.ts';
import type { JobClient } from './job-client.ts';

/** The first key of the advisory lock that every worker process holds ("sgbx"); the second is the hash of the schema's name. */
const lockClass = 0x73676278;

/** A worker that has not been heard of for so long is taken for dead. Heartbeats come every two seconds. */
const silentSeconds = 10;

/** A job whose worker is gone. */
export interface Orphan {
  readonly queue: QueueName;
  readonly id: string;
  /** Whether it was put back to waiting; otherwise it is of a queue whose jobs are tried once only. */
  readonly released: boolean;
}

/** Knows which workers live, by a lock that the database lets go of when a process dies, however it dies. */
export interface WorkerPresence {
  /** Shows that this process works. Called before the first job is fetched. */
  appear(): Promise<void>;
  /**
   * Puts jobs of dead workers back to waiting: all that started before this process appeared when it is the only worker, else
   * those whose worker has been silent for ten seconds. A run that was lost does not count as an attempt: its number, which names the
   * claim, goes up, and so does the job's limit.
   */
  releaseOrphans(queues: readonly QueueName[]): Promise<readonly Orphan[]>;
}

/** `client` must have a single connection and nobody else using it: the lock is the connection's. */
export function createWorkerPresence(client: JobClient, schema: string): WorkerPresence {
  let appearedAt: string | null = null;
  const table = client(schema);

  /** Again before each sweep: the lock is gone when the connection was lost in between. */
  async function holdLock(): Promise<void> {
    await client`
      SELECT pg_advisory_lock_shared(${lockClass}, hashtext(${schema}))
      WHERE NOT EXISTS (
        SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
          AND classid = ${lockClass} AND objid = (hashtext(${schema})::bigint & 4294967295)::oid
      )`;
  }

  return {
    async appear() {
      await holdLock();
      const [row] = await client<{ at: string }[]>`SELECT clock_timestamp()::text AS at`;
      appearedAt = row!.at;
    },
    async releaseOrphans(queues) {
      await holdLock();
      return client<Orphan[]>`
        WITH others AS (
          SELECT FROM pg_locks
          WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND classid = ${lockClass}
            AND objid = (hashtext(${schema})::bigint & 4294967295)::oid
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        ), orphans AS (
          SELECT name, id, retry_limit > 0 AS may_retry FROM ${table}.job
          WHERE name = ANY(${queues as QueueName[]}) AND state = 'active' AND group_id IS NOT NULL AND (
            (started_on < ${appearedAt}::text::timestamptz AND NOT EXISTS (SELECT FROM others))
            OR heartbeat_on < now() - ${silentSeconds} * interval '1 second'
          )
          FOR UPDATE SKIP LOCKED
        ), released AS (
          UPDATE ${table}.job j SET state = 'retry', start_after = now(), retry_limit = retry_limit + 1
          FROM orphans o WHERE j.name = o.name AND j.id = o.id AND o.may_retry
        )
        SELECT name AS queue, id, may_retry AS released FROM orphans`;
    },
  };
}
