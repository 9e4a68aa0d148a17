import type { Clock, Timer } from '../core/ports/clock.ts';

interface Pending {
  at: number;
  every: number | null;
  callback: () => void;
}

/** A clock that stands still until the test moves it. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #start: number;
  readonly #pending = new Set<Pending>();

  constructor(start: string | Date = '2026-11-20T15:00:00.000Z') {
    this.#nowMs = new Date(start).getTime();
    this.#start = this.#nowMs;
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs - this.#start;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.#add({ at: this.#nowMs + delayMs, every: null, callback });
  }

  every(intervalMs: number, callback: () => void): Timer {
    return this.#add({ at: this.#nowMs + intervalMs, every: intervalMs, callback });
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = this.after(delayMs, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      const abort = () => {
        timer.cancel();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Moves time on, running what falls due in its order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    for (;;) {
      const next = [...this.#pending].filter((p) => p.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#nowMs = next.at;
      if (next.every === null) this.#pending.delete(next);
      else next.at += next.every;
      next.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#nowMs = end;
    await new Promise((resolve) => setImmediate(resolve));
  }

  #add(pending: Pending): Timer {
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }
}
