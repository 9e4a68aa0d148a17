import type { StoredEvent } from '../model/event.ts';

/** Reads the event table in commit-safe order; see docs/decisions on the event cursor. */
export interface EventReader {
  /** Calls back with batches in order; the callback's promise is awaited before the next batch. Answers a function that stops it. */
  follow(options: {
    /** A name keeps the cursor in the database (at-least-once over restarts); null starts at the newest event. */
    readonly reader: string | null;
    readonly onBatch: (events: readonly StoredEvent[]) => Promise<void>;
  }): Promise<() => Promise<void>>;
  /** Looks for new events now; called after commits of this process. Other processes' are seen within 250 ms. */
  kick(): void;
}
