import type { BrokerFill, BrokerOrder, BrokerUpdate } from '../../core/model/broker-order.ts';
import { isTerminal } from '../../core/model/order.ts';
import type { OrderRecord, Source } from '../../core/ports/order-store.ts';
import type { Context } from './context.ts';
import { createRecentKeys } from './recent-keys.ts';
import { createReplacedOrders } from './replaced-orders.ts';

/** What to ask of the broker, and since when. */
export interface SyncScope {
  /** All orders submitted since then, beside the open ones; null: open ones only. */
  readonly ordersSince: Date | null;
  readonly fillsSince: Date;
}

/** What asking came to. */
export interface SyncResult {
  readonly changedOrders: number;
  readonly recordedFills: number;
  /** Orders at the broker that are neither ours nor legs of ours. */
  readonly foreignOrders: readonly BrokerOrder[];
  /** Fills of such orders, and what was taken back of them. */
  readonly foreignFills: readonly BrokerFill[];
  /** All orders that were told of, and all fills. */
  readonly orders: readonly BrokerOrder[];
  readonly fills: readonly BrokerFill[];
  /** Orders of ours that are open here and that the broker says it does not know. */
  readonly lost: readonly OrderRecord[];
  /** What was taken over: it had been missed, or was on its way. */
  readonly taken: { readonly orders: readonly BrokerOrder[]; readonly fills: readonly BrokerFill[] };
}

/**
 * Takes over what the broker tells, however it is told. Stream and poll come through here, one account's words one after the
 * other; everything is idempotent, so it does not matter how often or by which way something is told.
 */
export interface BrokerWords {
  /** From the stream. Never throws: what fails is asked for again by polling. */
  onUpdate(accountId: string, update: BrokerUpdate): Promise<void>;
  /** An order's state from an answer. */
  takeOver(accountId: string, order: BrokerOrder, source: Source): Promise<void>;
  /** The answer to a submission, which the stream may have overtaken. */
  takeAnswer(accountId: string, answer: BrokerOrder): Promise<void>;
  /** Asks the broker and takes over the answer. Throws when it could not be asked. */
  sync(accountId: string, scope: SyncScope): Promise<SyncResult>;
  /** Records the fills since then: one of an order that is not linked to the broker's links it. */
  takeFills(accountId: string, since: Date): Promise<void>;
  /** The scope of a poll: open orders, and fills since shortly before the newest known. */
  pollScope(accountId: string): Promise<SyncScope>;
}

/** More orders than this that are not listed any more are asked for by one list. */
const askedOneByOne = 5;

