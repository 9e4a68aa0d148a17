import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';

/** How long a start is tried again while the database is away or overloaded. */
export const startPatienceMs = 60_000;
const firstPauseMs = 250;
const longestPauseMs = 4000;

/** Connections that were refused, lost or not answered: of the system, of postgres.js and of pg. */
const lost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
]);
/**
 * SQLSTATEs of a database that will answer later: connection exceptions (08), a rollback for the sake of others (40), too few resources
 * (53), a lock that was not to be had (55P03), a statement that took too long (57014), and a server that starts or stops (57P).
 */
const later = /^(?:08|40|53|57P)[0-9A-Z]+$|^55P03$|^57014$/;
/** What pg says without a code. */
const words = /^Connection terminated|^timeout expired$|^Query read timeout$|timeout exceeded when trying to connect/;

/** Whether the same may succeed in a moment, because nothing but the database's being away or busy was in its way. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && (lost.has(code) || later.test(code))) return true;
    if (words.test(at.message)) return true;
    if (at instanceof AggregateError && at.errors.some(isDatabaseAway)) return true;
  }
  return false;
}

export interface StartParts {
  start(): Promise<void>;
  /** Takes back what a start that failed had begun. */
  undo(): Promise<void>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}

/** Starts; again for a minute, with growing pauses, while the database is away or busy. Throws what else is wrong, and what it was at the end. */
export async function untilDatabaseAnswers({ start, undo, clock, log }: StartParts): Promise<void> {
  const untilMs = clock.monotonicMs() + startPatienceMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await start();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      await undo();
      const leftMs = untilMs - clock.monotonicMs();
      if (leftMs < pauseMs) throw error;
      log.warn(
        { error: reasonOf(error) },
        `the database does not answer yet; the start is tried again for ${Math.ceil(leftMs / 1000)} s`,
      );
      await clock.sleep(pauseMs);
    }
  }
}

function reasonOf(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  const { message, code } = at as { message?: string; code?: string };
  return message || code || String(at);
}
