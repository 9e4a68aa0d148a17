import { createAlpacaBroker } from '../adapters/brokers/alpaca/index.ts';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { createAlarmStore } from '../adapters/database/alarm-store/alarm-store.ts';
import { createEventWriter } from '../adapters/database/event-reader/event-writer.ts';
import { createLedgerStore } from '../adapters/database/ledger-store/ledger-store.ts';
import { createOrderStore } from '../adapters/database/order-store/order-store.ts';
import { createReconciliationStore } from '../adapters/database/reconciliation-store/reconciliation-store.ts';
import { defaultSettings } from '../core/model/settings.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { createExecution, createGuards } from '../pipeline/execution/index.ts';
import { createReconciliation, type Reconciler } from '../pipeline/reconciliation/index.ts';
import type { TestDatabase } from './database.ts';
import { createRecordedLog } from './recorded-log.ts';
import { seedOrders } from './seeded-orders.ts';

/**
 * The product's own execution and reconciliation on an account of its own, against an exchange that they reach at `tradingUrl`: a proxy
 * before it, or the exchange itself. Resolves when books and exchange were compared.
 */
export async function openOrderDesk(
  database: TestDatabase,
  exchange: Exchange,
  options: {
    readonly tradingUrl: string;
    readonly missGraceMs: number;
    /** Of our own line before the exchange; no limit unless told. */
    readonly requestsPerMinute?: number;
  },
) {
  const seeded = await seedOrders(database);
  const { accountId, sql } = seeded;
  const log = createRecordedLog();
  const { keyId, secretKey } = exchange;
  const { tradingUrl, missGraceMs } = options;
  const stores = { sql, clock: systemClock, random: systemRandom };
  const guards = createGuards({
    settings: () => ({
      requestsPerMinute: 0,
      embeddedRequestsPerMinute: options.requestsPerMinute ?? 0,
      breakerFailures: 5,
      breakerPauseSeconds: 0.2,
    }),
    alarms: createAlarmStore({ ...stores }),
    events: createEventWriter({ sql }),
    clock: systemClock,
    random: systemRandom,
    log,
  });
  const broker = guards.of(
    { accountId, venue: 'embedded' },
    createAlpacaBroker({ tradingUrl, keyId, secretKey, timeoutMs: 400, log, clock: systemClock }),
  );
  const shared = {
    orders: createOrderStore(stores),
    broker: () => broker,
    clock: systemClock,
    random: systemRandom,
    log,
  };
  const alarms = createAlarmStore({ ...stores });
  async function open() {
    const execution = createExecution({
      ...shared,
      alarms,
      settings: { current: () => defaultSettings },
      // The seed's orders are made at a fixed time of the past.
      alertSeconds: () => 1_000_000_000,
      mayEnter: (order) => broker.mayEnter(order),
      ready: (id) => reconciliation.ready(id),
      onTraded: (id) => reconciliation.noteTraded(id),
      timings: { missGraceMs, lookupFirstMs: 50, pollOpenMs: 200, pollIdleMs: 400 },
    });
    const reconciliation: Reconciler = createReconciliation({
      ...shared,
      store: createReconciliationStore(stores),
      ledger: createLedgerStore(stores),
      sync: execution.sync,
    });
    const following = execution.follow(accountId, {
      onConnected: () => void reconciliation.reconcile(accountId, 'reconnect'),
      onDisconnected: () => undefined,
    });
    await reconciliation.whenReady(accountId);
    return { execution, reconciliation, following };
  }
  let running = await open();
  const close = async (): Promise<void> => {
    await running.following.close();
    await running.reconciliation.stop();
    await running.execution.idle();
  };
  /** Drops the program, does something meanwhile, and starts a new one on the same books. */
  const pause = async (meanwhile: () => Promise<unknown>): Promise<void> => {
    await close();
    await meanwhile();
    running = await open();
  };
  return {
    seeded,
    guards,
    alarms,
    get execution() {
      return running.execution;
    },
    get reconciliation() {
      return running.reconciliation;
    },
    pause,
    restart: () => pause(async () => undefined),
    status: async (orderId: string) => (await seeded.store.find(orderId))?.status,
    async atExchange(path: string): Promise<Record<string, unknown>[]> {
      const response = await fetch(`${exchange.url}${path}`, {
        headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey },
      });
      return (await response.json()) as Record<string, unknown>[];
    },
    /** Runs the order's job as the queue does: again when it asks for it, and when it fails. */
    async drive(orderId: string): Promise<void> {
      for (;;) {
        const outcome = await running.execution.handlers['order.submit']({ orderId }).catch(() => null);
        if (outcome?.kind === 'done') return;
        await systemClock.sleep(outcome?.afterMs ?? 50);
      }
    },
    close,
  };
}

export type OrderDesk = Awaited<ReturnType<typeof openOrderDesk>>;
