import type { BrokerUpdate } from '../../core/model/broker-order.ts';
import type { JobOutcome, JobQueue, Jobs } from '../../core/ports/job-queue.ts';
import { type BrokerWords, createBrokerWords } from './broker-words.ts';
import { type Cancels, createCancels } from './cancel.ts';
import { createContext, type ExecutionDeps } from './context.ts';
import { type FollowHooks, type Following, followAccount } from './follow.ts';
import { createReplaces } from './replace.ts';
import { createSubmits } from './submit.ts';

/** Brings approved orders to the broker, and the broker's word back into our books. */
export interface Execution {
  /** Handlers of the jobs, by queue. */
  readonly handlers: {
    readonly [Q in 'order.submit' | 'order.cancel' | 'order.replace' | 'order.lookup']: (
      data: Jobs[Q],
    ) => Promise<JobOutcome>;
  };
  /** Takes the four queues to work. */
  work(queue: Pick<JobQueue, 'work'>): void;
  /** A word from the stream. Words of one account are taken over in the order they came. */
  onUpdate(accountId: string, update: BrokerUpdate): Promise<void>;
  /** Asks the broker about orders and fills; what reconciliation is built on. */
  sync: BrokerWords['sync'];
  /** Takes over what the broker says now, as a poll does. Throws when it cannot be asked. */
  refresh(accountId: string): Promise<void>;
  /** Opens the stream of an account and polls it, until closed. */
  follow(accountId: string, hooks: FollowHooks): Following;
  /** Resolves when nothing is being worked on. */
  idle(): Promise<void>;
}

/** Orders of this many decisions are sent at the same time; the broker's answer is what they wait for. */
const concurrency = 32;

/** Wires the parts of execution. */
export function createExecution(deps: ExecutionDeps): Execution {
  const context = createContext(deps);
  const words = createBrokerWords(context, (accountId, symbol) => void wakeWaiting(accountId, symbol));
  const cancels: Cancels = createCancels(context, words);
  const replaces = createReplaces(context, words);
  const submits = createSubmits(context, words, cancels, (accountId, symbol) => void wakeWaiting(accountId, symbol));

  /** An order has ended or was sent: those that waited for it, or for its shares, go on at once. Their jobs would look again by themselves, later. */
  async function wakeWaiting(accountId: string, symbol: string): Promise<void> {
    try {
      const open = await context.orders.open(accountId, symbol);
      for (const order of open) {
        const waits = order.status === 'waiting' || (order.status === 'approved' && order.afterOrderId != null);
        if (waits) await submits.submit(order.orderId);
      }
    } catch (error) {
      context.log.warn({ error, accountId, symbol }, 'a waiting exit could not be woken; its job will look');
    }
  }

  const handlers: Execution['handlers'] = {
    'order.submit': ({ orderId }) => submits.submit(orderId),
    'order.lookup': ({ orderId }) => submits.submit(orderId),
    'order.cancel': ({ orderId, reason }) => cancels.cancel(orderId, reason),
    'order.replace': ({ orderId, change, reason }) => replaces.replace(orderId, change, reason),
  };

  return {
    handlers,
    work(queue) {
      queue.work('order.submit', { concurrency }, handlers['order.submit']);
      queue.work('order.cancel', { concurrency }, handlers['order.cancel']);
      queue.work('order.replace', { concurrency }, handlers['order.replace']);
      queue.work('order.lookup', { concurrency: 4 }, handlers['order.lookup']);
    },
    onUpdate: words.onUpdate,
    sync: words.sync,
    async refresh(accountId) {
      await words.sync(accountId, await words.pollScope(accountId));
    },
    follow: (accountId, hooks) => followAccount(context, words, submits, cancels, accountId, hooks),
    async idle() {
      await Promise.all([context.byAccount.idle(), context.byOrder.idle()]);
    },
  };
}
