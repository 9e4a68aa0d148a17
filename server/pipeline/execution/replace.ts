import { decimal, price, quantity, text } from '../../core/decimal.ts';
import { uuidOf } from '../../core/ids.ts';
import { isTerminal } from '../../core/model/order.ts';
import type { OrderChange } from '../../core/ports/broker.ts';
import { UnprocessableJob } from '../../core/ports/job-data.ts';
import type { JobOutcome, OrderChangeText } from '../../core/ports/job-queue.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';
import type { BrokerWords } from './broker-words.ts';
import type { Context } from './context.ts';

const done: JobOutcome = { kind: 'done' };

/** Puts other orders in the place of working ones, each once. */
export interface Replaces {
  /** Handler of the job `order.replace`. An order that was replaced meanwhile passes the change on to the one that took its place. */
  replace(orderId: string, change: OrderChangeText, reason: string): Promise<JobOutcome>;
}

const terms = ['quantity', 'limitPrice', 'stopPrice', 'trail'] as const;

/** The client order id of an order that takes another's place: the same change of the same order is the same order. 42 characters. */
export const replacementClientOrderId = (orderId: string, change: OrderChangeText): string => {
  const asked = terms.map((term) => (change[term] === undefined ? '' : text(decimal(change[term]))));
  return `sbx-r-${uuidOf(`replacement of ${orderId}: ${asked.join(' ')}`)}`;
};

const toChange = (change: OrderChangeText): OrderChange => ({
  ...(change.quantity === undefined ? {} : { quantity: quantity(change.quantity) }),
  ...(change.limitPrice === undefined ? {} : { limitPrice: price(change.limitPrice) }),
  ...(change.stopPrice === undefined ? {} : { stopPrice: price(change.stopPrice) }),
  ...(change.trail === undefined ? {} : { trail: decimal(change.trail) }),
});

export function createReplaces(context: Context, words: BrokerWords): Replaces {
  const { orders, log, unclear } = context;
  const soon = (): JobOutcome => ({ kind: 'again', afterMs: Math.max(1, Math.round(unclear.pauseMs(1000))) });
  const later = (record: OrderRecord): JobOutcome => ({
    kind: 'again',
    afterMs: Math.max(1, Math.round(unclear.pauseMs(unclear.sinceMs(record, 'replacement')))),
  });

  /** Asks the broker. Asking twice is safe: the client order id is spent by the first, and the order it is about has ended by then. */
  async function ask(record: OrderRecord, brokerOrderId: string, change: OrderChangeText): Promise<JobOutcome> {
    const { orderId, accountId } = record;
    const clientOrderId = replacementClientOrderId(orderId, change);
    const outcome = await context.broker(accountId).replace(brokerOrderId, { ...toChange(change), clientOrderId });
    switch (outcome.kind) {
      case 'accepted':
        await words.takeAnswer(accountId, outcome.order);
        return ended(orderId, record);
      case 'refused':
        log.warn({ orderId, code: outcome.code, reason: outcome.message }, 'the broker refused to replace an order');
        await orders.markReplaceRefused(orderId, outcome.code, `${outcome.message} [${outcome.code}]`);
        return ended(orderId, record);
      case 'not_sent':
        await unclear.note(record, 'replacement', `${outcome.message} It will be asked again.`);
        return outcome.retryAfterMs === null ? later(record) : { kind: 'again', afterMs: outcome.retryAfterMs };
      case 'unknown':
        log.warn({ orderId, reason: outcome.message }, 'unclear whether an order was replaced; asking');
        return later(record);
      case 'final':
      case 'duplicate':
      case 'not_found':
        return { kind: 'again', afterMs: Math.max(1, Math.round(unclear.pauseMs(0))) };
    }
  }

  /** Whether the broker's word has ended the request; else it is looked for again. */
  async function ended(orderId: string, before: OrderRecord): Promise<JobOutcome> {
    const now = (await orders.find(orderId)) ?? before;
    if (now.status === 'pending_replace') return later(now);
    await unclear.end(now, 'replacement');
    return done;
  }

  /** Asked before, and no answer is known. The broker may have the new order, or say how the old one stands or ended. */
  async function resolve(record: OrderRecord, brokerOrderId: string, change: OrderChangeText): Promise<JobOutcome> {
    const { orderId, accountId } = record;
    const broker = context.broker(accountId);
    try {
      const next = await broker.findByClientOrderId(replacementClientOrderId(orderId, change));
      if (next) await words.takeOver(accountId, next, 'poll');
      const old = await broker.findOrder(brokerOrderId);
      if (old === null) {
        await orders.noteLookup(orderId, 'missed', 'The broker says that it has no such order to replace.');
        await unclear.note(record, 'replacement', 'the broker says that it has no such order.', true);
        return later(record);
      }
      await words.takeOver(accountId, old, 'poll');
      const now = await orders.find(orderId);
      if (now?.status !== 'pending_replace') return ended(orderId, record);
      if (next || old.brokerStatus === 'pending_replace') {
        await unclear.note(record, 'replacement', 'the broker has taken it, and the order is not replaced yet.');
        return later(record);
      }
      await orders.noteLookup(orderId, 'unchanged', 'It works at the broker as it was: asking again to replace it.');
      await unclear.note(record, 'replacement', 'the broker does not answer clearly.');
    } catch (error) {
      log.debug({ error, orderId }, 'the broker could not be asked for an order');
      await orders.noteLookup(orderId, 'unreachable', 'The broker could not be asked what became of the replacement.');
      await unclear.note(record, 'replacement', 'the broker could not be asked.');
      return later(record);
    }
    return ask(record, brokerOrderId, change);
  }

  async function replace(orderId: string, change: OrderChangeText, reason: string): Promise<JobOutcome> {
    const record = await orders.find(orderId);
    if (record === null) {
      throw new UnprocessableJob('There is no such order to replace.');
    }
    switch (record.status) {
      case 'approved':
      case 'waiting':
      case 'submitting':
      case 'submit_unknown':
      case 'pending_cancel':
        // There is nothing to replace yet, or soon nothing any more.
        return soon();
      case 'held':
      case 'accepted':
      case 'partially_filled': {
        const { brokerOrderId } = record;
        if (brokerOrderId === null) return soon();
        // It was taken and then refused by the venue: its id is spent, and asking again comes to the same.
        const clientOrderId = replacementClientOrderId(orderId, change);
        if ((await orders.replacementsOf(orderId)).some((one) => one.clientOrderId === clientOrderId)) return done;
        if (!(await orders.beginReplace(orderId, change, reason))) return soon();
        return ask((await orders.find(orderId)) ?? record, brokerOrderId, change);
      }
      case 'pending_replace':
        return record.brokerOrderId === null ? soon() : resolve(record, record.brokerOrderId, change);
      case 'replaced': {
        const clientOrderId = replacementClientOrderId(orderId, change);
        const all = await orders.replacementsOf(orderId);
        await unclear.end(record, 'replacement');
        if (all.some((one) => one.clientOrderId === clientOrderId)) return done;
        const next = all.find((one) => !isTerminal(one.status) || one.status === 'replaced');
        return next ? context.byOrder.run(next.orderId, () => replace(next.orderId, change, reason)) : done;
      }
      default:
        await unclear.end(record, 'replacement');
        log.info({ orderId, status: record.status }, 'an order ended before it could be replaced');
        return done;
    }
  }

  return {
    replace: (orderId, change, reason) => context.byOrder.run(orderId, () => replace(orderId, change, reason)),
  };
}
