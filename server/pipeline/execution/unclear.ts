import type { BrokerFill } from '../../core/model/broker-order.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';
import type { Random } from '../../core/ports/random.ts';
import type { ExecutionTimings } from './timings.ts';

/** What was asked of the broker. */
export type Asked = 'submission' | 'cancel' | 'replacement';

/** What is done about requests whose outcome is not known, or not what was needed: when to ask again, and when a person has to know. */
export interface Unclear {
  /** The pause before the next look-up: half of the time it has been unclear, within bounds, up to a half of it drawn. */
  pauseMs(sinceMs: number): number;
  /** For how long it has been unclear, in milliseconds. */
  sinceMs(order: OrderRecord, asked: Asked): number;
  /** Tells a person once it has been unclear for too long. `missing`: at once, as the broker says that it has no such order. */
  note(order: OrderRecord, asked: Asked, why: string, missing?: boolean): Promise<void>;
  /** The broker's word has ended it. */
  end(order: OrderRecord, asked: Asked): Promise<void>;
  /** A trade of the account was taken back or changed. */
  traded(accountId: string, orderId: string | null, correction: BrokerFill): Promise<void>;
  /** An exit was refused for good. */
  refused(exit: OrderRecord, message: string): Promise<void>;
}

interface UnclearParts {
  readonly alarms?: Pick<Alarms, 'raise' | 'clear'> | undefined;
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  readonly timings: ExecutionTimings;
  readonly log: Log;
}

export function createUnclear({ alarms, clock, random, timings, log }: UnclearParts): Unclear {
  const keyOf = (order: OrderRecord, asked: Asked): string => `unclear:${asked}:${order.orderId}`;
  /** Those that this process has told of: what one before it told of is recognised by its age. */
  const told = new Set<string>();
  const sinceMs = (order: OrderRecord, asked: Asked): number => {
    const from = asked === 'submission' ? order.submittingAt : order.askedAt;
    return clock.now().getTime() - (from ?? order.createdAt).getTime();
  };

  return {
    sinceMs,
    pauseMs(elapsedMs) {
      const longest = Math.min(Math.max(elapsedMs / 2, timings.lookupFirstMs), timings.lookupLongestMs);
      return longest * (1 - random.fraction() / 2);
    },
    async note(order, asked, why, missing = false) {
      const elapsedMs = sinceMs(order, asked);
      if (alarms === undefined || (!missing && elapsedMs < timings.unclearAlarmMs)) return;
      const key = keyOf(order, asked);
      told.add(key);
      const seconds = Math.round(elapsedMs / 1000);
      const what = `the ${asked} of ${order.side} ${order.quantity.toFixed()} ${order.symbol}`;
      await alarms
        .raise({
          key,
          kind: 'order.unclear',
          severity: 'page',
          accountId: order.accountId,
          orderId: order.orderId,
          sentence: `For ${seconds} s it has been unclear what became of ${what}: ${why}`,
          data: { asked, symbol: order.symbol, clientOrderId: order.clientOrderId, seconds },
        })
        .catch((error: unknown) => log.error({ error, key }, 'an alarm could not be raised'));
    },
    async end(order, asked) {
      const key = keyOf(order, asked);
      if (alarms === undefined || (!told.delete(key) && sinceMs(order, asked) < timings.unclearAlarmMs)) return;
      await alarms
        .clear(key, `The broker's word is known: the order is ${order.status.replaceAll('_', ' ')}.`)
        .catch((error: unknown) => log.error({ error, key }, 'an alarm could not be cleared'));
    },
    async refused({ accountId, orderId, symbol, quantity }, message) {
      await alarms
        ?.raise({
          // Of the position, not of the order: each attempt to close it is another order, and one alarm says it.
          key: `refused:${accountId}:${symbol}`,
          kind: 'order.refused',
          severity: 'page',
          accountId,
          orderId,
          sentence: `The broker refused to close ${quantity.toFixed()} ${symbol}: ${message}. The position is still open; its stop is put back.`,
          data: { symbol },
        })
        .catch((error: unknown) => log.error({ error, orderId }, 'an alarm could not be raised'));
    },
    async traded(accountId, orderId, { corrects, symbol, side, quantity, price }) {
      const done = corrects?.kind === 'bust' ? 'took back' : 'changed';
      await alarms
        ?.raise({
          key: `corrected:${accountId}:${corrects?.executionId}`,
          kind: 'trade.corrected',
          severity: 'warn',
          accountId,
          orderId,
          sentence: `The venue ${done} a trade, now ${side} ${quantity.toFixed()} ${symbol} at ${price.toFixed()}. Position and cash have followed.`,
          data: { symbol, executionId: corrects?.executionId ?? null },
        })
        .catch((error: unknown) => log.error({ error, accountId }, 'an alarm could not be raised'));
    },
  };
}
