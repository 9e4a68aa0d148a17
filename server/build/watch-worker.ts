import type { StoredEvent } from '../core/model/event.ts';
import type { Clock } from '../core/ports/clock.ts';

/** What a process that does not work itself knows of the worker beside it, by the events that tell of its work. */
export interface WorkerWatch {
  /** Events, in the order of the table. */
  seen(events: readonly StoredEvent[]): void;
  /** How long the worker has told nothing, in seconds; counted from the beginning of this process at most. */
  silentSeconds(): number;
}

/** Only a worker tells these, and even when nothing is traded: comparisons and health each minute, equity more often. */
const signsOfLife = /^(reconciliation|health|equity)\./;

/** `connected` is kept by the connections that the worker tells of: by account id. */
export function createWorkerWatch(parts: {
  readonly connected: Set<string>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}): WorkerWatch {
  const { connected, clock } = parts;
  let heardMs = clock.monotonicMs();
  return {
    seen(events) {
      for (const { kind, accountId } of events) {
        if (signsOfLife.test(kind)) heardMs = clock.monotonicMs();
        if (!accountId) continue;
        if (kind === 'broker.connected') connected.add(accountId);
        else if (kind === 'broker.disconnected') connected.delete(accountId);
      }
    },
    silentSeconds: () => (clock.monotonicMs() - heardMs) / 1000,
  };
}
