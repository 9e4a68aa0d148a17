import type { Verdict } from './venue-proxy.ts';

/** Each step at which a process is killed, as it is seen from outside: on the wire, in the table of events, in its start. */
export const steps = [
  'at random',
  'alert sent',
  'alert answered',
  'signal.accepted',
  'decision.approved',
  'order.submitting',
  'submit arrived',
  'submit taken',
  'submit answered',
  'order.accepted',
  'fill told',
  'execution.recorded',
  'order.filled',
  'order.waiting',
  'order.submit_unknown',
  'cancel arrived',
  'cancel taken',
  'cancel answered',
  'order.cancel_requested',
  'order.canceled',
  'compare arrived',
  'compare answered',
  'reconciliation.completed',
  'kill_switch.engaged',
  'starting',
  'migrating',
] as const;
export type Step = (typeof steps)[number];

/** What happened when a step came for which somebody lay in wait. */
export interface Struck {
  readonly step: Step;
  readonly atMs: number;
}

/** Where those who see the steps and the one who lies in wait for them meet. */
export interface Moments {
  /** A step has come. Whoever lies in wait strikes now, within the call; its word decides what becomes of a request. */
  tell(step: Step): Verdict;
  /** Lies in wait for a step. `strike` is called within `tell`, once. */
  await(step: Step, strike: () => Verdict): Promise<Struck>;
  forget(): void;
  /** How often each step came. */
  readonly seen: Record<string, number>;
}

export function createMoments(): Moments {
  const seen: Record<string, number> = {};
  let waiting: { step: Step; strike: () => Verdict; struck: (struck: Struck) => void } | null = null;
  return {
    seen,
    tell(step) {
      seen[step] = (seen[step] ?? 0) + 1;
      if (waiting?.step !== step) return 'pass';
      const { strike, struck } = waiting;
      waiting = null;
      const verdict = strike();
      struck({ step, atMs: performance.now() });
      return verdict;
    },
    await(step, strike) {
      return new Promise((resolve) => {
        waiting = { step, strike, struck: resolve };
      });
    },
    forget() {
      waiting = null;
    },
  };
}
