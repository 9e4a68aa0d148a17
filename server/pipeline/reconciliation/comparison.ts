import { notional, text } from '../../core/decimal.ts';
import type { BrokerFill, BrokerOrder } from '../../core/model/broker-order.ts';
import type { Broker } from '../../core/ports/broker.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LedgerStore } from '../../core/ports/ledger-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { OrderStore } from '../../core/ports/order-store.ts';
import type {
  Reconciliation as Comparison,
  Difference,
  ReconciliationReason,
  ReconciliationStore,
} from '../../core/ports/reconciliation-store.ts';
import { type BrokersView, compareHoldings, lasting, listForeign } from './compare.ts';

/** Takes over what the broker tells of orders and fills; execution's `sync` is one. */
export type SyncWithBroker = (
  accountId: string,
  scope: { readonly ordersSince: Date | null; readonly fillsSince: Date },
) => Promise<{
  readonly changedOrders: number;
  readonly recordedFills: number;
  readonly foreignOrders: readonly BrokerOrder[];
  readonly foreignFills: readonly BrokerFill[];
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
/** How far a second look reaches when positions or cash differ after the first. */
const deepLookMs = 7 * 86_400_000;
/** Orders fill while the questions are asked, one after the other: a difference must last to count. */
const attempts = 4;
const settleMs = 300;

/** One comparison of an account with the broker. Throws when the broker or the database could not be asked. */
export function createComparison(deps: ComparisonDeps, stopping: AbortSignal) {
  const { store, clock, log } = deps;

  async function look(accountId: string): Promise<BrokersView> {
    const broker = deps.broker(accountId);
    const [positions, account] = await Promise.all([broker.positions(), broker.account()]);
    return { positions, account };
  }

  /** The books of an account begin with what it holds when we first see it: nothing of ours was sent before that. */
  async function openBooks(accountId: string): Promise<void> {
    for (;;) {
      const before = await look(accountId);
      const after = await look(accountId);
      // Somebody trades by hand this very moment: look again.
      if (!before.account.cash.eq(after.account.cash)) {
        await clock.sleep(settleMs, stopping);
        continue;
      }
      const opened = await deps.ledger.open(
        accountId,
        {
          cash: after.account.cash,
          holdings: after.positions.map((p) => ({
            symbol: p.symbol,
            quantity: p.quantity,
            cost: notional(p.averageEntryPrice, p.quantity),
          })),
        },
        clock.now(),
      );
      if (opened) {
        const { cash } = after.account;
        log.info(
          { accountId, cash: text(cash), positions: after.positions.length },
          'the books of an account are opened',
        );
      }
      return;
    }
  }

  async function scopeOf(accountId: string, startedAt: Date) {
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

  async function compare(accountId: string, reason: ReconciliationReason, startedAt: Date): Promise<Comparison> {
    if ((await deps.ledger.summary(accountId)).openedAt === null) await openBooks(accountId);
    let scope = await scopeOf(accountId, startedAt);
    const total = { changedOrders: 0, recordedFills: 0 };
    const foreign = new Map<string, Difference>();
    let differences: Difference[] = [];
    let before: Difference[] = [];
    let brokers: BrokersView;
    for (let attempt = 1; ; attempt++) {
      const result = await deps.sync(accountId, scope);
      total.changedOrders += result.changedOrders;
      total.recordedFills += result.recordedFills;
      for (const one of listForeign(result.foreignOrders, result.foreignFills)) foreign.set(one.sentence, one);
      brokers = await look(accountId);
      const now = compareHoldings(await deps.ledger.summary(accountId), brokers);
      differences = lasting(before, now);
      before = now;
      if (now.length === 0 || attempt === attempts) break;
      if (differences.length > 0) {
        const deep = new Date(startedAt.getTime() - deepLookMs);
        scope = { ordersSince: deep, fillsSince: deep };
      }
      await clock.sleep(settleMs, stopping);
    }
    if (brokers.account.tradingBlocked) {
      differences.push({
        kind: 'trading_blocked',
        symbol: null,
        ours: null,
        brokers: null,
        sentence: 'The broker has blocked trading for this account.',
      });
    }
    const outcome =
      differences.length > 0 ? 'differs' : total.changedOrders + total.recordedFills > 0 ? 'corrected' : 'agreed';
    return {
      accountId,
      reason,
      startedAt,
      finishedAt: clock.now(),
      outcome,
      differences: [...differences, ...foreign.values()],
      ...total,
      account: brokers.account,
      problem: null,
    };
  }

  return compare;
}
