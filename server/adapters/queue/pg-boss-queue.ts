import { PgBoss } from 'pg-boss';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import { jobDataProblems, UnprocessableJob } from '../../core/ports/job-data.ts';
import {
  deadLetterOf,
  type JobOutcome,
  type JobQueue,
  type JobRun,
  type JobStatements,
  type Jobs,
  type JobWriter,
  type QueueName,
  queueNames,
  type WorkOptions,
} from '../../core/ports/job-queue.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Random } from '../../core/ports/random.ts';
import { createJobClient, longestStatementMs, preparedStatements, type SocketFactory } from './job-client.ts';
import { createJobInserts } from './job-inserts.ts';
import { createPump, type Pump } from './pump.ts';
import { bossStore } from './pump-store.ts';
import { deadLetterPolicy, queuePolicies } from './queue-policy.ts';
import { createWorkerPresence } from './worker-presence.ts';

/** How long a job may wait when every kick and notification was lost. */
const floorMs = 1000;
/** Every how many rounds of the floor timer the running jobs are touched and dead workers looked for. */
const heartbeatRounds = 2;
const wakeChannel = 'signalbox_jobs';

/** Jobs kept in PostgreSQL by pg-boss, started by a pump of our own: its workers start a job at their next poll, ours at once. */
export type PgBossQueue = JobQueue & JobWriter & JobStatements;

export interface PgBossQueueOptions {
  readonly url: string;
  readonly schema?: string;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  readonly log: Log;
  /** Opens the connections; without it they are plain. */
  readonly socket?: SocketFactory;
}

