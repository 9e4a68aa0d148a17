/** A timer that was started and can be stopped. */
export interface Timer {
  cancel(): void;
}

/**
 * Time, as everything outside `adapters` sees it: a live run, a test and a backtest are the same code under another clock.
 * `setTimeout`, `Date.now` and `new Date()` without an argument are banned elsewhere (server/architecture.test.ts).
 */
export interface Clock {
  /** Wall time. */
  now(): Date;
  /** Monotonic milliseconds, for durations only. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`. A pending timer does not keep the process alive. */
  after(delayMs: number, callback: () => void): Timer;
  /** Calls back every `intervalMs`, first after one interval. */
  every(intervalMs: number, callback: () => void): Timer;
  /** Resolves after `delayMs`; rejects with the signal's reason when aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
