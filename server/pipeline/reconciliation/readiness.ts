import type { ReconciliationSettings } from '../../core/model/settings.ts';
import type { Clock } from '../../core/ports/clock.ts';

/** How an account's comparisons went. */
interface State {
  /** When the last one began that did not fail. */
  comparedAt: Date | null;
  /** What was compared before this says nothing any more: the stream was away. */
  brokenAt: Date | null;
  failingSince: Date | null;
  failures: number;
}

/** Whether new entries may be decided and sent for an account. */
export interface Readiness {
  ready(accountId: string): boolean;
  /** A comparison that began at `startedAt` succeeded. Answers whether the account was not ready before. */
  succeeded(accountId: string, startedAt: Date): boolean;
  /** Answers since when it fails, and how often in a row. */
  failed(accountId: string, startedAt: Date): { readonly since: Date; readonly failures: number };
  /** The stream was away: what was compared before counts no more. */
  interrupted(accountId: string): void;
}

export function createReadiness(clock: Clock, settings: () => ReconciliationSettings): Readiness {
  const states = new Map<string, State>();
  const stateOf = (accountId: string): State => {
    const known = states.get(accountId) ?? { comparedAt: null, brokenAt: null, failingSince: null, failures: 0 };
    states.set(accountId, known);
    return known;
  };

  function ready(accountId: string): boolean {
    const { comparedAt, brokenAt, failingSince } = stateOf(accountId);
    if (comparedAt === null || (brokenAt !== null && comparedAt < brokenAt)) return false;
    const { staleSeconds, failingSeconds } = settings();
    const nowMs = clock.now().getTime();
    if (nowMs - comparedAt.getTime() > staleSeconds * 1000) return false;
    return failingSince === null || nowMs - failingSince.getTime() <= failingSeconds * 1000;
  }

  return {
    ready,
    succeeded(accountId, startedAt) {
      const was = ready(accountId);
      const state = stateOf(accountId);
      state.comparedAt = startedAt;
      state.failingSince = null;
      state.failures = 0;
      return !was && ready(accountId);
    },
    failed(accountId, startedAt) {
      const state = stateOf(accountId);
      state.failingSince ??= startedAt;
      state.failures++;
      return { since: state.failingSince, failures: state.failures };
    },
    interrupted(accountId) {
      stateOf(accountId).brokenAt = clock.now();
    },
  };
}
