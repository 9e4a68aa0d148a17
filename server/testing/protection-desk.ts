import { createAlpacaBroker } from '../adapters/brokers/alpaca/index.ts';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { createAlarmStore } from '../adapters/database/alarm-store/alarm-store.ts';
import { createEventReader } from '../adapters/database/event-reader/event-reader.ts';
import { createLedgerStore } from '../adapters/database/ledger-store/ledger-store.ts';
import { createOrderStore } from '../adapters/database/order-store/order-store.ts';
import { createProtectionStore } from '../adapters/database/protection-store/protection-store.ts';
import { createReconciliationStore } from '../adapters/database/reconciliation-store/reconciliation-store.ts';
import { createAlpacaMarketData } from '../adapters/market-data/alpaca/index.ts';
import { createPgBossQueue } from '../adapters/queue/pg-boss-queue.ts';
import { text } from '../core/decimal.ts';
import { defaultSettings, defaultStrategySettings } from '../core/model/settings.ts';
import type { Broker } from '../core/ports/broker.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { StrategyRecord } from '../core/ports/settings.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { createExecution } from '../pipeline/execution/index.ts';
import { createProtectionWatch } from '../pipeline/protection/index.ts';
import { createReconciliation, type Reconciler } from '../pipeline/reconciliation/index.ts';
import type { TestDatabase } from './database.ts';
import { createRecordedLog } from './recorded-log.ts';

export interface ProtectionDeskOptions {
  /** An account of an earlier desk, as after a restart; a new one unless told. */
  readonly accountId?: string;
  readonly withinSeconds?: number;
  readonly exitSeconds?: number;
  /** Whether protection is watched; without it there is what the venue does by itself. */
  readonly watches?: boolean;
  /** The machine's unless told. */
  readonly clock?: Clock;
  /** Stands between execution and the venue. */
  readonly before?: (broker: Broker) => Broker;
}

/** An entry, as the gate would have approved it. */
export interface EntryWords {
  readonly strategy?: string;
  readonly symbol?: string;
  readonly side?: 'buy' | 'sell';
  readonly limit?: string;
  readonly stop?: string | null;
  readonly target?: string | null;
  /** What triggers it: an entry that brings no legs. */
  readonly trigger?: string;
  /** The limit of its stop. */
  readonly stopLimit?: string;
}

