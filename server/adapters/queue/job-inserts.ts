import type { PgBoss } from 'pg-boss';
import type { JobInsert, JobStatements, Jobs, JobWriter, QueueName } from '../../core/ports/job-queue.ts';
import { queueNames } from '../../core/ports/job-queue.ts';
import type { Random } from '../../core/ports/random.ts';

/** Where pg-boss' own insert takes its jobs from. */
const parameter = '$1::text::json';

/**
 * Every job is in one group: the group is how pg-boss indexes active jobs, and without it each look for jobs of dead workers
 * would read all the done ones. It has no other effect, for nothing is fetched with a limit a group.
 */
const group = { from: '"groupId" as group_id', to: `'signalbox' as group_id` };

/**
 * pg-boss' own insert of each queue, as text: asked for once through its `db` option, so that it can be part of somebody else's
 * transaction, or of one statement, without a round trip of its own.
 */
export async function createJobInserts(boss: PgBoss, random: Pick<Random, 'id'>): Promise<JobWriter & JobStatements> {
  const texts = new Map<QueueName, string>();
  for (const queue of queueNames) texts.set(queue, await insertText(boss, queue));
  const textOf = (queue: QueueName): string => texts.get(queue)!;
  return {
    insert<Q extends QueueName>(
      queue: Q,
      jobs: readonly { data: Jobs[Q]; startAfterMs?: number; key?: string; urgent?: boolean }[],
    ): JobInsert {
      const rows = jobs.map((job) => ({
        data: job.data,
        // The queues hold keys unique while a job waits; a job without one must not be held up by another.
        singletonKey: job.key ?? random.id(),
        ...(job.urgent ? { priority: 1 } : {}),
        ...(job.startAfterMs === undefined ? {} : { startAfter: `${job.startAfterMs / 1000} seconds` }),
      }));
      return { text: textOf(queue), values: [JSON.stringify(rows)] };
    },
    insertFrom(queue, jobs) {
      return textOf(queue).replace(parameter, () => jobs);
    },
  };
}

async function insertText(boss: PgBoss, queue: QueueName): Promise<string> {
  let text = '';
  const db = {
    async executeSql(statement: string) {
      text = statement;
      return { rows: [] };
    },
  };
  await boss.insert(queue, [{ data: {} }], { db, returnId: true });
  if (text.split(parameter).length !== 2 || text.split(group.from).length !== 2 || text.includes('$2')) {
    throw new Error(`pg-boss' insert is not what this version was written for: ${text}`);
  }
  return text.replace(group.from, group.to);
}
