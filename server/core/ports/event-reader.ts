import type { StoredEvent } from '../model/event.ts';

/** A place in the event table: right behind the event with this number, in the order (xid, seq). Both are whole numbers as text. */
export interface EventCursor {
  readonly xid: string;
  readonly seq: string;
}

export interface FollowOptions<T> {
  /** A name keeps the cursor in the database (at-least-once over restarts); null starts at the newest event. */
  readonly reader: string | null;
  /** Where a reader without a name starts instead. */
  readonly from?: EventCursor;
  /** Events in a batch at most; 500 unless told. */
  readonly batchSize?: number;
  /** The pause after a batch that was not full, so that what follows soon is read together; 20 ms unless told. */
  readonly gatherMs?: number;
  /** Makes of a batch what `onBatch` is given. While there is more to read, the next one is loaded while the last is being handled. */
  readonly load: (events: readonly StoredEvent[]) => Promise<T>;
  /** `at`: where the reader stands with this batch handled. */
  readonly onBatch: (loaded: T, at: EventCursor) => Promise<void>;
}

/** Reads the event table in commit-safe order; see docs/decisions on the event cursor. */
export interface EventReader {
  /** Calls back with batches in order; the callback's promise is awaited before the next batch. Answers a function that stops it. */
  follow(options: Omit<FollowOptions<readonly StoredEvent[]>, 'load'>): Promise<() => Promise<void>>;
  follow<T>(options: FollowOptions<T>): Promise<() => Promise<void>>;
  /** The place from which on everything is still to come: at the newest event, or a little before it, never behind what may still commit. */
  newest(): Promise<EventCursor>;
  /** The first `limit` events behind one place, up to and with another that a follower has come to. */
  between(after: EventCursor, until: EventCursor, limit: number): Promise<readonly StoredEvent[]>;
  /** Looks for new events now; called after commits of this process. Other processes' are seen within 250 ms. */
  kick(): void;
}
