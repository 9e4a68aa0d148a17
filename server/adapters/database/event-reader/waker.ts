import type { Clock } from '../../../core/ports/clock.ts';

/** A wait that can be cut short, also by a call that came since the last `reset`: none is lost between looking and waiting. */
export interface Waker {
  wake(): void;
  /** Forgets earlier calls; before looking, so that a call during the look counts. */
  reset(): void;
  wait(ms: number): Promise<void>;
}

export function createWaker(clock: Clock): Waker {
  let woken = false;
  let resume: (() => void) | null = null;
  return {
    wake: () => {
      woken = true;
      resume?.();
    },
    reset: () => {
      woken = false;
    },
    wait: async (ms) => {
      if (woken) return;
      await new Promise<void>((resolve) => {
        const timer = clock.after(ms, resolve);
        resume = () => {
          timer.cancel();
          resolve();
        };
      });
      resume = null;
    },
  };
}
