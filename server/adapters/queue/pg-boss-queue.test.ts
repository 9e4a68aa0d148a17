import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Clock } from '../../core/ports/clock.ts';
import { UnprocessableJob } from '../../core/ports/job-data.ts';
import type { JobOutcome, QueueName } from '../../core/ports/job-queue.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { systemClock } from '../clock/system-clock.ts';
import { systemRandom } from '../clock/system-random.ts';
import { createPgBossQueue, type PgBossQueue } from './pg-boss-queue.ts';

let database: TestDatabase;
const done: JobOutcome = { kind: 'done' };

beforeAll(async () => {
  database = await createTestDatabase();
  await (await open()).stop();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.sql`DELETE FROM pgboss.job`;
});

/** An id that is a name of up to 16 letters, so that tests can tell jobs apart. */
const idOf = (name: string): string =>
  Buffer.from(name)
    .toString('hex')
    .padEnd(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const nameOf = (id: string): string => Buffer.from(id.replaceAll('-', ''), 'hex').toString().replaceAll('\0', '');

async function open(clock: Clock = systemClock): Promise<PgBossQueue & AsyncDisposable> {
  const options = { url: database.url, clock, random: systemRandom, log: createRecordedLog() };
  const queue = await createPgBossQueue(options);
  const work = queue.work.bind(queue);
  return Object.assign(queue, {
    work: ((name, how, handler) =>
      work(name, how, (data, job) =>
        handler('orderId' in data ? { ...data, orderId: nameOf(data.orderId) } : data, job),
      )) as PgBossQueue['work'],
    [Symbol.asyncDispose]: () => queue.stop(),
  });
}

async function enqueue(
  queue: PgBossQueue,
  ids: readonly string[],
  options: { key?: string; startAfterMs?: number } = {},
) {
  const { text, values } = queue.insert(
    'order.lookup',
    ids.map((name) => ({ data: { orderId: idOf(name) }, ...options })),
  );
  await database.sql.unsafe(text, [...values] as string[]);
}

/** Collects what a handler was given, and lets the test wait for it. */
function collector<T>() {
  const items: T[] = [];
  const waits: { count: number; resolve: () => void }[] = [];
  return {
    items,
    add(item: T) {
      items.push(item);
      for (const wait of waits) if (items.length >= wait.count) wait.resolve();
    },
    until(count: number): Promise<void> {
      if (items.length >= count) return Promise.resolve();
      return new Promise((resolve) => waits.push({ count, resolve }));
    },
  };
}

const states = async () =>
  (await database.sql`SELECT state::text, retry_count FROM pgboss.job WHERE name = 'order.lookup' ORDER BY id`).map(
    (row) => [row.state, row.retry_count],
  );
/** Each question is a round trip to the database, so this does not spin. */
async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}
const allStates = (state: string) => async () => (await states()).every(([s]) => s === state);

/** A job that a process which is no more was running. */
const abandon = () => database.sql`
  UPDATE pgboss.job SET state = 'active', started_on = now() - interval '1 second', heartbeat_on = now()
  WHERE name = 'order.lookup'`;

