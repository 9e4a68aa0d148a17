import type { Alarms } from '../../core/ports/alarms.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { DeadLetterCount, DeadLetters, FailingJobs } from '../../core/ports/dead-letters.ts';
import { type QueueName, queueNames } from '../../core/ports/job-queue.ts';
import type { Log } from '../../core/ports/log.ts';

export interface JobWatchParts {
  readonly letters: Pick<DeadLetters, 'count' | 'failing'>;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks after jobs that were given up, and those that fail again and again, and has a person told. */
export interface JobWatch {
  /** Looks now. Never throws. */
  look(): Promise<void>;
  /** Looks now, and every few seconds. Answers what stops it. */
  start(): () => Promise<void>;
}

const everyMs = 5000;
/** Passing trouble is over by then: five attempts take half a minute. */
const failingAttempts = 5;
/** By then it has failed for about four minutes. */
const pagingAttempts = 12;

/** What a job that was given up means for the money. */
const meaning: Readonly<Record<QueueName, { readonly page: boolean; readonly sentence: string }>> = {
  'signal.process': { page: true, sentence: 'The alert was not traded.' },
  'order.submit': { page: true, sentence: 'The order may not have been sent.' },
  'order.cancel': { page: true, sentence: 'The order may still be open at the broker.' },
  'order.replace': { page: true, sentence: 'The order is as it was.' },
  'order.lookup': { page: true, sentence: 'Whether the broker has the order is not looked up any more by this job.' },
  'account.compare': { page: false, sentence: 'Scheduled comparisons go on.' },
  'approval.settle': { page: true, sentence: 'An entry that waits for a person is not ended, and not sent.' },
};

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');
const idIn = (data: Readonly<Record<string, unknown>>, field: string): string | null => {
  const value = data[field];
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? value : null;
};

/**
 * What is wrong is read from the queue each time, so that no crash loses an alarm: whoever gives a job up, and whenever, the next look tells.
 * Several processes may look; an alarm of a key is one.
 */
export function createJobWatch({ letters, alarms, clock, log }: JobWatchParts): JobWatch {
  let looking: Promise<void> | null = null;

  async function tellDead(dead: readonly DeadLetterCount[], open: Awaited<ReturnType<Alarms['open']>>): Promise<void> {
    for (const { queue, count, newest } of dead) {
      const key = `dead-letters:${queue}`;
      const before = open.find((one) => one.key === key);
      if (before?.data.newest === newest.id && before.data.count === count) continue;
      // One that somebody has seen says nothing of those that came since.
      if (before?.acknowledgedAt && before.data.newest !== newest.id) {
        await alarms.clear(key, 'More were given up since it was acknowledged.');
      }
      const what = count === 1 ? `A job ${queue} was` : `${count} jobs ${queue} were`;
      const { page, sentence } = meaning[queue];
      await alarms.raise({
        key,
        kind: 'job.dead',
        severity: page ? 'page' : 'warn',
        orderId: idIn(newest.data, 'orderId'),
        accountId: idIn(newest.data, 'accountId'),
        sentence: `${what} given up: ${withoutStop(newest.problem)}. ${sentence} Look at the dead letters.`,
        data: { queue, count, newest: newest.id },
      });
    }
  }

  async function tellFailing(failing: readonly FailingJobs[]): Promise<void> {
    for (const { queue, count, attempts, problem, data } of failing) {
      const more = count === 1 ? '' : ` So do ${count - 1} more.`;
      await alarms.raise({
        key: `failing-jobs:${queue}`,
        kind: 'job.failing',
        severity: meaning[queue].page && attempts >= pagingAttempts ? 'page' : 'warn',
        orderId: idIn(data, 'orderId'),
        sentence: `A job ${queue} has failed ${attempts} times, and is tried on: ${withoutStop(problem)}.${more}`,
        data: { queue, count, attempts },
      });
    }
  }

  async function lookNow(): Promise<void> {
    const [dead, failing, open] = await Promise.all([letters.count(), letters.failing(failingAttempts), alarms.open()]);
    await tellDead(dead, open);
    await tellFailing(failing);
    for (const queue of queueNames) {
      const isOpen = (key: string) => open.some((one) => one.key === key);
      if (!dead.some((one) => one.queue === queue) && isOpen(`dead-letters:${queue}`))
        await alarms.clear(`dead-letters:${queue}`, 'All of them were sent again or discarded.');
      if (!failing.some((one) => one.queue === queue) && isOpen(`failing-jobs:${queue}`))
        await alarms.clear(`failing-jobs:${queue}`, 'They went through, or were given up.');
    }
  }

  const look = (): Promise<void> => {
    looking ??= lookNow()
      .catch((error: unknown) => log.warn({ error }, 'the dead letters could not be looked at; trying on'))
      .finally(() => {
        looking = null;
      });
    return looking;
  };

  return {
    look,
    start() {
      const timer: Timer = clock.every(everyMs, () => void look());
      void look();
      return async () => {
        timer.cancel();
        await looking;
      };
    },
  };
}
