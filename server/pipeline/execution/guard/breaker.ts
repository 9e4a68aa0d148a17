import type { Clock } from '../../../core/ports/clock.ts';

/** `half_open`: the pause is over, and the next request tries whether the broker answers again. */
export type BreakerState = 'closed' | 'open' | 'half_open';

/** Stops bothering a broker that does not answer, and finds out when it does again. One for each broker. */
export interface Breaker {
  state(): BreakerState;
  /** How long entries wait at least; 0: they may go, or one may try. */
  waitMs(): number;
  /**
   * Whether a request may go. Exits and cancels always may. While it is open nothing else may; once the pause is over, one at a time, as
   * a try.
   */
  admits(always: boolean): boolean;
  /** The broker answered, whatever it said. */
  answered(): void;
  /** It did not answer, or not in a way that says anything: a time-out, a 5xx, no connection. */
  failed(problem: string): void;
  /** The request came to nothing that tells of the broker: the next one may try. */
  withdrawn(): void;
}

export interface BreakerHooks {
  opened(state: { readonly failures: number; readonly pauseMs: number; readonly problem: string }): void;
  /** A try after the pause failed as well. */
  stillOpen(state: { readonly openMs: number; readonly problem: string }): void;
  closed(state: { readonly openMs: number }): void;
  /** The first answer there ever was. */
  firstAnswer(): void;
}

/** The longest pause, in multiples of the first: each try that fails doubles it. */
const longestPauses = 8;

/** `settings` may change meanwhile: how many failures in a row open it, and how long it stays so at first. */
export function createBreaker(
  parts: { readonly clock: Clock; settings(): { readonly failures: number; readonly pauseMs: number } } & BreakerHooks,
): Breaker {
  const { clock } = parts;
  let failures = 0;
  /** Null: it is closed. */
  let openedAtMs: number | null = null;
  let untilMs = 0;
  let pauses = 0;
  let trying = false;
  let everAnswered = false;

  const leftMs = (): number => Math.max(0, untilMs - clock.monotonicMs());
  const state = (): BreakerState => (openedAtMs === null ? 'closed' : leftMs() > 0 ? 'open' : 'half_open');

  return {
    state,
    waitMs: () => (openedAtMs === null ? 0 : trying ? Math.max(leftMs(), 100) : leftMs()),
    admits(always) {
      if (openedAtMs === null || always) return true;
      if (leftMs() > 0 || trying) return false;
      trying = true;
      return true;
    },
    answered() {
      failures = 0;
      trying = false;
      const first = !everAnswered;
      everAnswered = true;
      if (openedAtMs === null) {
        if (first) parts.firstAnswer();
        return;
      }
      const openMs = clock.monotonicMs() - openedAtMs;
      openedAtMs = null;
      pauses = 0;
      parts.closed({ openMs });
    },
    failed(problem) {
      failures++;
      trying = false;
      const { failures: bearable, pauseMs: firstMs } = parts.settings();
      if (openedAtMs === null ? failures < bearable : leftMs() > 0) return;
      const pauseMs = firstMs * Math.min(2 ** pauses++, longestPauses);
      untilMs = clock.monotonicMs() + pauseMs;
      if (openedAtMs !== null) {
        parts.stillOpen({ openMs: clock.monotonicMs() - openedAtMs, problem });
        return;
      }
      openedAtMs = clock.monotonicMs();
      parts.opened({ failures, pauseMs, problem });
    },
    withdrawn() {
      trying = false;
    },
  };
}
