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
    async again(claims) {
      try {
        // Cleared `started_on` is what keeps the next claim from counting as another attempt.
        await client`
          UPDATE ${client(schema)}.job j
          SET state = 'created', start_after = now() + c.after_ms * interval '1 millisecond', started_on = NULL
          FROM unnest(
            ${claims.map(({ id }) => id)}::uuid[],
            ${claims.map(({ retryCount }) => retryCount)}::int[],
            ${claims.map(({ afterMs }) => afterMs)}::float8[]
          ) AS c (id, retry_count, after_ms)
          WHERE j.name = ${queue} AND j.id = c.id AND j.state = 'active' AND j.retry_count = c.retry_count`;
      } catch (error) {
        if ((error as { code?: string }).code !== uniqueViolation) throw error;
        // A twin waits already under the key of one of them; it will do.
        if (claims.length === 1) await store.complete(claims);
        else for (const claim of claims) await store.again([claim]);
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