/** Execution, reconciliation and the watch over protection with the real queue, stores and events, against the embedded exchange. */
export async function openProtectionDesk(
  database: TestDatabase,
  exchange: Exchange,
  options: ProtectionDeskOptions = {},
) {
  const { sql } = database;
  const clock = options.clock ?? systemClock;
  const log = createRecordedLog();
  const accountId = options.accountId ?? systemRandom.id();
  if (options.accountId === undefined) {
    await sql`
      insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
      values (${accountId}, ${`paper ${accountId}`}, 'alpaca', 'embedded', 'paper', 'key', 'sealed')`;
  }
  const { keyId, secretKey, url: tradingUrl, dataUrl, dataStreamUrl } = exchange;
  const adapter = createAlpacaBroker({ tradingUrl, keyId, secretKey, timeoutMs: 2000, log, clock });
  const broker = options.before?.(adapter) ?? adapter;
  const marketData = createAlpacaMarketData({
    ...{ dataUrl, dataStreamUrl, tradingUrl, keyId, secretKey, timeoutMs: 2000, log, clock },
    // Each question is answered by the exchange: what a test has just set counts.
    ...{ streams: false, freshForMs: 0 },
  });
  const events = createEventReader({ sql, clock, log });
  const queue = await createPgBossQueue({ url: database.url, clock, random: systemRandom, log });
  const stores = { sql, clock, random: systemRandom, committed: () => events.kick() };
  const settings = {
    current: () => ({
      ...defaultSettings,
      protection: {
        ...defaultSettings.protection,
        withinSeconds: options.withinSeconds ?? 1,
        exitSeconds: options.exitSeconds ?? 60,
      },
    }),
    strategy: (key: string): StrategyRecord => ({
      ...{ key, mode: 'paper', enabled: true, settings: defaultStrategySettings, updatedAt: clock.now() },
    }),
  };
  const orders = createOrderStore(stores);
  const shared = { orders, broker: () => broker, clock, random: systemRandom, log };
  const execution = createExecution({
    ...shared,
    settings,
    alertSeconds: () => 1_000_000,
    ready: (id) => reconciliation.ready(id),
    onTraded: (id) => reconciliation.noteTraded(id),
    timings: { missGraceMs: 3000, lookupFirstMs: 50, waitingFloorMs: 200, pollOpenMs: 200, pollIdleMs: 400 },
  });
  const reconciliation: Reconciler = createReconciliation({
    ...shared,
    store: createReconciliationStore(stores),
    ledger: createLedgerStore(stores),
    sync: execution.sync,
  });
  const alarms = createAlarmStore({ ...stores });
  const watch = createProtectionWatch({
    store: createProtectionStore({
      ...stores,
      jobs: queue,
      enqueued: () => {
        for (const name of ['order.submit', 'order.cancel', 'order.replace'] as const) queue.kick(name);
      },
    }),
    alarms,
    settings,
    accounts: () => [accountId],
    venue: () => ({ broker, marketData }),
    ready: (id) => reconciliation.ready(id),
    refresh: (id) => execution.refresh(id),
    clock,
    log,
  });
  execution.work(queue);
  const following = execution.follow(accountId, {
    onConnected: () => void reconciliation.reconcile(accountId, 'reconnect'),
    onDisconnected: () => undefined,
  });
  await reconciliation.whenReady(accountId);
  const unfollow = await events.follow({ reader: null, onBatch: async (batch) => watch.seen(batch) });
  if (options.watches !== false) watch.start();

  async function enqueue(name: 'order.submit', orderId: string): Promise<void> {
    const insert = queue.insert(name, [{ data: { orderId } }]);
    await sql.unsafe(insert.text, insert.values as never[]);
    queue.kick(name);
  }

  /** Stores an order as the gate leaves one, with its job. */
  async function approve(intent: 'entry' | 'exit', shares: string, words: EntryWords): Promise<string> {
    const [signalId, decisionId, orderId] = [systemRandom.id(), systemRandom.id(), systemRandom.id()];
    const now = clock.now();
    const { strategy = 'default', symbol = 'AAPL', side = 'buy', limit = null, trigger = null } = words;
    const stop = intent === 'exit' ? null : words.stop === undefined ? '145' : words.stop;
    const target = intent === 'exit' ? null : (words.target ?? null);
    await sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs, ticker, side, strategy)
      values (${signalId}, 'tradingview', ${now}, 'approved', '{}', '{}', ${symbol}, ${side}, ${strategy})`;
    await sql`
      insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, verdicts, started_at, decided_at)
      values (${decisionId}, ${signalId}, ${accountId}, 'paper', '[]', ${intent}, 'approved', '[]', ${now}, ${now})`;
    await sql`
      insert into orders (id, account_id, decision_id, signal_id, strategy, mode, role, client_order_id, symbol, side, type,
        order_class, time_in_force, quantity, limit_price, stop_price, take_profit_price, stop_loss_price, stop_loss_limit_price,
        reference_price, status, created_at, updated_at)
      values (${orderId}, ${accountId}, ${decisionId}, ${signalId}, ${strategy}, 'paper', ${intent}, ${`sbx-${decisionId}`},
        ${symbol}, ${side}, ${trigger !== null ? 'stop' : limit === null ? 'market' : 'limit'},
        ${trigger !== null ? 'simple' : stop !== null && target !== null ? 'bracket' : stop !== null || target !== null ? 'oto' : 'simple'}, 'gtc',
        ${shares}, ${limit}, ${trigger}, ${target}, ${stop}, ${words.stopLimit ?? null}, ${trigger ?? limit ?? '150'}, 'approved', ${now}, ${now})`;
    await enqueue('order.submit', orderId);
    return orderId;
  }

  interface OrderSeen {
    id: string;
    origin: string;
    role: string;
    side: string;
    type: string;
    status: string;
    quantity: string;
    stop: string | null;
    limit: string | null;
    tif: string;
    brokerOrderId: string | null;
    problem: string | null;
  }

  return {
    ...{ accountId, sql, exchange, execution, reconciliation, watch, alarms, log, broker, orders },
    enter: (shares: string, words: EntryWords = {}) => approve('entry', shares, words),
    exit: (shares: string, words: EntryWords = {}) => approve('exit', shares, { side: 'sell', ...words }),
    /** The orders of this account, oldest first. */
    all: (symbol = 'AAPL') =>
      sql<OrderSeen[]>`
        select id, origin, role, side, type, status, trim_scale(quantity)::text as quantity,
          trim_scale(stop_price)::text as stop, trim_scale(limit_price)::text as limit, time_in_force as tif,
          broker_order_id as "brokerOrderId", problem
        from orders where account_id = ${accountId} and symbol = ${symbol} order by created_at, id`,
    /** Stops that are at the broker and not final. */
    async stops(symbol = 'AAPL') {
      const rows = await this.all(symbol);
      return rows.filter(
        (one) => one.role === 'stop_loss' && ['held', 'accepted', 'partially_filled'].includes(one.status),
      );
    },
    async protection(symbol = 'AAPL', strategy = 'default') {
      const [row] = await sql<
        { stage: string; held: string; covered: string; stop: string | null; since: Date | null }[]
      >`
        select stage, trim_scale(held)::text as held, trim_scale(covered)::text as covered,
          trim_scale(stop_price)::text as stop, uncovered_since as since
        from protections where account_id = ${accountId} and symbol = ${symbol} and strategy = ${strategy}`;
      return row;
    },
    async held(symbol = 'AAPL', strategy = 'default') {
      const [row] = await sql<{ quantity: string }[]>`
        select trim_scale(quantity)::text as quantity from strategy_positions
        where account_id = ${accountId} and symbol = ${symbol} and strategy = ${strategy}`;
      return row?.quantity ?? '0';
    },
    async heldAtExchange(symbol = 'AAPL') {
      const position = (await broker.positions()).find((one) => one.symbol === symbol);
      return position ? text(position.quantity) : '0';
    },
    kinds: async (orderId: string) =>
      (await sql<{ kind: string }[]>`select kind from events where order_id = ${orderId} order by xid, seq`).map(
        (event) => event.kind,
      ),
    /** Somebody cancels at the broker, not here. */
    async cancelByHand(orderId: string): Promise<void> {
      const record = await orders.find(orderId);
      await adapter.cancel(record!.brokerOrderId!);
    },
    async close(): Promise<void> {
      await unfollow();
      await watch.stop();
      await queue.stop();
      await following.close();
      await reconciliation.stop();
      await execution.idle();
      await marketData.close();
    },
  };
}

export type ProtectionDesk = Awaited<ReturnType<typeof openProtectionDesk>>;
