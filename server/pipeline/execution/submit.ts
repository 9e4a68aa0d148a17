import { fullJitterMs } from '../../core/backoff.ts';
import { text } from '../../core/decimal.ts';
import type { ApprovedOrder } from '../../core/model/approved-order.ts';
import { killedBy, switchInWords } from '../../core/model/kill-switch.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import { UnprocessableJob } from '../../core/ports/job-data.ts';
import type { JobOutcome } from '../../core/ports/job-queue.ts';
import type { ApprovedRecord, OrderRecord } from '../../core/ports/order-store.ts';
import type { BrokerWords } from './broker-words.ts';
import type { Cancels } from './cancel.ts';
import { closingRoom, freeToProtect } from './closing-room.ts';
import type { Context } from './context.ts';
import { forVenue, notTaken } from './for-venue.ts';
import { roomAfterEntry, turnOf } from './turn.ts';

const done: JobOutcome = { kind: 'done' };
const again = (afterMs: number): JobOutcome => ({ kind: 'again', afterMs: Math.max(1, Math.round(afterMs)) });

type Found = ApprovedRecord;

/** Sends approved orders, each exactly once. */
export interface Submits {
  /** Handler of the jobs `order.submit` and `order.lookup`: brings an order as far as it goes now. */
  submit(orderId: string): Promise<JobOutcome>;
}

