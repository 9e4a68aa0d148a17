import { spreadMs } from '../../core/backoff.ts';
import type { JobOutcome } from '../../core/ports/job-queue.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';
import type { BrokerWords } from './broker-words.ts';
import type { Context } from './context.ts';

const done: JobOutcome = { kind: 'done' };

/** Cancels orders: those that were never sent at once, the others by asking the broker. */
export interface Cancels {
  /** Handler of the job `order.cancel`. */
  cancel(orderId: string, reason: string): Promise<JobOutcome>;
}

export function createCancels(context: Context, words: BrokerWords): Cancels {
  const { orders, log, random } = context;
  /** A quarter of a second to three quarters: asking twice is harmless, and soon is what matters. */
  const retry = (): JobOutcome => ({ kind: 'again', afterMs: Math.round(spreadMs(random, 250, 500)) });

  async function atBroker(record: OrderRecord, brokerOrderId: string, reason: string): Promise<JobOutcome> {
    // Stored before the call, as with a submission; and the broker's `canceled` may be told before its answer.
    await orders.markCancelRequested(record.orderId, reason);
    const broker = context.broker(record.accountId);
    const outcome = await broker.cancel(brokerOrderId);
    switch (outcome.kind) {
      case 'requested':
        return done;
      case 'final': {
        const order = await broker.findOrder(brokerOrderId);
        if (order) await words.takeOver(record.accountId, order, 'poll');
        return done;
      }
      case 'not_found':
        log.error(
          { orderId: record.orderId, brokerOrderId },
          'the broker does not know the order that is to be cancelled',
        );
        return done;
      case 'unknown':
        log.warn(
          { orderId: record.orderId, reason: outcome.message },
          'unclear whether the cancel was taken; asking again',
        );
        return retry();
    }
  }

  return {
    cancel: (orderId, reason) =>
      context.byOrder.run(orderId, async () => {
        const record = await orders.find(orderId);
        switch (record?.status) {
          case undefined:
            log.error({ orderId }, 'there is no such order to cancel');
            return done;
          case 'approved':
          case 'waiting':
            return (await orders.markCanceledUnsent(orderId, reason)) ? done : retry();
          case 'submitting':
          case 'submit_unknown':
            // Whether there is anything to cancel is not known yet.
            return retry();
          case 'held':
          case 'accepted':
          case 'partially_filled':
          case 'pending_cancel':
            return record.brokerOrderId === null ? retry() : atBroker(record, record.brokerOrderId, reason);
          default:
            return done;
        }
      }),
  };
}
