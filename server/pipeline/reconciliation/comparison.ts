import { text } from '../../core/decimal.ts';
import type { BrokerFill, BrokerOrder } from '../../core/model/broker-order.ts';
import { isTerminal } from '../../core/model/order.ts';
import type { Broker } from '../../core/ports/broker.ts';
import type { Booked, BrokerFacts } from '../../core/ports/broker-facts.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LedgerStore } from '../../core/ports/ledger-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { OrderRecord, OrderStore } from '../../core/ports/order-store.ts';
import type {
  Compared,
  Reconciliation as Comparison,
  Difference,
  ReconciliationReason,
  ReconciliationStore,
} from '../../core/ports/reconciliation-store.ts';
import { type BrokersView, compareAccount, compareHoldings, lasting, listForeign, listTaken } from './compare.ts';
import { compareFills, compareOrders } from './compare-orders.ts';
import { look, openBooks } from './opening.ts';

/** What to ask of the broker, and since when. */
export interface Scope {
  readonly ordersSince: Date | null;
  readonly fillsSince: Date;
}

/** Takes over what the broker tells of orders and fills; execution's `sync` is one. */
export type SyncWithBroker = (
  accountId: string,
  scope: Scope,
) => Promise<{
  readonly foreignOrders: readonly BrokerOrder[];
  readonly foreignFills: readonly BrokerFill[];
  readonly orders: readonly BrokerOrder[];
  readonly fills: readonly BrokerFill[];
  readonly lost: readonly OrderRecord[];
  readonly taken: { readonly orders: readonly BrokerOrder[]; readonly fills: readonly BrokerFill[] };
}>;

/** What a comparison needs. */
export interface ComparisonDeps {
  readonly store: ReconciliationStore;
  readonly ledger: Pick<LedgerStore, 'open' | 'summary'>;
  readonly orders: Pick<OrderStore, 'open' | 'newestFillAt'>;
  broker(accountId: string): Broker;
  readonly sync: SyncWithBroker;
  readonly clock: Clock;
  readonly log: Log;
}

/** Fills and orders are asked for from this long before the newest known: they may be told late. */
const overlapMs = 10 * 60_000;
/** How far a second look reaches when something differs after the first. */
const deepLookMs = 7 * 86_400_000;
/** Activities are asked for this far back each time: fees and dividends are told of days later, with the day they are for. */
const activitiesMs = 8 * 86_400_000;
/** Orders fill while the questions are asked, one after the other: a difference must last to count. */
const attempts = 4;
const settleMs = 300;

