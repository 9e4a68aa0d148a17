import type postgres from 'postgres';
import type { StoredEvent } from '../../../core/model/event.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { EventReader, FollowOptions } from '../../../core/ports/event-reader.ts';
import type { Log } from '../../../core/ports/log.ts';
import { type Position, readBetween, readEvents, saveCursor, startOf } from './cursor.ts';
import { createWaker } from './waker.ts';

export interface EventReaderOptions {
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** Events in a batch at most. */
  readonly batchSize?: number;
}

/** How long another process's events may go unseen. */
export const pollEveryMs = 250;
/** The first wait for a transaction that holds events back; doubled each time, up to the poll. */
const heldBackRetryMs = 4;
/** The pause after a batch that was not full, unless told. */
const usualGatherMs = 20;
/** The wait after a failed read or a failed batch, doubled each time up to the limit. */
const failureRetryMs = 250;
const failureRetryLimitMs = 5_000;

/**
 * Reads the event table in the order (xid, seq), below the oldest running transaction: a row that commits late is never skipped.
 * A named reader's cursor is stored after its batch was handled, so a batch can come again after a crash, whole or in part. One
 * process at a time may follow a name.
 */
export function createEventReader(options: EventReaderOptions): EventReader {
  const { sql, clock, log } = options;
  const kicks = new Set<() => void>();

  const follow = async <T>({
    reader,
    from,
    batchSize = options.batchSize ?? 500,
    gatherMs = usualGatherMs,
    load,
    onBatch,
  }: FollowOptions<T>): Promise<() => Promise<void>> => {
    let position: Position = from ? { ...from, after: null } : await startOf(sql, reader);
    const stopping = new AbortController();
    const waker = createWaker(clock);
    kicks.add(waker.wake);

    const read = async (from: Position) => {
      const found = await readEvents(sql, from, batchSize);
      const full = found.events.length === batchSize;
      return { ...found, full, loaded: found.events.length > 0 ? { value: await load(found.events) } : null };
    };
    let ahead: ReturnType<typeof read> | null = null;

    /** One order's steps commit within a few milliseconds of each other: those after the first are read together. */
    const gather = () => clock.sleep(gatherMs, stopping.signal).catch(() => {});

    /** Answers how long to wait, unless woken. */
    const step = async (heldForMs: number): Promise<{ waitMs: number; heldForMs: number }> => {
      const reading = ahead ?? read(position);
      ahead = null;
      const { loaded, cursor, heldBack, full } = await reading;
      if (loaded !== null) {
        if (full) {
          ahead = read({ ...position, ...cursor });
          // A failure counts when its turn comes; when this batch fails first, it is read again.
          ahead.catch(() => {});
        }
        try {
          await onBatch(loaded.value, cursor);
        } catch (error) {
          ahead = null;
          throw error;
        }
        position = { ...position, ...cursor };
        if (reader !== null) await saveCursor(sql, reader, cursor);
        if (full) return { waitMs: 0, heldForMs: 0 };
        await gather();
      }
      if (!heldBack) return { waitMs: pollEveryMs, heldForMs: 0 };
      const waitMs = Math.min(heldForMs === 0 ? heldBackRetryMs : heldForMs * 2, pollEveryMs);
      return { waitMs, heldForMs: waitMs };
    };

    const run = async () => {
      let heldForMs = 0;
      let failedForMs = 0;
      while (!stopping.signal.aborted) {
        waker.reset();
        let waitMs: number;
        try {
          ({ waitMs, heldForMs } = await step(heldForMs));
          failedForMs = 0;
        } catch (error) {
          if (stopping.signal.aborted) break;
          failedForMs = Math.min(failedForMs === 0 ? failureRetryMs : failedForMs * 2, failureRetryLimitMs);
          log.error(
            { err: error, reader, retryMs: failedForMs },
            'events could not be read or handled; they will come again',
          );
          waitMs = failedForMs;
        }
        if (!stopping.signal.aborted && waitMs > 0) await waker.wait(waitMs);
      }
    };
    const running = run();
    return async () => {
      stopping.abort();
      kicks.delete(waker.wake);
      waker.wake();
      await running;
    };
  };

  return {
    follow: <T>(what: FollowOptions<T> | Omit<FollowOptions<readonly StoredEvent[]>, 'load'>) =>
      'load' in what ? follow(what) : follow({ ...what, load: async (events) => events }),
    async newest() {
      const { xid, seq } = await startOf(sql, null);
      return { xid, seq };
    },
    between: (after, until, limit) => readBetween(sql, after, until, limit),
    kick: () => {
      for (const wake of kicks) wake();
    },
  };
}
