import type { ProofFailure } from '../../../core/model/proofs.ts';
import type { Alarms } from '../../../core/ports/alarms.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Log } from '../../../core/ports/log.ts';

/** One line a minute is enough to see that it goes on; what came between is counted in the next. */
const lineEveryMs = 60_000;
/** Somebody who mends an alert fails a few times; this many within the window is somebody who tries, or a source that is set up wrongly. */
const alarmAt = 20;
const windowMs = 5 * 60_000;
/** How many sources are told apart: names that a sender makes up must not fill the memory. */
const maxSources = 1000;

export interface FailedProofs {
  /** Counts a sender that was not believed. `source` is the name of one that is known; null: any other. */
  note(source: string | null, failures: readonly ProofFailure[], detail: string | null): void;
  /** How often each proof failed since the start. */
  counts(): Readonly<Partial<Record<ProofFailure, number>>>;
  /** Writes what the last lines left out, and ends alarms whose failures have stopped. Called from time to time. */
  settle(): Promise<void>;
}

interface Tally {
  unsaid: number;
  saidAtMs: number;
  recent: number;
  windowFromMs: number;
  alarmed: boolean;
}

/** Nothing of an unproven sender is stored: it is counted here, with a line in the log now and then, and an alarm when there are many. */
export function createFailedProofs(parts: {
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
}): FailedProofs {
  const { alarms, clock, log } = parts;
  const tallies = new Map<string | null, Tally>();
  const totals: Partial<Record<ProofFailure, number>> = {};

  function raise(source: string | null, tally: Tally): void {
    tally.alarmed = true;
    const where = source === null ? 'addresses that were never issued' : `the source ${source}`;
    alarms
      .raise({
        key: keyOf(source),
        kind: 'proof.failing',
        severity: 'warn',
        sentence: `${alarmAt} senders within ${windowMs / 60_000} minutes could not prove themselves at ${where}. Nothing of them was stored or traded.`,
        data: { source: source ?? 'unknown' },
      })
      .catch((error: unknown) => {
        tally.alarmed = false;
        log.warn({ err: error }, 'the alarm of failing proofs could not be raised');
      });
  }

  function say(source: string | null, tally: Tally, more: object, nowMs: number): void {
    log.warn({ source: source ?? 'unknown', senders: tally.unsaid, ...more }, 'senders could not prove themselves');
    tally.unsaid = 0;
    tally.saidAtMs = nowMs;
  }

  return {
    note(source, failures, detail) {
      for (const failure of failures) totals[failure] = (totals[failure] ?? 0) + 1;
      const nowMs = clock.monotonicMs();
      const key = tallies.has(source) || tallies.size < maxSources ? source : null;
      const tally = tallies.get(key) ?? {
        ...{ unsaid: 0, saidAtMs: Number.NEGATIVE_INFINITY, recent: 0, windowFromMs: nowMs, alarmed: false },
      };
      tallies.set(key, tally);
      if (nowMs - tally.windowFromMs >= windowMs) Object.assign(tally, { recent: 0, windowFromMs: nowMs });
      tally.unsaid++;
      tally.recent++;
      if (nowMs - tally.saidAtMs >= lineEveryMs) say(key, tally, { failures, detail }, nowMs);
      if (tally.recent >= alarmAt && !tally.alarmed) raise(key, tally);
    },
    counts: () => ({ ...totals }),
    async settle() {
      const nowMs = clock.monotonicMs();
      for (const [source, tally] of tallies) {
        if (tally.unsaid > 0 && nowMs - tally.saidAtMs >= lineEveryMs) say(source, tally, {}, nowMs);
        if (nowMs - tally.windowFromMs < 2 * windowMs) continue;
        if (tally.alarmed) await alarms.clear(keyOf(source), 'Nobody fails to prove itself any more.');
        tallies.delete(source);
      }
    },
  };
}

const keyOf = (source: string | null): string => `proof.failing:${source ?? 'unknown'}`;
