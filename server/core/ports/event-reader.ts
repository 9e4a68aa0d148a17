import type { StoredEvent } from '../model/event.ts';

export interface FollowOptions<T> {
  /** A name keeps the cursor in the database (at-least-once over restarts); null starts at the newest event. */
  readonly reader: string | null;
  /** Events in a batch at most; 500 unless told. */
  readonly batchSize?: number;
  /** The pause after a batch that was not full, so that what follows soon is read together; 20 ms unless told. */
  readonly gatherMs?: number;
  /** Makes of a batch what `onBatch` is given. While there is more to read, the next one is loaded while the last is being handled. */
  readonly load: (events: readonly StoredEvent[]) => Promise<T>;
  readonly onBatch: (loaded: T) => Promise<void>;
}

/** Reads the event table in commit-safe order; see docs/decisions on the event cursor. */
export interface EventReader {
  /** Calls back with batches in order; the callback's promise is awaited before the next batch. Answers a function that stops it. */
  follow(options: Omit<FollowOptions<readonly StoredEvent[]>, 'load'>): Promise<() => Promise<void>>;
  follow<T>(options: FollowOptions<T>): Promise<() => Promise<void>>;
  /** Looks for new events now; called after commits of this process. Other processes' are seen within 250 ms. */
  kick(): void;
}
