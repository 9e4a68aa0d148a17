import type { Db, PgBoss } from 'pg-boss';
import type { QueueName } from '../../core/ports/job-queue.ts';
import type { JobClient } from './job-client.ts';
import type { PumpStore } from './pump.ts';
import { queuePolicies } from './queue-policy.ts';

/** A unique key of `short` queues: another job with the same key waits already. */
const uniqueViolation = '23505';

/** pg-boss' own fetch, complete and fail for one queue, over prepared statements. */
export function bossStore(boss: PgBoss, queue: QueueName, client: JobClient, db: Db, schema: string): PumpStore {
  const store: PumpStore = {
    async fetch(limit) {
      const jobs = await boss.fetch<object>(queue, { batchSize: limit, includeMetadata: true, db });
      const attempts = queuePolicies[queue].retryLimit ?? 0;
      return jobs.map(({ id, data, retryCount, retryLimit }) => ({
        ...{ id, data, retryCount },
        lost: Math.max(0, retryLimit - attempts),
      }));
    },
    async complete(claims) {
      await boss.complete(queue, [...claims], null, { db });
    },
    async again(claim, afterMs) {
      try {
        // Cleared `started_on` is what keeps the next claim from counting as another attempt.
        await client`
          UPDATE ${client(schema)}.job
          SET state = 'created', start_after = now() + ${afterMs}::float8 * interval '1 millisecond', started_on = NULL
          WHERE name = ${queue} AND id = ${claim.id} AND state = 'active' AND retry_count = ${claim.retryCount}`;
      } catch (error) {
        if ((error as { code?: string }).code !== uniqueViolation) throw error;
        await store.complete([claim]);
      }
    },
    async fail(claim, problem, final) {
      // With no attempt left it goes to the dead letters. Were we to die in between, whoever takes the job over fails it the same way.
      if (final)
        await client`
          UPDATE ${client(schema)}.job SET retry_limit = retry_count
          WHERE name = ${queue} AND id = ${claim.id} AND state = 'active' AND retry_count = ${claim.retryCount}`;
      await boss.fail(queue, [claim], { message: problem }, { db });
    },
  };
  return store;
}
