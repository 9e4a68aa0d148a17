import type { StoredEvent } from '../core/model/event.ts';
import type { Clock } from '../core/ports/clock.ts';
import { HttpProblem } from '../http/problems.ts';

/** How long a worker may take to compare an account with its broker before whoever asked is told that it does not answer. */
export const workerPatienceMs = 15_000;

/** Has the worker do what this process does not do itself, and waits for the event that tells of it. */
export interface AskWorker {
  /** Resolves when the account was compared after this was called; rejects with a problem when no worker does so in time. */
  compare(accountId: string): Promise<void>;
  /** Events, in the order of the table. */
  seen(events: readonly StoredEvent[]): void;
}

export function createAskWorker(parts: {
  /** Stores the job and has it looked at. */
  enqueue(accountId: string): Promise<void>;
  readonly clock: Pick<Clock, 'after'>;
}): AskWorker {
  const waiting = new Map<string, Set<() => void>>();

  return {
    async compare(accountId) {
      const done = Promise.withResolvers<void>();
      const all = waiting.get(accountId) ?? new Set();
      waiting.set(accountId, all.add(done.resolve));
      const timer = parts.clock.after(workerPatienceMs, () =>
        done.reject(
          new HttpProblem(
            503,
            'UNAVAILABLE',
            'Nobody compared',
            'The worker did not answer. It will compare when it is back; look at the page of the account then.',
          ),
        ),
      );
      try {
        await parts.enqueue(accountId);
        await done.promise;
      } finally {
        timer.cancel();
        all.delete(done.resolve);
      }
    },
    seen(events) {
      for (const { kind, accountId, data } of events) {
        // Any other may have begun before this one was asked for.
        if (!accountId || data.reason !== 'demand' || !kind.startsWith('reconciliation.')) continue;
        for (const resolve of waiting.get(accountId) ?? []) resolve();
      }
    },
  };
}