/** `onOrderEnded` is told of each order of ours that ended, after its fills are in the ledger. */
export function createBrokerWords(
  context: Context,
  onOrderEnded: (accountId: string, symbol: string) => void,
): BrokerWords {
  const { orders, clock, log, timings } = context;
  const knownFills = createRecentKeys(10_000);
  const foreign = createRecentKeys(10_000);
  /** What was found not to be ours by its ids: it does not become ours by itself, and is not looked for at every poll. */
  const foreignOrdersSeen = createRecentKeys(10_000);
  const since = new Map<string, Date>();

  const replaced = createReplacedOrders(context, {
    fetchFills: async (accountId) => fetchFills(accountId, await fillsSince(accountId)),
    apply,
  });

  /** Fills first: the ledger is told of the money before an order can count as done. */
  async function record(
    accountId: string,
    fill: BrokerFill,
    source: Source,
    known?: BrokerOrder,
  ): Promise<'recorded' | 'already_known' | 'foreign'> {
    const { corrects } = fill;
    if (corrects) return correct(accountId, { ...fill, corrects }, source, known);
    // After a bust the venue counts anew: the same cumulative quantity may be another fill.
    const key = `${accountId}:${fill.brokerOrderId}:${fill.cumulativeQuantity}:${fill.executionId}`;
    if (knownFills.has(key)) return 'already_known';
    const seenAsForeign = foreign.has(`${accountId}:${fill.brokerOrderId}`);
    // Asked each time: a person may have made the order ours.
    let outcome = await orders.recordFill(accountId, fill, source);
    if (outcome === 'unknown_order' && !seenAsForeign) {
      // A leg we have not heard of, or an order whose submission was not answered yet: the order first, then again.
      const order = known ?? (await context.broker(accountId).findOrder(fill.brokerOrderId));
      if (order) await replaced.takeOver(accountId, order, source);
      if (order && (await orders.applyBrokerOrder(accountId, order, source)) !== 'foreign') {
        outcome = await orders.recordFill(accountId, fill, source);
      }
    }
    if (outcome === 'unknown_order') {
      if (!seenAsForeign) {
        log.info(
          { accountId, brokerOrderId: fill.brokerOrderId, symbol: fill.symbol },
          'a fill of an order that is not ours',
        );
      }
      foreign.add(`${accountId}:${fill.brokerOrderId}`);
      if (source === 'stream') context.onForeign?.(accountId);
      return 'foreign';
    }
    knownFills.add(key);
    if (outcome === 'recorded') context.onTraded?.(accountId);
    return outcome;
  }

  /** A trade that the venue took back or changed. One that was never recorded is asked for first, as its end means nothing alone. */
  async function correct(
    accountId: string,
    correction: BrokerFill & Required<Pick<BrokerFill, 'corrects'>>,
    source: Source,
    known?: BrokerOrder,
  ): Promise<'recorded' | 'already_known' | 'foreign'> {
    const key = `${accountId}:correction:${correction.corrects.executionId}`;
    if (knownFills.has(key)) return 'already_known';
    const { brokerOrderId } = correction;
    const told = known ?? (await context.broker(accountId).findOrder(brokerOrderId));
    let outcome = await orders.recordCorrection(accountId, correction, told, source);
    if (outcome === 'unknown_execution' && source === 'stream') {
      await fetchFills(accountId, await fillsSince(accountId));
      outcome = await orders.recordCorrection(accountId, correction, told, source);
    }
    if (outcome === 'unknown_order') {
      if (source === 'stream') context.onForeign?.(accountId);
      return 'foreign';
    }
    if (outcome === 'unknown_execution') {
      log.warn({ accountId, brokerOrderId, ...correction.corrects }, 'a trade was taken back that we never heard of');
      return 'already_known';
    }
    knownFills.add(key);
    if (outcome === 'recorded') {
      context.onTraded?.(accountId);
      const order = await orders.findByBrokerOrderId(accountId, brokerOrderId);
      await context.unclear.traded(accountId, order?.orderId ?? null, correction);
    }
    return outcome;
  }

  /**
   * Takes over an order's state once its fills are in the books: an order that ended must not wake whoever waits for its shares
   * before that. Of an order that is not linked to the broker's yet, the fills can only follow.
   */
  async function settle(accountId: string, order: BrokerOrder, source: Source): Promise<void> {
    await replaced.takeOver(accountId, order, source);
    const [news] = await orders.news(accountId, [order]);
    if (news === undefined) return;
    const { known, lacksFills } = news;
    if (known && lacksFills) await fetchFills(accountId, await fillsSince(accountId));
    const outcome = await apply(accountId, order, source);
    if (known || !lacksFills || outcome === 'foreign') return;
    await fetchFills(accountId, await fillsSince(accountId));
    await apply(accountId, order, source);
  }

  /**
   * The answer to a submission says how things stood when the order was taken. What the stream has told since is newer, even
   * within the same millisecond; then only the legs that are not known yet are taken from the answer.
   */
  async function settleAnswer(accountId: string, answer: BrokerOrder): Promise<void> {
    const known = await orders.findByBrokerOrderId(accountId, answer.brokerOrderId);
    if (known === null) return settle(accountId, answer, 'poll');
    const legs: BrokerOrder[] = [];
    for (const leg of answer.legs) {
      if ((await orders.findByBrokerOrderId(accountId, leg.brokerOrderId)) === null) legs.push(leg);
    }
    if (legs.length > 0) await settle(accountId, { ...answer, legs }, 'poll');
  }

  async function apply(
    accountId: string,
    order: BrokerOrder,
    source: Source,
  ): Promise<'applied' | 'unchanged' | 'foreign'> {
    const outcome = await orders.applyBrokerOrder(accountId, order, source);
    if (outcome === 'applied') {
      for (const one of [order, ...order.legs]) if (isTerminal(one.status)) onOrderEnded(accountId, one.symbol);
    }
    return outcome;
  }

  async function onUpdate(accountId: string, update: BrokerUpdate): Promise<void> {
    const { order, fill } = update;
    if (fill) await record(accountId, fill, 'stream', order);
    await settle(accountId, order, 'stream');
    if (fill && isTerminal(order.status)) onOrderEnded(accountId, order.symbol);
    await refused(accountId, update);
  }

  /** The venue says that a cancel or a replacement which it had taken comes to nothing. */
  async function refused(accountId: string, { event, order }: BrokerUpdate): Promise<void> {
    const sentence = `The venue refused it: ${order.brokerStatus}.`;
    if (event === 'order_cancel_rejected') {
      const ours = await orders.findByBrokerOrderId(accountId, order.brokerOrderId);
      if (ours?.status === 'pending_cancel') await orders.markCancelRefused(ours.orderId, sentence);
    }
    if (event === 'order_replace_rejected' || (event === 'rejected' && order.replaces !== null)) {
      // Told of the order that stands, or of the one that was to take its place.
      for (const id of [order.brokerOrderId, order.replaces]) {
        const ours = id === null ? null : await orders.findByBrokerOrderId(accountId, id);
        if (ours?.status === 'pending_replace') await orders.markReplaceRefused(ours.orderId, event, sentence);
      }
    }
  }

  const fetchFills = async (accountId: string, from: Date): Promise<void> => {
    await recordAll(accountId, await context.broker(accountId).listFills(from));
  };

  async function recordAll(accountId: string, fills: readonly BrokerFill[]) {
    const result = { recorded: [] as BrokerFill[], foreign: [] as BrokerFill[] };
    for (const fill of fills) {
      const outcome = await record(accountId, fill, 'poll');
      if (outcome === 'recorded') result.recorded.push(fill);
      if (outcome === 'foreign') result.foreign.push(fill);
    }
    return result;
  }

  /** Where to look for news: shortly before the newest fill we know of. */
  async function newestFill(accountId: string): Promise<Date> {
    const newest = await orders.newestFillAt(accountId);
    const started = since.get(accountId) ?? clock.now();
    since.set(accountId, started);
    return new Date((newest ?? started).getTime() - timings.fillOverlapMs);
  }

  /** Where to look for fills that an order has and we have not: back to the oldest open order, as newer ones say nothing of them. */
  async function fillsSince(accountId: string): Promise<Date> {
    const [newest, open] = await Promise.all([newestFill(accountId), orders.open(accountId)]);
    const oldest = open[0] ? (open[0].submittingAt ?? open[0].createdAt).getTime() - timings.fillOverlapMs : Infinity;
    return new Date(Math.min(newest.getTime(), oldest));
  }

  async function oldestParentAt(legs: readonly OrderRecord[]): Promise<number> {
    const ids = [...new Set(legs.flatMap((leg) => leg.parentId ?? []))];
    const parents = await Promise.all(ids.map((id) => orders.find(id)));
    const times = parents.map((one) => (one === null ? Infinity : (one.submittingAt ?? one.createdAt).getTime()));
    return Math.min(Infinity, ...times);
  }

  async function syncNow(accountId: string, scope: SyncScope): Promise<SyncResult> {
    const broker = context.broker(accountId);
    const told = new Map<string, BrokerOrder>();
    for (const order of await broker.listOrders({ status: 'open' })) told.set(order.brokerOrderId, order);
    if (scope.ordersSince) {
      for (const order of await broker.listOrders({ status: 'all', since: scope.ordersSince })) {
        told.set(order.brokerOrderId, order);
      }
    }
    const mentioned = new Set(
      [...told.values()].flatMap((order) => [order, ...order.legs]).map((o) => o.brokerOrderId),
    );
    // What we believe to be open and the broker no longer lists has ended: its own word says how.
    const isMissing = ({ brokerOrderId }: OrderRecord) => brokerOrderId !== null && !mentioned.has(brokerOrderId);
    let missing = (await orders.open(accountId)).filter(isMissing);
    if (missing.length > askedOneByOne) {
      // A page of a list tells of 500. A leg is listed with its parent, which is older than it.
      const oldest = Math.min(...missing.map((one) => (one.submittingAt ?? one.createdAt).getTime()));
      const parents = await oldestParentAt(missing);
      const since = new Date(Math.min(oldest, parents) - timings.fillOverlapMs);
      for (const order of await broker.listOrders({ status: 'all', since })) {
        told.set(order.brokerOrderId, order);
        for (const one of [order, ...order.legs]) mentioned.add(one.brokerOrderId);
      }
      missing = missing.filter(isMissing);
    }
    const lost: OrderRecord[] = [];
    for (const ours of missing) {
      const order = await broker.findOrder(ours.brokerOrderId!);
      if (order) told.set(order.brokerOrderId, order);
      else lost.push(ours);
    }
    // Asked for after the orders: no order's word is newer than the fills that are recorded before it.
    const listed = await broker.listFills(scope.fillsSince);
    return context.byAccount.run(accountId, async () => {
      const fills = await recordAll(accountId, listed);
      const foreignOrders: BrokerOrder[] = [];
      const changed: BrokerOrder[] = [];
      const news = await orders.news(accountId, [...told.values()]);
      if (news.some(({ known, lacksFills }) => known && lacksFills)) {
        const more = await recordAll(accountId, await broker.listFills(await fillsSince(accountId)));
        fills.recorded.push(...more.recorded);
        fills.foreign.push(...more.foreign);
      }
      for (const { order } of news) await replaced.takeOver(accountId, order, 'poll');
      for (const { order, known } of news) {
        const key = `${accountId}:${order.brokerOrderId}`;
        const outcome = !known && foreignOrdersSeen.has(key) ? 'foreign' : await apply(accountId, order, 'poll');
        if (outcome === 'applied') changed.push(order);
        if (outcome !== 'foreign') continue;
        foreignOrdersSeen.add(key);
        foreignOrders.push(order);
      }
      return {
        changedOrders: changed.length,
        recordedFills: fills.recorded.length,
        foreignOrders,
        foreignFills: fills.foreign,
        orders: [...told.values()],
        fills: listed,
        lost,
        taken: { orders: changed, fills: fills.recorded },
      };
    });
  }

  return {
    onUpdate: (accountId, update) =>
      context.byAccount.run(accountId, async () => {
        try {
          await onUpdate(accountId, update);
        } catch (error) {
          log.warn(
            { error, accountId, event: update.event },
            "the broker's word could not be taken over; polling will",
          );
        }
      }),
    takeOver: (accountId, order, source) => context.byAccount.run(accountId, () => settle(accountId, order, source)),
    takeAnswer: (accountId, answer) => context.byAccount.run(accountId, () => settleAnswer(accountId, answer)),
    takeFills: async (accountId, from) => {
      const listed = await context.broker(accountId).listFills(from);
      await context.byAccount.run(accountId, () => recordAll(accountId, listed));
    },
    sync: syncNow,
    pollScope: async (accountId) => ({ ordersSince: null, fillsSince: await newestFill(accountId) }),
  };
}
