import { fullJitterMs } from '../../core/backoff.ts';
import { defaultSettings, type Settings } from '../../core/model/settings.ts';
import type { Alarms } from '../../core/ports/alarms.ts';
import type { Timer } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import type { Reconciliation as Comparison, ReconciliationReason } from '../../core/ports/reconciliation-store.ts';
import { type ComparisonDeps, createComparison } from './comparison.ts';
import { createDifferenceAlarms } from './difference-alarms.ts';
import { createReadiness } from './readiness.ts';

export interface ReconciliationDeps extends ComparisonDeps {
  /** For the pauses before another try. */
  readonly random: Pick<Random, 'fraction'>;
  /** For how often accounts are compared, and for how long a comparison counts; absent: the defaults. */
  readonly settings?: { current(): Pick<Settings, 'reconciliation'> };
  /** Where a person is told; absent: nobody is. */
  readonly alarms?: Pick<Alarms, 'raise' | 'clear' | 'open'>;
}

/** Compares the broker's truth with ours, and takes over what was missed. */
export interface Reconciler {
  /** Compares now. Runs of one account never overlap. Never throws: a failure is an outcome. */
  reconcile(accountId: string, reason: ReconciliationReason): Promise<Comparison>;
  /**
   * Whether the account was compared since this process started and since the stream came back, not too long ago, and without failing
   * again and again since: only then may new entries be decided for it.
   */
  ready(accountId: string): boolean;
  /** Resolves once the account is ready; rejects with the signal's reason when aborted. */
  whenReady(accountId: string, signal?: AbortSignal): Promise<void>;
  /** Calls back when an account becomes ready. Answers a function that stops it. */
  onReady(listener: (accountId: string) => void): () => void;
  /** Something was traded: asks the broker for the account's figures soon, once for all who say so meanwhile. */
  noteTraded(accountId: string): void;
  /** The stream is there, anew: what was compared before counts no more. Compares now. */
  noteConnected(accountId: string): void;
  /** Somebody else traded: compares soon, once for all who say so meanwhile. */
  noteForeign(accountId: string): void;
  /** Compares now, then on a schedule; while the broker cannot be reached, again and again with growing pauses. */
  start(accountId: string): void;
  /** Compares it no more: it is not worked on here now, and not ready. */
  end(accountId: string): void;
  stop(): Promise<void>;
}

/** From a fill to the question for the account's figures. */
const refreshAfterMs = 500;
/** From a trade of somebody else's to the comparison that books it: the broker lists it a moment after it told of it. */
const foreignAfterMs = 300;
const retryBackoff = { firstMs: 500, longestMs: 15_000 };

export function createReconciliation(deps: ReconciliationDeps): Reconciler {
  const { store, clock, log } = deps;
  const settings = () => (deps.settings?.current() ?? defaultSettings).reconciliation;
  const readiness = createReadiness(clock, settings);
  const differenceAlarms = deps.alarms ? createDifferenceAlarms({ alarms: deps.alarms, log }) : null;
  /** Those that are compared on a schedule. */
  const scheduled = new Set<string>();
  const listeners = new Set<(accountId: string) => void>();
  const running = new Map<string, Promise<Comparison>>();
  /** The next run of an account, while one is running: whoever asks meanwhile shares it. */
  const waiting = new Map<string, { reason: ReconciliationReason; readonly result: Promise<Comparison> }>();
  const timers = new Map<string, Timer>();
  const refreshing = new Map<string, Timer>();
  const foreign = new Map<string, Timer>();
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
        compared: null,
        changedOrders: 0,
        recordedFills: 0,
        account: null,
        problem,
      };
      // When it is the database that is down, this fails too, and the log has to do.
      await store.record(result).catch((failure: unknown) => log.error({ error: failure, accountId }, 'not recorded'));
      const { since, failures } = readiness.failed(accountId, startedAt);
      const seconds = Math.floor((clock.now().getTime() - since.getTime()) / 1000);
      if (seconds >= settings().alarmSeconds && !stopping.signal.aborted) {
        await differenceAlarms?.failing(accountId, seconds, problem);
      }
      schedule(accountId, fullJitterMs(deps.random, failures, retryBackoff), reason);
      return result;
    }
    if (result.outcome === 'differs') {
      log.warn(
        { accountId, differences: result.differences.filter((d) => d.state === 'open').map((d) => d.sentence) },
        'the broker and our books differ',
      );
    }
    if (readiness.succeeded(accountId, startedAt)) for (const listener of listeners) listener(accountId);
    await differenceAlarms?.compared(result);
    schedule(accountId, settings().everySeconds * 1000, 'schedule');
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

  /** One timer an account, whatever asked for the last comparison. */
  function schedule(accountId: string, delayMs: number, reason: ReconciliationReason): void {
    if (stopping.signal.aborted || !scheduled.has(accountId)) return;
    timers.get(accountId)?.cancel();
    timers.set(
      accountId,
      clock.after(delayMs, () => void reconcile(accountId, reason)),
    );
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
    noteConnected(accountId) {
      readiness.interrupted(accountId);
      void reconcile(accountId, 'reconnect');
    },
    noteForeign(accountId) {
      if (foreign.has(accountId) || stopping.signal.aborted) return;
      const compareNow = () => {
        foreign.delete(accountId);
        void reconcile(accountId, 'foreign');
      };
      foreign.set(accountId, clock.after(foreignAfterMs, compareNow));
    },
    ready: readiness.ready,
    whenReady(accountId, signal) {
      if (readiness.ready(accountId)) return Promise.resolve();
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
    start(accountId) {
      scheduled.add(accountId);
      void reconcile(accountId, 'start');
    },
    end(accountId) {
      scheduled.delete(accountId);
      readiness.interrupted(accountId);
      for (const timed of [timers, refreshing, foreign]) {
        timed.get(accountId)?.cancel();
        timed.delete(accountId);
      }
    },
    async stop() {
      stopping.abort(new Error('reconciliation is being stopped'));
      for (const timer of [...timers.values(), ...refreshing.values(), ...foreign.values()]) timer.cancel();
      await Promise.race([Promise.allSettled(running.values()), clock.sleep(1000)]);
    },
  };
}
