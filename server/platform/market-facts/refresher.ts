import { fullJitterMs } from '../../core/backoff.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Random } from '../../core/ports/random.ts';

const pauses = { firstMs: 5000, longestMs: 10 * 60_000 };
/** What could not be read for so long is an alarm. */
const alarmAfterMs = 86_400_000;

export interface RefresherParts {
  /** Of its alarm. */
  readonly key: string;
  /** What it reads, to begin a sentence with: "The calendar of sessions". */
  readonly name: string;
  /** Since when there has been something to read; null: there is nothing. */
  due(): Date | null;
  /** Reads it; throws. */
  read(): Promise<void>;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  readonly log: Log;
}

/** Reads something when it is due, and again after a pause that grows where it cannot be read; after a day of that a person is told. */
export interface Refresher {
  /** To be called often. Never throws; one at a time. */
  look(): Promise<void>;
  /** Why it could not be read last; null: it could. */
  problem(): string | null;
}

export function createRefresher(parts: RefresherParts): Refresher {
  const { key, name, clock, log, alarms } = parts;
  let looking: Promise<void> | null = null;
  let failures = 0;
  let notBeforeMs = 0;
  let problem: string | null = null;
  /** An alarm of an earlier process may be open. */
  let quiet = false;

  async function look(): Promise<void> {
    const since = parts.due();
    if (since === null || clock.monotonicMs() < notBeforeMs) return;
    try {
      await parts.read();
      failures = 0;
      problem = null;
      if (!quiet && parts.due() === null) {
        await alarms.clear(key, `${name} could be read again.`);
        quiet = true;
      }
    } catch (error) {
      failures++;
      quiet = false;
      problem = error instanceof Error ? error.message : String(error);
      notBeforeMs = clock.monotonicMs() + fullJitterMs(parts.random, failures, pauses);
      log.warn({ error, key }, 'what is known of the market could not be read anew; it is tried again');
      const lateMs = clock.now().getTime() - since.getTime();
      if (lateMs < alarmAfterMs) return;
      const hours = Math.floor(lateMs / 3_600_000);
      await alarms
        .raise({
          ...{ key, kind: 'market_data.stale', severity: 'warn', data: { problem, hours } },
          sentence: `${name} could not be read for ${hours} hours: ${problem}. Limits that need it refuse entries.`,
        })
        .catch((failed: unknown) => log.warn({ error: failed, key }, 'an alarm could not be raised'));
    }
  }

  return {
    look() {
      looking ??= look()
        .catch((error: unknown) => log.warn({ error, key }, 'the market could not be looked after'))
        .finally(() => {
          looking = null;
        });
      return looking;
    },
    problem: () => problem,
  };
}
