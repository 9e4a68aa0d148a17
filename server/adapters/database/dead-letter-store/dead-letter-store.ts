import type postgres from 'postgres';
import type { DeadLetter, DeadLetterCount, DeadLetters, FailingJobs } from '../../../core/ports/dead-letters.ts';
import { deadLetterOf, type Jobs, type JobWriter, type QueueName, queueNames } from '../../../core/ports/job-queue.ts';
import { appendEvents } from '../event-reader/append-events.ts';
import { allOf, pageOf, readCursor } from '../read-store/paging.ts';

export interface DeadLetterStoreOptions {
  readonly sql: postgres.Sql;
  /** Writes the jobs that are sent again, and has them looked at. */
  readonly jobs: JobWriter & { kick(queue: QueueName): void };
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}

/** Where the queue keeps its jobs. */
const table = 'pgboss.job';
const deadQueues = queueNames.map(deadLetterOf);
const queueOf = (name: string): QueueName => queueNames.find((queue) => deadLetterOf(queue) === name)!;

interface Row {
  id: string;
  name: string;
  data: unknown;
  output: { message?: unknown } | null;
  retries: number | null;
  enqueuedAt: Date | null;
  diedAt: Date;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const problemOf = (output: Row['output']): string =>
  typeof output?.message === 'string' ? output.message : 'It is not known what it failed of.';

const show = (row: Row): DeadLetter => ({
  id: row.id,
  queue: queueOf(row.name),
  data: isRecord(row.data) ? row.data : { value: row.data },
  problem: problemOf(row.output),
  attempts: (row.retries ?? 0) + 1,
  enqueuedAt: row.enqueuedAt ?? row.diedAt,
  diedAt: row.diedAt,
});

/** The queue's dead letters in PostgreSQL. They are the queue's own rows: what is gone from here is in its queue again, or discarded. */
export function createDeadLetterStore({ sql, jobs, committed }: DeadLetterStoreOptions): DeadLetters {
  const columns = sql`
    id, name, data, coalesce(source_output, output) as output, source_retry_count as retries,
    source_created_on as "enqueuedAt", created_on as "diedAt"`;
  const dead = sql(table);

  /** Takes the row out, which only one can. */
  const take = (tx: postgres.TransactionSql, letter: DeadLetter) =>
    tx`delete from ${dead} where name = ${deadLetterOf(letter.queue)} and id = ${letter.id} and state < 'active' returning id`;

  const orderOf = (
    data: Readonly<Record<string, unknown>>,
  ): { orderId?: string; signalId?: string; accountId?: string } =>
    Object.fromEntries(
      (['orderId', 'signalId', 'accountId'] as const)
        .map((field) => [field, data[field]] as const)
        .filter(([, value]) => typeof value === 'string' && /^[0-9a-f-]{36}$/i.test(value)),
    );

  return {
    async list(query) {
      const cursor = readCursor(query.cursor);
      const names = query.queue ? [deadLetterOf(query.queue)] : deadQueues;
      const rows = await sql<Row[]>`
        select ${columns} from ${dead}
        where name = any(${names}) and state < 'active' ${allOf(sql, [
          cursor ? sql`(date_trunc('milliseconds', created_on), id) < (${cursor.at}, ${cursor.id})` : null,
        ])}
        order by date_trunc('milliseconds', created_on) desc, id desc limit ${query.limit + 1}`;
      return pageOf(rows, query.limit, (row) => ({ at: row.diedAt, id: row.id }), show);
    },

    async find(id) {
      const [row] = await sql<Row[]>`
        select ${columns} from ${dead} where name = any(${deadQueues}) and id = ${id} and state < 'active'`;
      return row ? show(row) : null;
    },

    async resend(letter, data, by) {
      const jobId = await sql.begin(async (tx) => {
        if ((await take(tx, letter)).length === 0) return null;
        const job = jobs.insert(letter.queue, [{ data: data as Jobs[QueueName] }]);
        const [inserted] = await tx.unsafe<{ id: string }[]>(job.text, job.values as never[]);
        if (!inserted) throw new Error(`the job ${letter.id} could not be put back`);
        const repaired = JSON.stringify(data) !== JSON.stringify(letter.data);
        await appendEvents(tx, [
          {
            kind: 'job.resent',
            ...orderOf(data),
            data: {
              queue: letter.queue,
              deadLetterId: letter.id,
              jobId: inserted.id,
              problem: letter.problem,
              attempts: letter.attempts,
              data,
              ...(repaired ? { before: letter.data } : {}),
              by,
            },
          },
        ]);
        return inserted.id;
      });
      if (jobId === null) return null;
      jobs.kick(letter.queue);
      committed?.();
      return jobId;
    },

    async discard(letter, reason, by) {
      const discarded = await sql.begin(async (tx) => {
        if ((await take(tx, letter)).length === 0) return false;
        const { queue, problem, attempts, data, id } = letter;
        await appendEvents(tx, [
          {
            kind: 'job.discarded',
            ...orderOf(data),
            data: { queue, deadLetterId: id, problem, attempts, data, reason, by },
          },
        ]);
        return true;
      });
      if (discarded) committed?.();
      return discarded;
    },

    async count() {
      const rows = await sql<(Row & { count: number })[]>`
        select distinct on (name) ${columns}, (count(*) over (partition by name))::int as count from ${dead}
        where name = any(${deadQueues}) and state < 'active' order by name, created_on desc, id desc`;
      return rows.map(({ count, ...row }): DeadLetterCount => ({ queue: queueOf(row.name), count, newest: show(row) }));
    },

    async failing(leastAttempts) {
      const rows = await sql<
        { name: QueueName; count: number; retries: number; output: Row['output']; data: unknown }[]
      >`
        select distinct on (name) name, (count(*) over (partition by name))::int as count, retries, output, data
        from (
          -- A limit above the queue's counts the runs whose process died: they did not fail.
          select j.id, j.name, j.output, j.data, j.retry_count - greatest(0, j.retry_limit - q.retry_limit) as retries
          from ${dead} j join pgboss.queue q on q.name = j.name
          where j.name = any(${[...queueNames]}) and j.state = 'retry'
        ) waiting
        where retries + 1 >= ${leastAttempts}
        order by name, retries desc, id`;
      return rows.map(
        (row): FailingJobs => ({
          queue: row.name,
          count: row.count,
          attempts: row.retries + 1,
          problem: problemOf(row.output),
          data: isRecord(row.data) ? row.data : { value: row.data },
        }),
      );
    },
  };
}