/** One comparison of an account with the broker. Throws when the broker or the database could not be asked. */
export function createComparison(deps: ComparisonDeps, stopping: AbortSignal) {
  const { store, clock } = deps;

  async function scopeOf(accountId: string, startedAt: Date): Promise<Scope> {
    const [open, newest, last] = await Promise.all([
      deps.orders.open(accountId),
      deps.orders.newestFillAt(accountId),
      store.lastStartedAt(accountId),
    ]);
    const since = last ?? startedAt;
    const oldest = open[0] ? (open[0].submittingAt ?? open[0].createdAt) : since;
    const earliest = Math.min(since.getTime(), oldest.getTime());
    const fills = Math.min(earliest, newest?.getTime() ?? earliest);
    return { ordersSince: new Date(earliest - overlapMs), fillsSince: new Date(fills - overlapMs) };
  }

  /** Asks and takes over once, and compares what is there then. */
  async function attempt(accountId: string, scope: Scope, startedAt: Date) {
    const broker = deps.broker(accountId);
    const told = await deps.sync(accountId, scope);
    // The fills first: a fee of coins belongs to whoever bought them.
    const trades = await store.bookForeignFills(accountId, told.foreignFills);
    const activities = await broker.listActivities(new Date(startedAt.getTime() - activitiesMs));
    const stated = await store.bookActivities(accountId, activities);
    const brokers = await look(broker);
    const books = await deps.ledger.summary(accountId);
    const ids = told.orders.flatMap((order) => [order, ...order.legs]).map((order) => order.brokerOrderId);
    const [ourOrders, ourFills, opposed] = await Promise.all([
      store.ordersInBooks(accountId, ids),
      store.fillsInBooks(
        accountId,
        scope.fillsSince,
        told.fills.map((fill) => fill.executionId),
      ),
      store.opposedShares(accountId),
    ]);
    const orders = compareOrders(ourOrders, told.orders, told.lost);
    const fills = compareFills(ourFills, told.fills, { since: scope.fillsSince, now: clock.now() });
    const isOurs = new Set(ourOrders.map((order) => order.brokerOrderId));
    const resting = told.orders.filter(
      (order) => !isOurs.has(order.brokerOrderId) && [order, ...order.legs].some((one) => !isTerminal(one.status)),
    );
    return {
      told,
      brokers,
      resting,
      corrected: [
        ...listTaken(told.taken.orders, told.taken.fills),
        ...trades.map(asTrade),
        ...stated.booked.map(asActivity),
      ],
      unsure: stated.unsure,
      found: [
        ...compareHoldings(books, brokers),
        ...orders.differences,
        ...fills.differences,
        ...opposed.map(asOpposed),
      ],
      compared: {
        orders: orders.compared,
        fills: fills.compared,
        positions: symbolsOf(books.positions, brokers),
        activities: activities.length,
        foreignOrders: resting.length,
      },
    };
  }

  async function compare(accountId: string, reason: ReconciliationReason, startedAt: Date): Promise<Comparison> {
    const broker = deps.broker(accountId);
    const askedBefore = broker.requests?.();
    if ((await deps.ledger.summary(accountId)).openedAt === null) {
      await openBooks(deps, broker, accountId, stopping);
    }
    let scope = await scopeOf(accountId, startedAt);
    const corrected = new Map<string, Difference>();
    let changedOrders = 0;
    let recordedFills = 0;
    let differences: Difference[] = [];
    let before: Difference[] = [];
    let last: Awaited<ReturnType<typeof attempt>>;
    for (let tries = 1; ; tries++) {
      last = await attempt(accountId, scope, startedAt);
      changedOrders += last.told.taken.orders.length;
      recordedFills += last.told.taken.fills.length;
      for (const one of last.corrected) corrected.set(one.id, one);
      differences = lasting(before, last.found);
      before = last.found;
      if (last.found.length === 0 || tries === attempts) break;
      if (differences.length > 0) {
        const deep = new Date(startedAt.getTime() - deepLookMs);
        scope = { ordersSince: deep, fillsSince: deep };
      }
      await clock.sleep(settleMs, stopping);
    }
    await store.noteForeignOrders(accountId, last.resting, clock.now());
    const { account } = last.brokers;
    const open = [...differences, ...compareAccount(account)];
    const openIds = new Set(open.map((one) => one.id));
    const mended = [...corrected.values()].filter((one) => !openIds.has(one.id));
    const askedNow = broker.requests?.();
    const compared: Compared = {
      ...last.compared,
      ...(askedBefore === undefined || askedNow === undefined ? {} : { requests: askedNow - askedBefore }),
    };
    return {
      accountId,
      reason,
      startedAt,
      finishedAt: clock.now(),
      outcome: open.length > 0 ? 'differs' : mended.length > 0 ? 'corrected' : 'agreed',
      differences: [...open, ...mended, ...listForeign(last.resting), ...last.unsure.map(asUnsure)],
      compared,
      changedOrders,
      recordedFills,
      account,
      problem: null,
    };
  }

  return compare;
}

function symbolsOf(ours: readonly { readonly symbol: string }[], { positions }: BrokersView): number {
  return new Set([...ours, ...positions].map((held) => held.symbol)).size;
}

const booked = (one: Booked, id: string, kind: Difference['kind']): Difference => ({
  id,
  kind,
  state: 'corrected',
  symbol: one.symbol,
  ours: null,
  brokers: null,
  reference: one.reference,
  sentence: one.sentence,
});
const asTrade = (one: Booked): Difference => booked(one, `foreign_${one.reference}`, 'foreign_fill');
const asActivity = (one: Booked): Difference => booked(one, one.reference, 'activity');

type Unsure = Awaited<ReturnType<BrokerFacts['bookActivities']>>['unsure'][number];
const asUnsure = (activity: Unsure): Difference => ({
  id: `activity:${activity.activityId}`,
  kind: 'activity',
  // What it did to money or shares shows as a difference of its own.
  state: 'information',
  symbol: activity.symbol,
  ours: null,
  brokers: text(activity.netAmount),
  sentence: `The broker states ${activity.type}${activity.symbol === null ? '' : ` of ${activity.symbol}`} over ${text(activity.netAmount)}; what it does to the books is for a person to say.`,
});

type Opposed = Awaited<ReturnType<BrokerFacts['opposedShares']>>[number];
const asOpposed = ({ symbol, external, strategies }: Opposed): Difference => ({
  id: `foreign_position:${symbol}`,
  kind: 'foreign_position',
  state: 'open',
  symbol,
  ours: strategies.map((one) => `${one.strategy} ${text(one.quantity)}`).join(', '),
  brokers: `external ${text(external)}`,
  sentence: `Somebody else traded against our shares of ${symbol}: ${strategies
    .map((one) => `${one.strategy} has ${text(one.quantity)}`)
    .join(', ')}, and ${text(external)} belong to nobody here. Give those to a strategy, or trade them back.`,
});
