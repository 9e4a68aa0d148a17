import type { QueueName } from './job-queue.ts';
import type { Page, PageQuery } from './paging.ts';

/** A job that was given up: its data cannot be processed, or every attempt failed. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: QueueName;
  /** As it was enqueued; may be anything, which may be what is wrong with it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What the last attempt failed of. */
  readonly problem: string;
  readonly attempts: number;
  readonly enqueuedAt: Date;
  readonly diedAt: Date;
}

/** How it stands with a queue's given up jobs. */
export interface DeadLetterCount {
  readonly queue: QueueName;
  readonly count: number;
  readonly newest: DeadLetter;
}

/** Jobs that fail again and again and are tried on. */
export interface FailingJobs {
  readonly queue: QueueName;
  readonly count: number;
  /** Of the one that failed most often. */
  readonly attempts: number;
  readonly problem: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Jobs that were given up, for people: kept until somebody sends them again or discards them. */
export interface DeadLetters {
  /** The last given up first. */
  list(query: PageQuery & { readonly queue?: QueueName | undefined }): Promise<Page<DeadLetter>>;
  find(id: string): Promise<DeadLetter | null>;
  /**
   * Puts the job back into its queue, as new and with `data`, and tells so by the event `job.resent`: one transaction. Null: it is not there
   * any more, somebody was quicker. Answers the id of the new job.
   */
  resend(letter: DeadLetter, data: Readonly<Record<string, unknown>>, by: string): Promise<string | null>;
  /** Takes it away for good, with the event `job.discarded`. False: somebody was quicker. */
  discard(letter: DeadLetter, reason: string, by: string): Promise<boolean>;
  /** Of each queue that has some. */
  count(): Promise<readonly DeadLetterCount[]>;
  /** Of each queue that has some: jobs that failed so often at least, and wait for another attempt. */
  failing(leastAttempts: number): Promise<readonly FailingJobs[]>;
}