describe('starting jobs', () => {
  test('many jobs of one insert all start with one kick', async () => {
    await using queue = await open();
    const seen = collector<string>();
    const gate = Promise.withResolvers<void>();
    queue.work('order.lookup', { concurrency: 100 }, async ({ orderId }) => {
      seen.add(orderId);
      await gate.promise;
      return done;
    });
    const ids = Array.from({ length: 30 }, (_, i) => `order-${i}`);
    await enqueue(queue, ids);
    queue.kick('order.lookup');
    await seen.until(30);
    gate.resolve();
    expect([...seen.items].sort()).toEqual([...ids].sort());
    await waitFor(allStates('completed'));
  });

  test('never more at once than asked for, and a slow one holds up none of the others', async () => {
    await using queue = await open();
    const seen = collector<string>();
    const slow = Promise.withResolvers<void>();
    const full = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    queue.work('order.lookup', { concurrency: 3 }, async ({ orderId }) => {
      most = Math.max(most, ++running);
      if (running === 3) full.resolve();
      await full.promise;
      if (orderId === 'slow') await slow.promise;
      running--;
      seen.add(orderId);
      return done;
    });
    await enqueue(queue, ['slow', ...Array.from({ length: 20 }, (_, i) => `quick-${i}`)]);
    queue.kick('order.lookup');
    await seen.until(20);
    expect(seen.items).not.toContain('slow');
    slow.resolve();
    await seen.until(21);
    expect(most).toBe(3);
  });

  test('what is urgent starts before what has waited longer', async () => {
    await using queue = await open();
    await enqueue(queue, ['first', 'second', 'third']);
    const { text, values } = queue.insert('order.lookup', [{ data: { orderId: idOf('exit') }, urgent: true }]);
    await database.sql.unsafe(text, [...values] as string[]);
    const seen = collector<string>();
    queue.work('order.lookup', { concurrency: 1 }, async ({ orderId }) => {
      seen.add(orderId);
      return done;
    });
    queue.kick('order.lookup');
    await seen.until(4);
    expect(seen.items).toEqual(['exit', 'first', 'second', 'third']);
  });

  test('a kick in one process wakes the worker of another', async () => {
    // No timer of its own has this one look.
    await using worker = await open({ ...systemClock, every: () => ({ cancel() {} }) });
    await using intake = await open();
    const seen = collector<string>();
    worker.work('order.lookup', { concurrency: 1 }, async ({ orderId }) => {
      seen.add(orderId);
      return done;
    });
    await enqueue(worker, ['first']);
    await seen.until(1);
    for (let i = 1; i <= 5; i++) {
      await enqueue(intake, [`elsewhere-${i}`]);
      intake.kick('order.lookup');
      await seen.until(1 + i);
    }
  });

  test('a job without any kick starts all the same', async () => {
    await using queue = await open();
    const seen = collector<string>();
    queue.work('order.lookup', { concurrency: 1 }, async ({ orderId }) => {
      seen.add(orderId);
      return done;
    });
    await enqueue(queue, ['at the start']);
    await seen.until(1);
    await enqueue(queue, ['unannounced']);
    await seen.until(2);
  });

  test('two waiting jobs of one key are one; jobs without a key are not', async () => {
    await using queue = await open();
    await enqueue(queue, ['a', 'b'], { key: 'same' });
    await enqueue(queue, ['c'], { key: 'same' });
    expect((await queue.depth())['order.lookup'].waiting).toBe(1);
    await enqueue(queue, ['d', 'e']);
    expect((await queue.depth())['order.lookup'].waiting).toBe(3);
  });

  test('looking for lost jobs and counting them reads none of the done ones', async () => {
    await using queue = await open();
    await enqueue(
      queue,
      Array.from({ length: 3000 }, (_, i) => `done-${i}`),
    );
    await database.sql`UPDATE pgboss.job SET state = 'completed', completed_on = now() WHERE name = 'order.lookup'`;
    await enqueue(queue, ['waiting', 'running']);
    await database.sql`UPDATE pgboss.job SET state = 'active' WHERE data->>'orderId' = ${idOf('running')}`;
    await database.sql`ANALYZE pgboss.job_common`;
    expect((await queue.depth())['order.lookup']).toEqual({ waiting: 1, active: 1, failed: 0 });
    const [plan] = await database.sql`
      EXPLAIN (FORMAT JSON) SELECT FROM pgboss.job WHERE name = 'order.lookup' AND state = 'active' AND group_id IS NOT NULL`;
    expect(JSON.stringify(plan)).toContain('job_common_i7');
  });

  test('jobs of a statement that is rolled back never were', async () => {
    await using queue = await open();
    const { text, values } = queue.insert('order.lookup', [{ data: { orderId: idOf('x') } }]);
    const change = database.sql.begin(async (tx) => {
      await tx.unsafe(text, [...values] as string[]);
      throw new Error('changed our mind');
    });
    await expect(change).rejects.toThrow('changed our mind');
    expect((await queue.depth())['order.lookup'].waiting).toBe(0);
  });
});

