import { fullJitterMs } from '../../core/backoff.ts';
import type { Timer } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Reconciliation as Comparison, ReconciliationReason } from '../../core/ports/reconciliation-store.ts';
import { type ComparisonDeps, createComparison } from './comparison.ts';

export interface ReconciliationDeps extends ComparisonDeps {
  /** For the pauses before another try. */
  readonly random: Pick<Random, 'fraction'>;
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
  const waiting = new Map<string, { reason: ReconciliationReason; readonly result: Promise<Comparison> }>();
  const timers = new Map<string, Timer>();
  const refreshing = new Map<string, Timer>();
  const stopping = new AbortController();
  const compare = createComparison(deps, stopping.signal);

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
    if (shared) {
      // Whoever asked from another process knows its comparison by this reason.
      if (reason === 'demand') shared.reason = reason;
      return shared.result;
    }
    const begin = (): Promise<Comparison> => {
      const why = waiting.get(accountId)?.reason ?? reason;
      waiting.delete(accountId);
      const result = run(accountId, why).finally(() => {
        if (running.get(accountId) === result) running.delete(accountId);
      });
      running.set(accountId, result);
      return result;
    };
    const current = running.get(accountId);
    if (!current) return begin();
    const next = current.then(begin);
    waiting.set(accountId, { reason, result: next });
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
      const pauseMs = fullJitterMs(deps.random, failures + 1, { firstMs: firstRetryMs, longestMs: longestRetryMs });
      schedule(accountId, pauseMs, reason, failures + 1);
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
