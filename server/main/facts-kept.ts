import type { Sql } from '../adapters/database/connect.ts';
import { forgetFacts } from '../adapters/database/decision-store/forget-facts.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';

const dayMs = 86_400_000;
/** Several times a day, so that little is deleted at a time. */
const everyMs = dayMs / 4;

/** Deletes what decisions were made on once it is so many days old, now and from time to time; the answer ends that. */
export function keepFactsFor(
  days: number,
  { sql, clock, log }: { readonly sql: Sql; readonly clock: Clock; readonly log: Log },
): () => void {
  const forget = (): void => {
    forgetFacts(sql, new Date(clock.now().getTime() - days * dayMs)).then(
      (count) => count > 0 && log.info({ count, days }, 'what old decisions were made on was deleted'),
      (error: unknown) =>
        log.warn({ error }, 'what old decisions were made on could not be deleted; it is tried again'),
    );
  };
  forget();
  const timer = clock.every(everyMs, forget);
  return () => timer.cancel();
}