describe('outcomes', () => {
  test('a job that throws is tried again, and counts its attempts', async () => {
    await using queue = await open();
    const seen = collector<number>();
    queue.work('order.lookup', { concurrency: 1 }, async (_, { attempt }) => {
      seen.add(attempt);
      if (attempt === 1) throw new Error('not yet');
      return done;
    });
    await enqueue(queue, ['fails-once']);
    queue.kick('order.lookup');
    await seen.until(1);
    await waitFor(allStates('retry'));
    const [job] =
      await database.sql`SELECT output, start_after > now() AS later FROM pgboss.job WHERE name = 'order.lookup'`;
    expect(job).toEqual({ output: { message: 'not yet' }, later: true });
    await database.sql`UPDATE pgboss.job SET start_after = now() WHERE name = 'order.lookup'`;
    queue.kick('order.lookup');
    await seen.until(2);
    expect(seen.items).toEqual([1, 2]);
    await waitFor(allStates('completed'));
  });

  test('a job whose attempts are used up is kept as dead, and counted', async () => {
    await using queue = await open();
    const seen = collector<number>();
    const { text, values } = queue.insert('signal.process', [{ data: { signalId: idOf('poison') } }]);
    await database.sql.unsafe(text, [...values] as string[]);
    await database.sql`UPDATE pgboss.job SET retry_count = retry_limit, started_on = NULL WHERE name = 'signal.process'`;
    queue.work('signal.process', { concurrency: 1 }, async (_, { attempt }) => {
      seen.add(attempt);
      throw new Error('poison');
    });
    await seen.until(1);
    await waitFor(async () => (await queue.depth())['signal.process'].failed === 1);
    const [dead] = await database.sql`SELECT data FROM pgboss.job WHERE name = 'signal.process.dead'`;
    expect(dead?.data).toEqual({ signalId: idOf('poison') });
  });

  test('a job that nothing can make of its data is given up at once, whatever its queue, and says why', async () => {
    await using queue = await open();
    const { text, values } = queue.insert('order.submit', [{ data: { orderId: 'the third one' } }]);
    await database.sql.unsafe(text, [...values] as string[]);
    const handled = vi.fn(async () => done);
    queue.work('order.submit', { concurrency: 1 }, handled);
    queue.kick('order.submit');
    await waitFor(async () => (await queue.depth())['order.submit'].failed === 1);
    const [dead] = await database.sql`
      SELECT data, source_output->>'message' AS problem, source_retry_count AS retries FROM pgboss.job
      WHERE name = 'order.submit.dead'`;
    expect(dead).toEqual({
      data: { orderId: 'the third one' },
      problem: 'Its data cannot be processed: orderId: expected an id.',
      retries: 0,
    });
    expect(handled).not.toHaveBeenCalled();
  });

  test('so is one whose handler says that it can never be carried out', async () => {
    await using queue = await open();
    await enqueue(queue, ['gone']);
    let attempts = 0;
    queue.work('order.lookup', { concurrency: 1 }, async () => {
      attempts++;
      throw new UnprocessableJob('There is no such order.');
    });
    queue.kick('order.lookup');
    await waitFor(async () => (await queue.depth())['order.lookup'].failed === 1);
    expect(attempts).toBe(1);
  });

  test('orders are not given up', async () => {
    await using queue = await open();
    await enqueue(queue, ['x']);
    const [job] = await database.sql`SELECT retry_limit, retry_delay_max FROM pgboss.job WHERE name = 'order.lookup'`;
    expect(job).toEqual({ retry_limit: 1_000_000, retry_delay_max: 30 });
  });

  test('"again" comes back after its time, as the same attempt, and keeps its key', async () => {
    await using queue = await open();
    const seen = collector<{ attempt: number; atMs: number }>();
    queue.work('order.lookup', { concurrency: 1 }, async (_, { attempt }) => {
      seen.add({ attempt, atMs: systemClock.monotonicMs() });
      return seen.items.length < 3 ? { kind: 'again', afterMs: 60 } : done;
    });
    await enqueue(queue, ['patient'], { key: 'patient' });
    queue.kick('order.lookup');
    await seen.until(3);
    expect(seen.items.map((s) => s.attempt)).toEqual([1, 1, 1]);
    expect(seen.items[1]!.atMs - seen.items[0]!.atMs).toBeGreaterThanOrEqual(59);
    // Without a timer of its own the job would wait for the floor timer, a second.
    expect(seen.items[2]!.atMs - seen.items[0]!.atMs).toBeLessThan(900);
    await waitFor(allStates('completed'));
  });

  test('"again" with a twin waiting under its key is done: the twin will do', async () => {
    await using queue = await open();
    const seen = collector<string>();
    const gate = Promise.withResolvers<void>();
    queue.work('order.lookup', { concurrency: 1 }, async ({ orderId }) => {
      seen.add(orderId);
      if (seen.items.length > 1) return done;
      await gate.promise;
      return { kind: 'again', afterMs: 0 };
    });
    await enqueue(queue, ['first'], { key: 'k' });
    queue.kick('order.lookup');
    await seen.until(1);
    await enqueue(queue, ['twin'], { key: 'k' });
    gate.resolve();
    await waitFor(allStates('completed'));
    expect(seen.items).toEqual(['first', 'twin']);
  });
});

