/** What is to be different about an order, as decimal text; see `OrderChange` of the broker's port. */
export interface OrderChangeText {
  readonly quantity?: string;
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  readonly trail?: string;
}

/** The queues, each with the data of its jobs. */
export interface Jobs {
  'signal.process': { signalId: string };
  'order.submit': { orderId: string };
  'order.cancel': { orderId: string; reason: string };
  'order.replace': { orderId: string; change: OrderChangeText; reason: string };
  'order.lookup': { orderId: string };
  'account.compare': { accountId: string };
  /** Has an ask for a person's approval ended in time, or its decision made once it is answered. */
  'approval.settle': { approvalId: string };
}
export type QueueName = keyof Jobs;
export const queueNames = [
  'signal.process',
  'order.submit',
  'order.cancel',
  'order.replace',
  'order.lookup',
  'account.compare',
  'approval.settle',
] as const;

/** Where jobs of a queue go that were given up. */
export const deadLetterOf = (queue: QueueName): string => `${queue}.dead`;

/** What a handler says of its job. Throwing means: try again later with backoff, and dead-letter in the end. */
export type JobOutcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly afterMs: number };

/** Which run of a job this is. */
export interface JobRun {
  readonly id: string;
  /** 1, and one more for each run that failed. */
  readonly attempt: number;
  /** Runs that ended because their process died, or was silent for too long. They are no attempts: the job may have had no part in it. */
  readonly lost: number;
}

export interface WorkOptions {
  /** Jobs of this queue that run at the same time in this process. */
  readonly concurrency: number;
}

/** Takes jobs that were committed and runs each at least once. A job starts within milliseconds of `kick`. */
export interface JobQueue {
  work<Q extends QueueName>(
    queue: Q,
    options: WorkOptions,
    handler: (data: Jobs[Q], job: JobRun) => Promise<JobOutcome>,
  ): void;
  /** Looks for new jobs now; called after a commit that enqueued some. Cheap, may be called often. */
  kick(queue: QueueName): void;
  /** Waiting, running and dead jobs. */
  depth(): Promise<Record<QueueName, { waiting: number; active: number; failed: number }>>;
  stop(): Promise<void>;
}

/** A statement for whoever owns the transaction: run it with the text and the values in the same transaction as the change. */
export interface JobInsert {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Writes jobs inside somebody else's transaction. */
export interface JobWriter {
  /**
   * One statement that inserts all the jobs of one queue. `startAfterMs` delays them; `key` makes a pending twin impossible; what is `urgent` starts
   * before what is not.
   */
  insert<Q extends QueueName>(
    queue: Q,
    jobs: readonly { data: Jobs[Q]; startAfterMs?: number; key?: string; urgent?: boolean }[],
  ): JobInsert;
}

/** Jobs as part of somebody else's statement: for a change and its jobs in one round trip. */
export interface JobStatements {
  /**
   * The text of a statement that inserts a job for each element of `jobs`, an SQL expression for a JSON array of
   * `{"data": …, "singletonKey": …}`. It has no parameters and returns rows with an `id`; fit for a CTE.
   */
  insertFrom(queue: QueueName, jobs: string): string;
}
