import { isTerminal } from '../../core/model/order.ts';
import { UnprocessableJob } from '../../core/ports/job-data.ts';
import type { JobOutcome } from '../../core/ports/job-queue.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';
import type { BrokerWords } from './broker-words.ts';
import type { Context } from './context.ts';

const done: JobOutcome = { kind: 'done' };

/** Cancels orders: those that were never sent at once, the others by asking the broker until its word ends it. */
export interface Cancels {
  /** Handler of the job `order.cancel`. */
  cancel(orderId: string, reason: string): Promise<JobOutcome>;
}

export function createCancels(context: Context, words: BrokerWords): Cancels {
  const { orders, log, unclear } = context;
  const soon = (): JobOutcome => ({ kind: 'again', afterMs: Math.round(unclear.pauseMs(1000)) });
  const later = (record: OrderRecord): JobOutcome => ({
    kind: 'again',
    afterMs: Math.max(1, Math.round(unclear.pauseMs(unclear.sinceMs(record, 'cancel')))),
  });

  async function atBroker(found: OrderRecord, brokerOrderId: string, reason: string): Promise<JobOutcome> {
    const { orderId } = found;
    // Stored before the call, as with a submission; and the broker's `canceled` may be told before its answer.
    await orders.markCancelRequested(orderId, reason);
    const record = (await orders.find(orderId)) ?? found;
    const outcome = await context.broker(record.accountId).cancel(brokerOrderId);
    switch (outcome.kind) {
      case 'requested':
        await unclear.end(record, 'cancel');
        return done;
      case 'final':
        return lookUp(record, brokerOrderId, outcome.message);
      case 'not_found':
        log.error({ orderId, brokerOrderId }, 'the broker does not know the order that is to be cancelled; looking');
        return lookUp(record, brokerOrderId, 'The broker does not know the order.');
      case 'unknown':
        log.warn({ orderId, reason: outcome.message }, 'unclear whether the cancel was taken; looking');
        return lookUp(record, brokerOrderId, outcome.message);
    }
  }

  /** What the broker says of the order decides: it has ended, or it is asked again. */
  async function lookUp(record: OrderRecord, brokerOrderId: string, why: string): Promise<JobOutcome> {
    const { orderId, accountId } = record;
    const broker = context.broker(accountId);
    try {
      const order = (await broker.findOrder(brokerOrderId)) ?? (await broker.findByClientOrderId(record.clientOrderId));
      if (order) {
        await words.takeOver(accountId, order, 'poll');
        const now = await orders.find(orderId);
        if (now && isTerminal(now.status)) {
          await unclear.end(now, 'cancel');
          // What it was to take from the market may go on under another name.
          return now.status === 'replaced' ? { kind: 'again', afterMs: 1 } : done;
        }
        if (order.status === 'pending_cancel') return done;
        await orders.noteLookup(
          orderId,
          'unchanged',
          `It still works at the broker: asking again to cancel it. ${why}`,
        );
        await unclear.note(record, 'cancel', why);
      } else {
        await orders.noteLookup(orderId, 'missed', 'The broker says that it has no such order, by either of its ids.');
        await unclear.note(record, 'cancel', 'the broker says that it has no such order.', true);
      }
    } catch (error) {
      log.debug({ error, orderId }, 'the broker could not be asked for an order');
      await orders.noteLookup(orderId, 'unreachable', `The broker could not be asked what became of it. ${why}`);
      await unclear.note(record, 'cancel', `the broker could not be asked. ${why}`);
    }
    return later(record);
  }

  async function cancel(orderId: string, reason: string): Promise<JobOutcome> {
    const record = await orders.find(orderId);
    if (record === null) {
      throw new UnprocessableJob('There is no such order to cancel.');
    }
    switch (record.status) {
      case 'approved':
      case 'waiting':
        return (await orders.markCanceledUnsent(orderId, reason)) ? done : soon();
      case 'submitting':
      case 'submit_unknown':
        // Whether there is anything to cancel is not known yet.
        return soon();
      case 'held':
      case 'accepted':
      case 'partially_filled':
      case 'pending_replace':
      case 'pending_cancel':
        return record.brokerOrderId === null ? soon() : atBroker(record, record.brokerOrderId, reason);
      case 'replaced': {
        const [next] = await orders.replacementsOf(orderId);
        return next ? context.byOrder.run(next.orderId, () => cancel(next.orderId, reason)) : done;
      }
      default:
        await unclear.end(record, 'cancel');
        return done;
    }
  }

  return { cancel: (orderId, reason) => context.byOrder.run(orderId, () => cancel(orderId, reason)) };
}
