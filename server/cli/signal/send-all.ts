import type { Clock } from '../../core/ports/clock.ts';
import { dueMs, type Pace } from './pace.ts';
import type { Plan, PlannedAlert } from './plan.ts';
import type { Reply } from './post-alert.ts';

/** With a pace, how many may wait for an answer at once: beyond it the receiver is what is slow, and more would not be a truer test. */
const mostUnderWay = 200;

export interface SendAllParts {
  readonly plan: Plan;
  readonly pace: Pace;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly post: (alert: PlannedAlert) => Promise<Reply>;
  readonly onReply: (alert: PlannedAlert, reply: Reply) => void;
  /** Aborted: nothing more is sent, and what is under way is waited for. */
  readonly stop: AbortSignal;
}

/** Sends what is planned at its pace; answers when all that was sent is answered. */
export async function sendAll({ plan, pace, clock, post, onReply, stop }: SendAllParts): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const most = pace.beatMs === null ? pace.burst : mostUnderWay;
  const startedMs = clock.monotonicMs();
  for (let number = 1; number <= plan.count && !stop.aborted; number++) {
    const waitMs = startedMs + dueMs(pace, number - 1) - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, stop).catch(() => {});
    while (underWay.size >= most && !stop.aborted) await Promise.race(underWay);
    if (stop.aborted) break;
    const alert = plan.alert(number);
    const sending: Promise<void> = post(alert).then((reply) => {
      underWay.delete(sending);
      onReply(alert, reply);
    });
    underWay.add(sending);
  }
  await Promise.all(underWay);
}
