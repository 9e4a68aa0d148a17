import { fullJitterMs } from '../../core/backoff.ts';
import type { Timer } from '../../core/ports/clock.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';
import type { BrokerWords } from './broker-words.ts';
import type { Cancels } from './cancel.ts';
import type { Context } from './context.ts';
import type { Submits } from './submit.ts';

/** Told of the stream's state; for reconciliation and the dashboard. */
export interface FollowHooks {
  onConnected(): void;
  onDisconnected(reason: string): void;
}

export interface Following {
  close(): Promise<void>;
}

/**
 * Follows an account: the broker's stream, and a poll that does not trust it. The poll looks into our own books every
 * `pollOpenMs`, and asks the broker when an order is open there, or `pollIdleMs` have passed.
 */
export function followAccount(
  context: Context,
  words: BrokerWords,
  submits: Submits,
  cancels: Cancels,
  accountId: string,
  hooks: FollowHooks,
): Following {
  const { clock, log, orders, timings } = context;
  let closed = false;
  let timer: Timer | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> = Promise.resolve();
  let failures = 0;

  const isStuck = (order: OrderRecord): boolean => {
    const nowMs = clock.now().getTime();
    if (order.parentId !== null) return false;
    if (order.status === 'approved' || order.status === 'waiting')
      return nowMs - order.createdAt.getTime() > timings.stuckMs;
    if (order.status !== 'submitting' && order.status !== 'submit_unknown') return false;
    return nowMs - (order.submittingAt ?? order.createdAt).getTime() > timings.missGraceMs + timings.stuckMs;
  };

  /** Since when, by the monotonic clock, each order waits for its cancel, or for the answer to the last one that was asked for here. */
  const cancelling = new Map<string, number>();

  /**
   * A cancel is stored before it is asked for: one that was lost on the way, or with the process that asked, is asked for again. What an
   * earlier process asked for counts from when it was stored: were it counted from the start, processes that end soon would never ask.
   */
  function askAgain(open: readonly OrderRecord[]): void {
    const nowMs = clock.monotonicMs();
    const waiting = open.filter((order) => order.status === 'pending_cancel' && order.brokerOrderId !== null);
    const ids = new Set(waiting.map((order) => order.orderId));
    for (const orderId of cancelling.keys()) if (!ids.has(orderId)) cancelling.delete(orderId);
    for (const { orderId, askedAt } of waiting) {
      const storedMs = askedAt === null ? 0 : Math.max(0, clock.now().getTime() - askedAt.getTime());
      const sinceMs = cancelling.get(orderId) ?? nowMs - storedMs;
      const due = nowMs - sinceMs > timings.stuckMs;
      cancelling.set(orderId, due ? nowMs : sinceMs);
      if (!due) continue;
      void cancels
        .cancel(orderId, 'It was to be cancelled and has not ended.')
        .catch((error: unknown) => log.warn({ error, orderId }, 'a cancel could not be asked for again'));
    }
  }

  async function poll(): Promise<void> {
    const open = await orders.open(accountId);
    askAgain(open);
    for (const order of open.filter(isStuck)) {
      void submits
        .submit(order.orderId)
        .catch((error: unknown) => log.warn({ error, orderId: order.orderId }, 'a stuck order could not be taken up'));
    }
    const isOpenThere = open.some((order) => order.brokerOrderId !== null);
    if (!isOpenThere && clock.monotonicMs() - askedAtMs < timings.pollIdleMs) return;
    askedAtMs = clock.monotonicMs();
    await words.sync(accountId, await words.pollScope(accountId));
  }

  const schedule = (): void => {
    if (closed) return;
    const bounds = { firstMs: timings.pollOpenMs, longestMs: timings.pollIdleMs };
    const laterMs = failures === 0 ? 0 : fullJitterMs(context.random, failures, bounds);
    timer = clock.after(timings.pollOpenMs + laterMs, () => {
      running = poll()
        .then(
          () => {
            if (failures > 0) log.info({ accountId }, 'the broker can be polled again');
            failures = 0;
          },
          (error: unknown) => {
            if (failures === 0) log.warn({ error, accountId }, 'the broker could not be polled; trying on');
            failures++;
          },
        )
        .finally(schedule);
    });
  };
  schedule();

  const stream = context.broker(accountId).stream({
    onUpdate: (update) => void words.onUpdate(accountId, update),
    onConnected: () => {
      // What happened while nobody listened is not told again.
      askedAtMs = Number.NEGATIVE_INFINITY;
      hooks.onConnected();
    },
    onDisconnected: (reason) => hooks.onDisconnected(reason),
  });

  return {
    async close() {
      closed = true;
      timer?.cancel();
      await stream.close();
      // A broker that does not answer must not hold up a stop.
      await Promise.race([running, clock.sleep(1000)]);
    },
  };
}
