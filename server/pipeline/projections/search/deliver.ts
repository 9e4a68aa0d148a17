import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Generation, SearchDocument, SearchIndex } from '../../../core/ports/search-index.ts';
import type { SearchSource } from '../../../core/ports/search-source.ts';

export interface DeliveryParts {
  readonly source: Pick<SearchSource, 'keepRefused'>;
  readonly index: Pick<SearchIndex, 'write'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
  /** Ends the waiting; the batch then comes again. */
  readonly signal: AbortSignal;
  /** Told why nothing is taken, and null once it is again. */
  readonly onProblem?: (problem: string | null) => void;
}

const firstWaitMs = 250;
const longestWaitMs = 30_000;

/**
 * Sends documents until each is in the index or kept as refused, however long that takes: with a pause that doubles up to half a minute
 * while the index takes nothing. Throws only when told to stop, or when the refused cannot be kept.
 */
export async function deliver(
  parts: DeliveryParts,
  generation: Generation,
  documents: readonly SearchDocument[],
): Promise<void> {
  const { source, index, clock, log, signal } = parts;
  let pending = documents;
  let waitMs = firstWaitMs;
  while (pending.length > 0) {
    signal.throwIfAborted();
    const { again, problem, refused } = await index.write(generation, pending, signal);
    if (refused.length > 0) {
      await source.keepRefused(generation.number, refused);
      const { document, reason } = refused[0]!;
      log.warn(
        { documents: refused.length, alias: document.alias, id: document.id, reason },
        'documents were refused by the mapping of the search index; they are kept, and sent again after a mend',
      );
    }
    parts.onProblem?.(problem);
    // Whatever part was taken shows that it is not down: then there is no reason to wait longer and longer.
    if (again.length < pending.length) waitMs = firstWaitMs;
    pending = again;
    if (pending.length > 0) {
      await clock.sleep(waitMs, signal);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  }
}