/** Creates what is missing in the database (several processes may do so at once), and answers the queue, ready for `work`. */
export async function createPgBossQueue(options: PgBossQueueOptions): Promise<PgBossQueue> {
  const { url, schema = 'pgboss', clock, random, log, socket } = options;
  const boss = new PgBoss({
    connectionString: url,
    schema,
    max: 2,
    schedule: false,
    application_name: 'signalbox queue upkeep',
    // Handed on to its pool: an answer that is not there by then will never come, and the next question gets another connection.
    ...({ query_timeout: longestStatementMs + 2000, statement_timeout: longestStatementMs, keepAlive: true } as object),
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the queue could not look after its tables'));
  boss.on('warning', (warning) => log.debug({ warning }, 'the queue warns'));
  try {
    await boss.start();
    for (const queue of queueNames) {
      const deadLetter = deadLetterOf(queue);
      await boss.createQueue(deadLetter, deadLetterPolicy);
      await boss.createQueue(queue, { ...queuePolicies[queue], deadLetter });
      // A queue that was there already keeps the settings of the version that made it, unless told.
      const { policy: _fixedAtCreation, ...changeable } = queuePolicies[queue];
      await boss.updateQueue(queue, { ...changeable, deadLetter });
    }
    const inserts = await createJobInserts(boss, random);
    return new BossQueue(boss, inserts, { url, schema, clock, log, socket });
  } catch (error) {
    // Whoever tries again makes another one; this one would go on looking after the tables beside it.
    await boss.stop({ graceful: false, close: true }).catch(() => {});
    throw error;
  }
}

class BossQueue implements JobQueue, JobWriter, JobStatements {
  readonly insert: JobWriter['insert'];
  readonly insertFrom: JobStatements['insertFrom'];
  readonly #boss: PgBoss;
  readonly #schema: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #client;
  readonly #presenceClient;
  readonly #presence;
  readonly #pumps = new Map<QueueName, Pump>();
  readonly #timers: Timer[] = [];
  readonly #waking = new Set<QueueName>();
  #working: Promise<void> | null = null;
  #round = 0;
  #beating: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;

  constructor(
    boss: PgBoss,
    inserts: JobWriter & JobStatements,
    parts: { url: string; schema: string; clock: Clock; log: Log; socket: SocketFactory | undefined },
  ) {
    this.#boss = boss;
    this.insert = inserts.insert;
    this.insertFrom = inserts.insertFrom;
    this.#schema = parts.schema;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#client = createJobClient(parts.url, 4, 'signalbox queue', parts.socket);
    this.#presenceClient = createJobClient(parts.url, 1, 'signalbox worker', parts.socket);
    this.#presence = createWorkerPresence(this.#presenceClient, parts.schema);
  }

  work<Q extends QueueName>(
    queue: Q,
    { concurrency }: WorkOptions,
    handler: (data: Jobs[Q], job: JobRun) => Promise<JobOutcome>,
  ): void {
    if (this.#stopping !== null) throw new Error('the queue has stopped');
    if (this.#pumps.has(queue)) throw new Error(`${queue} already has a worker in this process`);
    const pump = createPump({
      queue,
      concurrency,
      store: bossStore(this.#boss, queue, this.#client, preparedStatements(this.#client), this.#schema),
      async run(data, job) {
        const problems = jobDataProblems(queue, data);
        if (problems.length === 0) return handler(data as Jobs[Q], job);
        const what = problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
        throw new UnprocessableJob(`Its data cannot be processed: ${what}.`);
      },
      clock: this.#clock,
      log: this.#log,
    });
    this.#pumps.set(queue, pump);
    this.#working ??= this.#begin();
    void this.#working.then(() => pump.kick());
  }

  /** Nothing is fetched before this process is known to work and has taken over what a dead one left. */
  async #begin(): Promise<void> {
    await undefined;
    while (this.#stopping === null) {
      try {
        await this.#presence.appear();
        await this.#releaseOrphans();
        break;
      } catch (error) {
        this.#log.warn({ err: error }, 'the queue cannot be reached yet');
        await this.#clock.sleep(floorMs);
      }
    }
    if (this.#stopping !== null) return;
    this.#timers.push(this.#clock.every(floorMs, () => this.#tick()));
    void this.#client
      .listen(
        wakeChannel,
        (queue) => this.#pumps.get(queue as QueueName)?.kick(),
        () => this.#kickAll(),
      )
      .catch((error: unknown) =>
        this.#log.warn({ err: error }, 'no notifications; jobs of other processes start within a second'),
      );
  }

  #tick(): void {
    this.#kickAll();
    this.#round = (this.#round + 1) % heartbeatRounds;
    if (this.#round === 0)
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = null;
      });
  }

  #kickAll(): void {
    for (const pump of this.#pumps.values()) pump.kick();
  }

  async #beat(): Promise<void> {
    try {
      const db = preparedStatements(this.#client);
      for (const [queue, pump] of this.#pumps) {
        const running = pump.running();
        if (running.length > 0) await this.#boss.touch(queue, [...running], { db });
      }
      await this.#releaseOrphans();
    } catch (error) {
      this.#log.warn({ err: error }, 'the heartbeat of running jobs could not be written');
    }
  }

  async #releaseOrphans(): Promise<void> {
    const orphans = await this.#presence.releaseOrphans([...this.#pumps.keys()]);
    for (const { queue, id, released } of orphans) {
      this.#log.warn({ queue, jobId: id, released }, 'the worker of a job is gone');
      if (!released)
        await this.#boss.fail(queue, id, { message: 'its worker was lost, and nobody waits for it any more' });
      this.#pumps.get(queue)?.kick();
    }
  }

  kick(queue: QueueName): void {
    const pump = this.#pumps.get(queue);
    if (pump !== undefined) void this.#working?.then(() => pump.kick());
    else this.#wakeOthers(queue);
  }

  /** NOTIFY outside the commit, and one for all that was kicked meanwhile: inside, it would put commits in a row. */
  #wakeOthers(queue: QueueName): void {
    if (this.#waking.has(queue) || this.#stopping !== null) return;
    this.#waking.add(queue);
    void Promise.resolve()
      .then(() => {
        this.#waking.delete(queue);
        return this.#client.notify(wakeChannel, queue);
      })
      .catch((error: unknown) =>
        this.#log.debug({ err: error, queue }, 'workers were not woken; they look within a second'),
      );
  }

  async depth(): Promise<Record<QueueName, { waiting: number; active: number; failed: number }>> {
    const names = queueNames.flatMap((queue) => [queue, deadLetterOf(queue)]);
    const table = this.#client(this.#schema);
    // Each half in the words of an index of pg-boss': done jobs are many, and must not be read to count the others.
    const rows = await this.#client<{ name: string; active: boolean; count: number }[]>`
      SELECT name, false AS active, count(*)::int AS count FROM ${table}.job
      WHERE name = ANY(${names}) AND state < 'active' AND NOT blocked GROUP BY name
      UNION ALL
      SELECT name, true, count(*)::int FROM ${table}.job
      WHERE name = ANY(${names}) AND state = 'active' AND group_id IS NOT NULL GROUP BY name`;
    const count = (name: string, active: boolean) =>
      rows.find((r) => r.name === name && r.active === active)?.count ?? 0;
    const entries = queueNames.map((queue) => [
      queue,
      {
        waiting: count(queue, false),
        active: count(queue, true),
        failed: count(deadLetterOf(queue), false),
      },
    ]);
    return Object.fromEntries(entries);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  async #end(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    await this.#settled();
    await this.#boss.stop({ graceful: false, close: true });
    await Promise.all([this.#client.end({ timeout: 1 }), this.#presenceClient.end({ timeout: 1 })]);
  }

  /** What runs may end, for two seconds; a job that does not is taken over by the next start. */
  async #settled(): Promise<void> {
    const ended = Promise.all([...this.#pumps.values()].map((pump) => pump.stop()));
    const late = Promise.withResolvers<void>();
    const timer = this.#clock.after(2000, () => late.resolve());
    await Promise.race([ended, late.promise]);
    timer.cancel();
    await this.#beating;
  }
}
