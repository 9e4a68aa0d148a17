import { zeroQuantity } from '../../core/decimal.ts';
import type { BrokerOrder } from '../../core/model/broker-order.ts';
import type { Source } from '../../core/ports/order-store.ts';
import type { Context } from './context.ts';
import { createRecentKeys } from './recent-keys.ts';

export interface ReplacedOrdersParts {
  /** Records the fills that our books lack. */
  fetchFills(accountId: string): Promise<void>;
  apply(accountId: string, order: BrokerOrder, source: Source): Promise<'applied' | 'unchanged' | 'foreign'>;
}

/** Orders that took the place of others, whoever asked for that. */
export interface ReplacedOrders {
  /**
   * Takes over the orders that the given one or its legs took the place of, or gave theirs to, as far as they are not known: each in its
   * turn, with the fills of the one before, as a venue counts those to the next. An order is never seen to end before the one that goes on in its
   * place is in our books: what waits for its shares must not believe that they are free.
   */
  takeOver(accountId: string, order: BrokerOrder, source: Source): Promise<void>;
}

export function createReplacedOrders(context: Context, parts: ReplacedOrdersParts): ReplacedOrders {
  const { orders } = context;
  const foreign = createRecentKeys(10_000);
  /** Being taken over: recording fills of one may lead here again. */
  const busy = new Set<string>();

  const isKnown = async (accountId: string, brokerOrderId: string): Promise<boolean> =>
    (await orders.findByBrokerOrderId(accountId, brokerOrderId)) !== null;

  /** From one that is ours, or the first there is, to the last. */
  async function chainOf(accountId: string, order: BrokerOrder): Promise<BrokerOrder[]> {
    const broker = context.broker(accountId);
    const chain = [order];
    for (;;) {
      const first = chain[0]!;
      if (first.replaces === null || (await isKnown(accountId, first.brokerOrderId))) break;
      const older = await broker.findOrder(first.replaces);
      if (older === null) break;
      chain.unshift(older);
    }
    for (;;) {
      const last = chain.at(-1)!;
      if (last.replacedBy === null || (await isKnown(accountId, last.replacedBy))) break;
      const newer = await broker.findOrder(last.replacedBy);
      if (newer === null) break;
      chain.push(newer);
    }
    return chain;
  }

  /**
   * Whether the order is one of ours. Of one whose submission was not answered only the client order id is known: it is linked by a word that
   * says no more than that the broker has it, as what it filled and how it ended comes after.
   */
  async function isLinked(accountId: string, order: BrokerOrder, source: Source): Promise<boolean> {
    if (await isKnown(accountId, order.brokerOrderId)) return true;
    const word = {
      brokerStatus: 'accepted',
      status: 'accepted',
      filledQuantity: zeroQuantity,
      updatedAt: null,
    } as const;
    return (await parts.apply(accountId, { ...order, ...word, legs: [] }, source)) !== 'foreign';
  }

  async function takeOverOne(accountId: string, order: BrokerOrder, source: Source): Promise<void> {
    const key = `${accountId}:${order.brokerOrderId}`;
    if (busy.has(key) || foreign.has(key)) return;
    const isNew = order.replaces !== null && !(await isKnown(accountId, order.brokerOrderId));
    const hasNewer = order.replacedBy !== null && !(await isKnown(accountId, order.replacedBy));
    if (!isNew && !hasNewer) return;
    const chain = await chainOf(accountId, order);
    if (!(await isLinked(accountId, chain[0]!, source))) {
      foreign.add(key);
      return;
    }
    const keys = chain.map((one) => `${accountId}:${one.brokerOrderId}`);
    for (const one of keys) busy.add(one);
    try {
      for (const [i, one] of chain.entries()) {
        const [news] = await orders.news(accountId, [one]);
        if (news?.lacksFills) await parts.fetchFills(accountId);
        const next = chain[i + 1];
        if (next) await parts.apply(accountId, { ...next, legs: [] }, source);
        await parts.apply(accountId, one, source);
      }
    } finally {
      for (const one of keys) busy.delete(one);
    }
  }

  return {
    async takeOver(accountId, order, source) {
      for (const one of [order, ...order.legs]) await takeOverOne(accountId, one, source);
    },
  };
}
