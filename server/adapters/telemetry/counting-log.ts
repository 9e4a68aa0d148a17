import type { Log } from '../../core/ports/log.ts';

/** A log that also counts; the counts only ever grow. */
export interface CountingLog extends Log {
  readonly counts: { readonly warnings: number; readonly errors: number };
}

export function countingLog(log: Log): CountingLog {
  const counts = { warnings: 0, errors: 0 };
  return {
    ...log,
    counts,
    warn(fields, message) {
      counts.warnings++;
      log.warn(fields, message);
    },
    error(fields, message) {
      counts.errors++;
      log.error(fields, message);
    },
  };
}
