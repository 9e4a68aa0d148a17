import { notional, text } from '../../core/decimal.ts';
import type { BrokerFill, BrokerOrder } from '../../core/model/broker-order.ts';
import type { Broker } from '../../core/ports/broker.ts';
import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { LedgerStore } from '../../core/ports/ledger-store.ts';
import type { Log } from '../../core/ports/log.ts';
import type { OrderStore } from '../../core/ports/order-store.ts';
import type {
  Reconciliation as Comparison,
  Difference,
  ReconciliationReason,
  ReconciliationStore,
} from '../../core/ports/reconciliation-store.ts';
import { type BrokersView, compareHoldings, listForeign } from './compare.ts';

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

export interface ReconciliationDeps {
  readonly store: ReconciliationStore;
  readonly ledger: Pick<LedgerStore, 'open' | 'summary'>;
  readonly orders: Pick<OrderStore, 'open' | 'newestFillAt'>;
  broker(accountId: string): Broker;
  readonly sync: SyncWithBroker;
  readonly clock: Clock;
  readonly log: Log;
  /** Between two scheduled comparisons. */
  readonly everyMs?: number;
}

/** Compares the broker's truth with ours, and takes over what was missed. */
export interface Reconciler {
  /** Compares now. Runs of one account never overlap. Never throws: a failure is an outcome. */
  reconcile(accountId: string, reason: ReconciliationReason): Promise<Comparison>;
  /** Whether the account was compared since this process started: only then may new entries be decided for it. */
  ready(accountId: string): boolean;
  /** Resolves once the account is ready; rejects with the signal's reason when aborted. */
  whenReady(accountId: string, signal?: AbortSignal): Promise<void>;
  /** Calls back when an account becomes ready. Answers a function that stops it. */
  onReady(listener: (accountId: string) => void): () => void;
  /** Something was traded: asks the broker for the account's figures soon, once for all who say so meanwhile. */
  noteTraded(accountId: string): void;
  /** Compares now, then on a schedule; while the broker cannot be reached, again and again with growing pauses. */
  start(accountId: string): void;
  stop(): Promise<void>;
}

const defaultEveryMs = 60_000;
/** Fills and orders are asked for from this long before the newest known: they may be told late. */
const overlapMs = 10 * 60_000;
/** How far a second look reaches when positions or cash differ after the first. */
const deepLookMs = 7 * 86_400_000;
/** Prices move and orders fill while the questions are asked, one after the other: differences must last to count. */
const attempts = 4;
const settleMs = 300;
/** From a fill to the question for the account's figures. */
const refreshAfterMs = 500;
const firstRetryMs = 500;
const longestRetryMs = 15_000;

export function createReconciliation(deps: ReconciliationDeps): Reconciler {
  const { store, clock, log } = deps;
  const compared = new Set<string>();
  const listeners = new Set<(accountId: string) => void>();
  const running = new Map<string, Promise<Comparison>>();
  /** The next run of an account, while one is running: whoever asks meanwhile shares it. */
  const waiting = new Map<string, Promise<Comparison>>();
  const timers = new Map<string, Timer>();
  const refreshing = new Map<string, Timer>();
  const stopping = new AbortController();

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
      if (!before.account.cash.eq(after.account.cash)) continue;
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
    let brokers: BrokersView;
    for (let attempt = 1; ; attempt++) {
      const result = await deps.sync(accountId, scope);
      total.changedOrders += result.changedOrders;
      total.recordedFills += result.recordedFills;
      for (const one of listForeign(result.foreignOrders, result.foreignFills)) foreign.set(one.sentence, one);
      brokers = await look(accountId);
      differences = compareHoldings(await deps.ledger.summary(accountId), brokers);
      if (differences.length === 0 || attempt === attempts) break;
      if (attempt === 2) {
        const deep = new Date(startedAt.getTime() - deepLookMs);
        scope = { ordersSince: deep, fillsSince: deep };
      }
      await clock.sleep(settleMs, stopping.signal);
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

  async function run(accountId: string, reason: ReconciliationReason): Promise<Comparison> {
    const startedAt = clock.now();
    let result: Comparison;
    try {
      result = await compare(accountId, reason, startedAt);
      await store.record(result);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      log.warn({ accountId, reason, error }, 'the account could not be compared with the broker');
      result = {
        accountId,
        reason,
        startedAt,
        finishedAt: clock.now(),
        outcome: 'failed',
        differences: [],
        changedOrders: 0,
        recordedFills: 0,
        account: null,
        problem,
      };
      // When it is the database that is down, this fails too, and the log has to do.
      await store.record(result).catch((failure: unknown) => log.error({ error: failure, accountId }, 'not recorded'));
      return result;
    }
    if (result.outcome === 'differs') {
      log.warn(
        { accountId, differences: result.differences.map((d) => d.sentence) },
        'the broker and our books differ',
      );
    }
    if (!compared.has(accountId)) {
      compared.add(accountId);
      for (const listener of listeners) listener(accountId);
    }
    return result;
  }

  function reconcile(accountId: string, reason: ReconciliationReason): Promise<Comparison> {
    const shared = waiting.get(accountId);
    if (shared) return shared;
    const begin = (): Promise<Comparison> => {
      waiting.delete(accountId);
      const result = run(accountId, reason).finally(() => {
        if (running.get(accountId) === result) running.delete(accountId);
      });
      running.set(accountId, result);
      return result;
    };
    const current = running.get(accountId);
    if (!current) return begin();
    const next = current.then(begin);
    waiting.set(accountId, next);
    return next;
  }

  function schedule(accountId: string, delayMs: number, reason: ReconciliationReason, failures: number): void {
    if (stopping.signal.aborted) return;
    timers.set(
      accountId,
      clock.after(delayMs, () => void turn(accountId, reason, failures)),
    );
  }

  async function turn(accountId: string, reason: ReconciliationReason, failures: number): Promise<void> {
    const { outcome } = await reconcile(accountId, reason);
    if (outcome === 'failed') {
      schedule(accountId, Math.min(firstRetryMs * 2 ** failures, longestRetryMs), reason, failures + 1);
    } else schedule(accountId, deps.everyMs ?? defaultEveryMs, 'schedule', 0);
  }

  async function refresh(accountId: string): Promise<void> {
    refreshing.delete(accountId);
    try {
      const askedAt = clock.now();
      await store.recordAccount(accountId, await deps.broker(accountId).account(), askedAt);
    } catch (error) {
      log.debug({ error, accountId }, "the account's figures could not be asked for; the next comparison will");
    }
  }

  return {
    reconcile,
    noteTraded(accountId) {
      if (refreshing.has(accountId) || stopping.signal.aborted) return;
      refreshing.set(
        accountId,
        clock.after(refreshAfterMs, () => void refresh(accountId)),
      );
    },
    ready: (accountId) => compared.has(accountId),
    whenReady(accountId, signal) {
      if (compared.has(accountId)) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const listener = (ready: string) => {
          if (ready !== accountId) return;
          listeners.delete(listener);
          resolve();
        };
        listeners.add(listener);
        signal?.addEventListener('abort', () => {
          listeners.delete(listener);
          reject(signal.reason);
        });
      });
    },
    onReady(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: (accountId) => void turn(accountId, 'start', 0),
    async stop() {
      stopping.abort(new Error('reconciliation is being stopped'));
      for (const timer of [...timers.values(), ...refreshing.values()]) timer.cancel();
      await Promise.race([Promise.allSettled(running.values()), clock.sleep(1000)]);
    },
  };
}
