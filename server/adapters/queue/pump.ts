import type { Clock } from '../../core/ports/clock.ts';
import { UnprocessableJob } from '../../core/ports/job-data.ts';
import type { JobOutcome, JobRun } from '../../core/ports/job-queue.ts';
import type { Log } from '../../core/ports/log.ts';

/** A claim on a job: `retryCount` names the attempt, so that a late answer cannot settle somebody else's. */
export interface Claim {
  readonly id: string;
  readonly retryCount: number;
}

type Fetched = Claim & { readonly data: object; readonly lost: number };

/** What the pump needs of the queue's storage. Each call is one statement. */
export interface PumpStore {
  /** `lost`: how often it was taken from a process that was gone. Such runs are not failures, yet each names another claim. */
  fetch(limit: number): Promise<readonly Fetched[]>;
  complete(claims: readonly Claim[]): Promise<void>;
  /** Back to waiting, each due in its `afterMs`, without counting as an attempt. */
  again(claims: readonly (Claim & { readonly afterMs: number })[]): Promise<void>;
  /** `final`: no further attempt, however many are left. */
  fail(claim: Claim, problem: string, final: boolean): Promise<void>;
}

/**
 * One queue's jobs in this process: claims as many as there are free slots, and runs each on its own. A slot is free again when what became of
 * its job is written down: were more claimed meanwhile, they would pile up unwritten, and be taken for those of a dead process.
 */
export interface Pump {
  kick(): void;
  running(): readonly Claim[];
  /** Claims nothing more, and resolves when what runs has ended and is settled. */
  stop(): Promise<void>;
}

type Settlement = { readonly claim: Claim } & (
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly problem: string; readonly final: boolean }
);

/** How many to fetch at once: the number is part of pg-boss' statement, so few of them keep few statements prepared. */
const fetchSizes = [64, 16, 4, 1];
const retrySettlingMs = 250;
/** A job due sooner than this gets a timer of its own; the rest is found by the floor timer of the queue. */
const ownTimerMs = 60_000;

export function createPump(parts: {
  readonly queue: string;
  readonly concurrency: number;
  readonly store: PumpStore;
  readonly run: (data: object, job: JobRun) => Promise<JobOutcome>;
  readonly clock: Clock;
  readonly log: Log;
}): Pump {
  const { queue, concurrency, store, run, clock, log } = parts;
  const running = new Map<string, Claim>();
  const unsettled: Settlement[] = [];
  let fetching = false;
  let kicked = false;
  let stopped = false;
  let settling: Promise<void> | null = null;
  let whenIdle: (() => void) | null = null;

  async function fetchAll(): Promise<void> {
    fetching = true;
    try {
      do {
        kicked = false;
        const free = concurrency - running.size;
        const limit = fetchSizes.find((size) => size <= free);
        // With no free slot the job that ends next looks again.
        if (limit === undefined) return;
        const jobs = await store.fetch(limit);
        for (const job of jobs) void start(job);
        if (jobs.length === limit) kicked = true;
      } while (kicked && !stopped);
    } catch (error) {
      log.warn({ queue, err: error }, 'jobs could not be fetched; the next look is within a second');
    } finally {
      fetching = false;
      checkIdle();
    }
  }

  async function start({ data, lost, ...claim }: Fetched): Promise<void> {
    const job = { id: claim.id, attempt: claim.retryCount - lost + 1, lost };
    running.set(job.id, claim);
    let settlement: Settlement;
    try {
      const outcome = await run(data, job);
      settlement = { claim, ...outcome };
    } catch (error) {
      const final = error instanceof UnprocessableJob;
      log.error(
        { queue, jobId: job.id, attempt: job.attempt, err: error },
        final ? 'a job can never be carried out, and is given up' : 'a job failed and will be tried again',
      );
      settlement = { claim, kind: 'failed', problem: error instanceof Error ? error.message : String(error), final };
    }
    unsettled.push(settlement);
    settling ??= settleAll();
  }

  async function settleAll(): Promise<void> {
    // What ends in the same moment shares the first statement too.
    await undefined;
    while (unsettled.length > 0) {
      const batch = unsettled.splice(0);
      try {
        await settle(batch);
      } catch (error) {
        log.warn({ queue, err: error }, 'finished jobs could not be written down; trying again');
        unsettled.unshift(...batch);
        await clock.sleep(retrySettlingMs);
        continue;
      }
      for (const { claim } of batch) running.delete(claim.id);
      kick();
    }
    settling = null;
    checkIdle();
  }

  /** Each statement names the claim, so that one that was written down already is not touched when all are tried again. */
  async function settle(batch: readonly Settlement[]): Promise<void> {
    const done = batch.filter((one) => one.kind === 'done');
    const waiting = batch.filter((one) => one.kind === 'again');
    if (done.length > 0) await store.complete(done.map((one) => one.claim));
    if (waiting.length > 0) {
      await store.again(waiting.map(({ claim, afterMs }) => ({ ...claim, afterMs })));
      for (const { afterMs } of waiting) if (afterMs < ownTimerMs) clock.after(afterMs + 1, kick);
    }
    for (const one of batch) if (one.kind === 'failed') await store.fail(one.claim, one.problem, one.final);
  }

  function kick(): void {
    if (stopped) return;
    if (fetching) kicked = true;
    else void fetchAll();
  }

  function checkIdle(): void {
    if (whenIdle !== null && !fetching && running.size === 0 && settling === null) whenIdle();
  }

  return {
    kick,
    running: () => [...running.values()],
    stop() {
      stopped = true;
      return new Promise((resolve) => {
        whenIdle = resolve;
        checkIdle();
      });
    },
  };
}