/** `onMoved` is told of each order that was sent or will not be: others may wait for it. */
export function createSubmits(
  context: Context,
  words: BrokerWords,
  cancels: Cancels,
  onMoved: (accountId: string, symbol: string) => void,
): Submits {
  const { orders, clock, log, random, settings, timings, unclear } = context;
  /** Orders that this process knows not to have left it, and how often that happened; after a crash the grace period decides. */
  const neverLeft = new Map<string, number>();
  /** Since when, by the monotonic clock, and how often the broker has found the shares of an order held by others. */
  const foundHeld = new Map<string, { readonly sinceMs: number; readonly times: number }>();

  /** Why an entry must not be sent now. Exits are always sent. */
  function stopped({ order, record, alertExpiresAt }: Found): { code: RefusalCode; sentence: string } | null {
    if (order.intent !== 'entry') return null;
    const { killSwitches } = settings.current();
    const killed = killedBy(killSwitches, order);
    if (killed) {
      return {
        code: 'EXECUTION_KILLED',
        sentence: `${switchInWords(killed).replace(/^t/, 'T')} was on when the order was to be sent: ${killed.reason}.`,
      };
    }
    const now = clock.now();
    if (alertExpiresAt !== null && now.getTime() >= alertExpiresAt.getTime()) {
      return {
        code: 'EXECUTION_ALERT_EXPIRED',
        sentence: `Its alert expired at ${alertExpiresAt.toISOString()}, before it could be sent at ${now.toISOString()}.`,
      };
    }
    const ageMs = now.getTime() - record.createdAt.getTime();
    const counts = context.alertSeconds(order);
    if (ageMs > counts * 1000) {
      if (!context.ready(order.accountId)) {
        return {
          code: 'EXECUTION_NOT_COMPARED',
          sentence: `Its account could not be compared with the broker, and it waited ${Math.floor(ageMs / 1000)} s; an alert counts for ${counts} s.`,
        };
      }
      return {
        code: 'EXECUTION_TOO_LATE',
        sentence: `It could not be sent for ${Math.floor(ageMs / 1000)} s; an alert counts for ${counts} s.`,
      };
    }
    return null;
  }

  async function send(found: Found): Promise<JobOutcome> {
    const { record } = found;
    if (record.status === 'approved') {
      const turn = await turnOf(context, found.order, record);
      if (turn.kind === 'wait') return again(untilNextLookMs(record));
      if (turn.kind === 'never') {
        await orders.markRejected(record.orderId, turn.code, turn.sentence);
        return done;
      }
    }
    const stop = stopped(found);
    if (stop) {
      await orders.markRejected(record.orderId, stop.code, stop.sentence);
      return done;
    }
    let { order } = found;
    if (order.intent === 'entry') {
      if (!context.ready(order.accountId)) return again(timings.notReadyMs);
      // Before anything is stored: what waits in our own line is not on its way.
      const hold = await context.mayEnter(order);
      if (hold) return again(hold.afterMs);
    }
    const untaken = notTaken(order, context.broker(order.accountId).capabilities(order.symbol));
    if (untaken) {
      await orders.markRejected(order.orderId, 'EXECUTION_TERMS_NOT_TAKEN', `The venue would not take it: ${untaken}`);
      return done;
    }
    if (order.intent === 'exit') {
      const prepared = await prepare(found);
      if ('outcome' in prepared) return prepared.outcome;
      order = prepared.order;
    }
    // Another worker has it, or it was cancelled: look again, in case that worker dies.
    if (!(await orders.beginSubmit(order.orderId))) return again(timings.waitingFloorMs);
    const lateStop = stopped(found);
    if (lateStop) {
      await orders.markRejected(order.orderId, lateStop.code, lateStop.sentence);
      return done;
    }
    return call({ ...found, order });
  }

  /** Its end wakes an order that waits; looking by itself, it may wait for days until a limit entry is filled. */
  const untilNextLookMs = (record: OrderRecord): number =>
    Math.min(Math.max((clock.now().getTime() - record.createdAt.getTime()) / 4, timings.waitingFloorMs), 30_000);

  /** Clears the way for an order that closes or protects. */
  function prepare(found: Found): Promise<{ order: ApprovedOrder } | { outcome: JobOutcome }> {
    if (found.order.after?.when === 'filled') return prepareFollower(found);
    const takesWhatIsFree = found.record.role === 'stop_loss' || found.order.after?.when === 'sent';
    return takesWhatIsFree ? prepareStop(found) : prepareExit(found);
  }

  /** A stop that takes over what an entry has bought from the entry's own legs. */
  async function prepareFollower({
    order,
    record,
  }: Found): Promise<{ order: ApprovedOrder } | { outcome: JobOutcome }> {
    const room = await roomAfterEntry(context, cancels, order, record);
    switch (room.kind) {
      case 'clearing':
        if (record.status === 'approved') {
          await orders.beginWaiting(order.orderId, `Waiting for the end of what holds its shares: ${room.names}.`);
        }
        return { outcome: again(timings.waitingFloorMs) };
      case 'nothing':
        await orders.markRejected(order.orderId, 'EXECUTION_NOTHING_LEFT', room.sentence);
        return { outcome: done };
      case 'clear': {
        if (room.quantity.gte(order.quantity)) return { order };
        if (record.status === 'submit_unknown') {
          const sentence = `The position shrank to ${text(room.quantity)} while it was unclear whether the stop had arrived.`;
          await orders.markRejected(order.orderId, 'EXECUTION_NOTHING_LEFT', sentence);
          return { outcome: done };
        }
        const sentence = `Only ${text(room.quantity)} were left to protect.`;
        await orders.reduceQuantity(order.orderId, room.quantity, sentence);
        const lowered = await orders.approved(order.orderId);
        return lowered ? { order: lowered.order } : { outcome: done };
      }
    }
  }

  async function call({ order, record }: Pick<Found, 'order' | 'record'>): Promise<JobOutcome> {
    const { orderId, accountId } = order;
    const broker = context.broker(accountId);
    const outcome = await broker.submit(forVenue(order, broker.capabilities(order.symbol)));
    if (outcome.kind !== 'not_sent') neverLeft.delete(orderId);
    switch (outcome.kind) {
      case 'accepted':
        foundHeld.delete(orderId);
        await words.takeAnswer(accountId, outcome.order);
        return done;
      case 'refused': {
        const { code, message, sharesHeld } = outcome;
        log.warn({ orderId, code, reason: message }, 'the broker refused an order');
        const pauseMs = sharesHeld && order.intent === 'exit' ? await untilFreedMs({ order, record }) : null;
        if (pauseMs !== null) {
          await orders.beginWaiting(orderId, `The broker says that other orders hold its shares: ${message}.`);
          return again(pauseMs);
        }
        foundHeld.delete(orderId);
        await orders.markRejected(orderId, 'EXECUTION_BROKER_REFUSED', `${message} [${code}]`);
        if (order.intent === 'exit' && record.role !== 'stop_loss') await unclear.refused(record, message);
        return done;
      }
      case 'duplicate':
        await orders.markUnknown(orderId, 'The broker has an order under this client order id already; asking for it.');
        return again(1);
      case 'not_sent': {
        const times = (neverLeft.get(orderId) ?? 0) + 1;
        neverLeft.set(orderId, times);
        await orders.markUnknown(orderId, `${outcome.message} Not sent; it will be tried again.`);
        const bounds = { firstMs: timings.lookupFirstMs * 2, longestMs: timings.lookupLongestMs };
        return again(outcome.retryAfterMs ?? fullJitterMs(random, times, bounds));
      }
      case 'unknown':
        log.warn({ orderId, reason: outcome.message }, 'unclear whether the broker took an order; asking');
        await orders.markUnknown(orderId, outcome.message);
        return again(timings.lookupFirstMs);
    }
  }

  /** The broker finds the shares of an order held: after how long to try again, having asked what holds them. Null: it is not tried again. */
  async function untilFreedMs({ order, record }: Pick<Found, 'order' | 'record'>): Promise<number | null> {
    const { orderId, accountId, symbol, strategy } = order;
    const nowMs = clock.monotonicMs();
    const { sinceMs, times: before } = foundHeld.get(orderId) ?? { sinceMs: nowMs, times: 0 };
    const times = before + 1;
    foundHeld.set(orderId, { sinceMs, times });
    if (order.after?.when === 'filled') {
      // What it is to take the place of holds them, and protects them for as long as that takes.
      await hear(accountId);
      return fullJitterMs(random, times, { firstMs: timings.waitingFloorMs, longestMs: timings.lookupLongestMs });
    }
    if (record.role === 'stop_loss') {
      // Whether there is room for it is worked out anew with what was heard. Were it for as much as before, the refusal would be the same.
      await hear(accountId);
      const [held, open] = await Promise.all([
        orders.positionQuantity(accountId, symbol, strategy),
        orders.open(accountId, symbol, strategy),
      ]);
      return freeToProtect(order, held, open).lt(order.quantity) ? timings.waitingFloorMs : null;
    }
    // Counted from the first time: it may have waited long for its entry, or for an answer, before it could be tried at all.
    if (nowMs - sinceMs >= timings.sharesHeldMs) return null;
    await hear(accountId);
    return timings.waitingFloorMs;
  }

  /** What the broker has and we have not heard of: then it can be cancelled. */
  async function hear(accountId: string): Promise<void> {
    try {
      await words.sync(accountId, await words.pollScope(accountId));
    } catch (error) {
      log.debug({ error, accountId }, 'the broker could not be asked what holds the shares of an exit');
    }
  }

  async function ended(orderId: string): Promise<JobOutcome> {
    const now = await orders.find(orderId);
    if (now) await unclear.end(now, 'submission');
    return done;
  }

  /** A submission whose outcome is not known: only the broker's word ends it. */
  async function resolve(found: Found): Promise<JobOutcome> {
    const { order, record } = found;
    const elapsedMs = unclear.sinceMs(record, 'submission');
    const pauseMs = unclear.pauseMs(elapsedMs);
    const surelyAbsent = neverLeft.has(order.orderId) && record.status === 'submit_unknown';
    if (surelyAbsent)
      await unclear.note(record, 'submission', `it could not be sent yet. ${record.problem ?? ''}`.trim());
    else {
      const { accountId, orderId } = order;
      const broker = context.broker(accountId);
      try {
        const known = await broker.findByClientOrderId(order.clientOrderId);
        if (known) {
          await orders.noteLookup(
            orderId,
            'found',
            `Looked up by its client order id: the broker has it (${known.brokerStatus}).`,
          );
          await words.takeOver(accountId, known, 'poll');
          return ended(orderId);
        }
        await orders.noteLookup(
          orderId,
          'missed',
          `The broker does not know its client order id; that counts only ${timings.missGraceMs / 1000} s after it was sent.`,
        );
        await unclear.note(record, 'submission', 'the broker does not know its client order id.');
        if (elapsedMs < timings.missGraceMs) return again(Math.min(pauseMs, timings.missGraceMs - elapsedMs));
        // A fill in the list of activities is the broker's word as much as the order is.
        await words.takeFills(accountId, record.submittingAt ?? record.createdAt);
      } catch (error) {
        log.debug({ error, orderId }, 'the broker could not be asked for an order');
        await orders.noteLookup(orderId, 'unreachable', 'The broker could not be asked whether it has the order.');
        await unclear.note(record, 'submission', 'the broker could not be asked.');
        return again(pauseMs);
      }
      const now = await orders.find(orderId);
      if (now?.status !== record.status) return ended(orderId);
      log.info({ orderId, elapsedMs }, 'the broker never got the order');
    }
    if (record.status === 'submitting') {
      await orders.markUnknown(
        order.orderId,
        'The answer was lost, and the broker does not know the order; sending it again.',
      );
    }
    // The same client order id as before: were the first one still to turn up, the broker would refuse the second.
    return send({ ...found, record: { ...record, status: 'submit_unknown' } });
  }

  /** Clears the way for an exit: what holds its shares is cancelled and waited for, then what is left is closed. */
  async function prepareExit({ order, record }: Found): Promise<{ order: ApprovedOrder } | { outcome: JobOutcome }> {
    const [held, open] = await Promise.all([
      orders.positionQuantity(order.accountId, order.symbol, order.strategy),
      orders.open(order.accountId, order.symbol, order.strategy),
    ]);
    const room = closingRoom({ ...order, createdAt: record.createdAt }, held, open);
    // An entry before it that is on its way may be filled yet: the exit means that one too, and waits for its end.
    const mayGrow = [...room.toCancel, ...room.toAwait].some((other) => other.role === 'entry');
    if (room.left.lte('0') && !mayGrow) {
      const sentence = `Nothing was left to close: the position in ${order.symbol} is ${text(held)}.`;
      await orders.markRejected(order.orderId, 'EXECUTION_NOTHING_LEFT', sentence);
      return { outcome: done };
    }
    if (room.toCancel.length + room.toAwait.length > 0) {
      if (record.status === 'approved') {
        const names = [...room.toCancel, ...room.toAwait].map((other) => other.role.replace('_', ' ')).join(', ');
        await orders.beginWaiting(order.orderId, `Waiting for the end of what holds its shares: ${names}.`);
      }
      const asked = new Set<string>();
      for (const other of room.toCancel) {
        // One leg of a bracket takes the other with it; were it not to, the next look would cancel that one too.
        const group = other.parentId ?? other.orderId;
        if (asked.has(group)) continue;
        asked.add(group);
        await cancels.cancel(other.orderId, `Its shares are needed to close the position in ${order.symbol}.`);
      }
      return { outcome: again(timings.waitingFloorMs) };
    }
    if (room.left.gte(order.quantity)) return { order };
    if (record.status === 'submit_unknown') {
      const sentence = `The position shrank to ${text(room.left)} while it was unclear whether the order had arrived.`;
      await orders.markRejected(order.orderId, 'EXECUTION_NOTHING_LEFT', sentence);
      return { outcome: done };
    }
    await orders.reduceQuantity(order.orderId, room.left, `Only ${text(room.left)} were left to close.`);
    const lowered = await orders.approved(order.orderId);
    return lowered ? { order: lowered.order } : { outcome: done };
  }

  /** A stop takes what no other order holds, and clears no way: what holds the rest closes it, or protects it. */
  async function prepareStop({ order, record }: Found): Promise<{ order: ApprovedOrder } | { outcome: JobOutcome }> {
    const [held, open] = await Promise.all([
      orders.positionQuantity(order.accountId, order.symbol, order.strategy),
      orders.open(order.accountId, order.symbol, order.strategy),
    ]);
    const free = freeToProtect(order, held, open);
    if (free.gte(order.quantity)) return { order };
    if (free.lte('0') || record.status === 'submit_unknown') {
      const sentence = `Of the position in ${order.symbol}, ${text(held)}, nothing was left that another order does not hold.`;
      await orders.markRejected(order.orderId, 'EXECUTION_NOTHING_LEFT', sentence);
      return { outcome: done };
    }
    await orders.reduceQuantity(order.orderId, free, `Only ${text(free)} were left to protect.`);
    const lowered = await orders.approved(order.orderId);
    return lowered ? { order: lowered.order } : { outcome: done };
  }

  return {
    submit: (orderId) =>
      context.byOrder.run(orderId, async () => {
        const found = await orders.approved(orderId);
        switch (found?.record.status) {
          case 'approved':
          case 'waiting': {
            const outcome = await send(found);
            if (outcome.kind === 'done') onMoved(found.order.accountId, found.order.symbol);
            return outcome;
          }
          case 'submitting':
          case 'submit_unknown':
            return resolve(found);
          case undefined:
            throw new UnprocessableJob('There is no such approved order to send.');
          default:
            neverLeft.delete(orderId);
            foundHeld.delete(orderId);
            if (found) await unclear.end(found.record, 'submission');
            return done;
        }
      }),
  };
}