describe('after a crash', () => {
  test('what a dead process was running starts at once', async () => {
    await using queue = await open();
    await enqueue(queue, ['orphan-1', 'orphan-2']);
    await abandon();
    const seen = collector<[string, number, number]>();
    const startedMs = systemClock.monotonicMs();
    queue.work('order.lookup', { concurrency: 4 }, async ({ orderId }, { attempt, lost }) => {
      seen.add([orderId, attempt, lost]);
      return done;
    });
    await seen.until(2);
    expect(systemClock.monotonicMs() - startedMs).toBeLessThan(900);
    expect(seen.items.map(([id]) => id).sort()).toEqual(['orphan-1', 'orphan-2']);
    expect(seen.items.map(([, attempt, lost]) => [attempt, lost])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test('however often its process dies, a job keeps its attempts', async () => {
    const table = () =>
      database.sql`SELECT state, retry_count, retry_limit FROM pgboss.job WHERE name = 'signal.process'`;
    const seen = collector<[number, number]>();
    const deaths = 12;
    for (let death = 0; death <= deaths; death++) {
      await using queue = await open();
      if (death === 0) {
        const { text, values } = queue.insert('signal.process', [{ data: { signalId: idOf('signal') } }]);
        await database.sql.unsafe(text, [...values] as string[]);
      } else {
        // As the one before left it, had it been killed: it is at work, and nobody holds its lock.
        await database.sql`
          UPDATE pgboss.job SET state = 'active', started_on = now() - interval '1 second', heartbeat_on = now()
          WHERE name = 'signal.process'`;
      }
      queue.work('signal.process', { concurrency: 1 }, async (_, { attempt, lost }) => {
        seen.add([attempt, lost]);
        return { kind: 'again', afterMs: 3_600_000 };
      });
      await seen.until(death + 1);
      await queue.stop();
    }
    expect(seen.items.at(-1)).toEqual([1, deaths]);
    expect(await table()).toEqual([{ state: 'created', retry_count: deaths, retry_limit: 9 + deaths }]);
  });

  test('what a living process runs is left to it', async () => {
    await using living = await open();
    await using starting = await open();
    const gate = Promise.withResolvers<void>();
    const seen = collector<string>();
    const handler = (name: string) => async () => {
      seen.add(name);
      await gate.promise;
      return done;
    };
    living.work('order.lookup', { concurrency: 1 }, handler('living'));
    await enqueue(living, ['mine']);
    living.kick('order.lookup');
    await seen.until(1);
    starting.work('order.lookup', { concurrency: 1 }, handler('starting'));
    await enqueue(starting, ['other']);
    starting.kick('order.lookup');
    // The newcomer has looked for orphans before it could take this one.
    await seen.until(2);
    expect(seen.items).toEqual(['living', 'starting']);
    gate.resolve();
    await waitFor(allStates('completed'));
    expect(seen.items).toHaveLength(2);
  });

  test('a silent process loses its jobs even while another lives, and cannot settle them late', async () => {
    await using living = await open();
    await using other = await open();
    const seen = collector<number>();
    const gate = Promise.withResolvers<void>();
    other.work('order.submit', { concurrency: 1 }, async () => done);
    living.work('order.lookup', { concurrency: 2 }, async (_, { lost }) => {
      seen.add(lost);
      if (lost === 0) {
        await gate.promise;
        throw new Error('too late to matter');
      }
      return done;
    });
    await enqueue(living, ['stuck']);
    living.kick('order.lookup');
    await seen.until(1);
    await waitFor(async () => {
      await database.sql`UPDATE pgboss.job SET heartbeat_on = now() - interval '11 seconds' WHERE name = 'order.lookup' AND retry_count = 0`;
      return seen.items.length === 2;
    });
    await waitFor(allStates('completed'));
    gate.resolve();
    await living.stop();
    expect(await states()).toEqual([['completed', 1]]);
  });
});

test('stopping lets what runs end, and takes nothing more', async () => {
  const queue = await open();
  const seen = collector<string>();
  const gate = Promise.withResolvers<void>();
  queue.work('order.lookup', { concurrency: 1 }, async ({ orderId }) => {
    seen.add(orderId);
    await gate.promise;
    return done;
  });
  await enqueue(queue, ['running', 'waiting']);
  queue.kick('order.lookup');
  await seen.until(1);
  const stopped = queue.stop();
  gate.resolve();
  await stopped;
  expect(seen.items).toHaveLength(1);
  expect((await states()).map(([state]) => state).sort()).toEqual(['completed', 'created']);
});

test('a stop does not wait for a job that hangs', async () => {
  const queue = await open();
  const seen = collector<string>();
  queue.work('order.lookup', { concurrency: 1 }, ({ orderId }) => {
    seen.add(orderId);
    return new Promise(() => {});
  });
  await enqueue(queue, ['hangs']);
  queue.kick('order.lookup');
  await seen.until(1);
  await queue.stop();
  expect((await states()).map(([state]) => state)).toEqual(['active']);
});

test('several processes may create the queues at once', async () => {
  await using fresh = await createTestDatabase();
  const options = { url: fresh.url, clock: systemClock, random: systemRandom, log: createRecordedLog() };
  const queues = await Promise.all([1, 2, 3].map(() => createPgBossQueue(options)));
  const names: QueueName[] = Object.keys(await queues[0]!.depth()) as QueueName[];
  expect(names).toEqual([
    'signal.process',
    'order.submit',
    'order.cancel',
    'order.replace',
    'order.lookup',
    'account.compare',
    'approval.settle',
  ]);
  await Promise.all(queues.map((queue) => queue.stop()));
});
