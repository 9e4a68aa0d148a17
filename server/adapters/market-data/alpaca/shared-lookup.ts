import type { Clock } from '../../../core/ports/clock.ts';

/**
 * A lookup by key that is asked once for all who ask at the same time, and whose answers are kept: found ones for `keepMs`,
 * absent ones for `keepAbsentMs`. A failed lookup is not kept.
 */
export function createSharedLookup<T>(
  clock: Pick<Clock, 'monotonicMs'>,
  keepMs: number,
  keepAbsentMs: number,
  ask: (key: string) => Promise<T | null>,
): (key: string) => Promise<T | null> {
  const running = new Map<string, Promise<T | null>>();
  const kept = new Map<string, { value: T | null; untilMs: number }>();
  return (key) => {
    const known = kept.get(key);
    if (known && clock.monotonicMs() < known.untilMs) return Promise.resolve(known.value);
    let asking = running.get(key);
    if (!asking) {
      asking = ask(key)
        .then((value) => {
          const forMs = value === null ? keepAbsentMs : keepMs;
          if (forMs > 0) kept.set(key, { value, untilMs: clock.monotonicMs() + forMs });
          return value;
        })
        .finally(() => running.delete(key));
      running.set(key, asking);
    }
    return asking;
  };
}
