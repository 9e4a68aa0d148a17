import { createAlpacaBroker } from '../adapters/brokers/alpaca/index.ts';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { createDecisionStore } from '../adapters/database/decision-store/decision-store.ts';
import { createLedgerStore } from '../adapters/database/ledger-store/ledger-store.ts';
import { createOrderStore } from '../adapters/database/order-store/order-store.ts';
import { createReconciliationStore } from '../adapters/database/reconciliation-store/reconciliation-store.ts';
import { createSettingsStore } from '../adapters/database/settings-store/settings-store.ts';
import { createPgBossQueue } from '../adapters/queue/pg-boss-queue.ts';
import { price } from '../core/decimal.ts';
import type { Asset, Quote } from '../core/model/market.ts';
import type { StrategySettings } from '../core/model/settings.ts';
import { signalToJson, type TradeSignal } from '../core/model/signal.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { createExecution } from '../pipeline/execution/index.ts';
import { createSignalProcessor } from '../pipeline/process-signal.ts';
import { createReconciliation, type Reconciler } from '../pipeline/reconciliation/index.ts';
import { loadRules } from '../pipeline/risk/load-rules.ts';
import { loadSizing } from '../pipeline/sizing/book.ts';
import type { TestDatabase } from './database.ts';
import { createRecordedLog } from './recorded-log.ts';
import { noMarketFacts, tradeSignal } from './risk-context.ts';

/** What a desk may be given in place of its own. */
export interface LifeDeskOptions {
  /** Where the exchange is reached; a proxy before it, or the exchange itself. */
  readonly tradingUrl?: string;
  /** An account that an earlier desk opened on the same database. */
  readonly accountId?: string;
  /** Decides, and dies before the first order is sent. */
  readonly onlyDecides?: boolean;
  /** Keeps entries back while it answers true. */
  readonly holdsEntries?: () => boolean;
}

/**
 * From the decision to the fill as the product does it: its stores and its queue on a database, its execution and reconciliation against
 * an exchange. Closing it and opening another on the same database is what a restart is.
 */
export async function openLifeDesk(database: TestDatabase, exchange: Exchange, options: LifeDeskOptions = {}) {
  const { sql } = database;
  const clock = systemClock;
  const random = systemRandom;
  const log = createRecordedLog();
  const { keyId, secretKey } = exchange;
  const accountId = options.accountId ?? systemRandom.id();
  if (options.accountId === undefined) {
    await sql`
      insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
      values (${accountId}, ${accountId}, 'alpaca', 'embedded', 'paper', 'key', 'sealed')`;
    await sql`
      insert into strategies (key, mode, enabled, settings, updated_at)
      values ('momentum', 'paper', true, '{"allowShort": true}', now()) on conflict do nothing`;
  }
  const queue = await createPgBossQueue({ url: database.url, clock, random, log });
  const settings = await createSettingsStore({ sql, clock, log });
  const stores = { sql, clock, random };
  const orders = createOrderStore(stores);
  const tradingUrl = options.tradingUrl ?? exchange.url;
  const broker = createAlpacaBroker({ tradingUrl, keyId, secretKey, timeoutMs: 2000, log, clock });
  const execution = createExecution({
    ...{ orders, settings, clock, random, log },
    broker: () => broker,
    alertSeconds: () => 300,
    mayEnter: async () => (options.holdsEntries?.() ? { afterMs: 20 } : null),
    ready: (id) => reconciliation.ready(id),
    onTraded: (id) => reconciliation.noteTraded(id),
    timings: { missGraceMs: 2500, lookupFirstMs: 50, pollOpenMs: 200, pollIdleMs: 400, waitingFloorMs: 100 },
  });
  const reconciliation: Reconciler = createReconciliation({
    ...{ orders, clock, random, log },
    broker: () => broker,
    store: createReconciliationStore(stores),
    ledger: createLedgerStore(stores),
    sync: execution.sync,
  });
  const following = execution.follow(accountId, {
    onConnected: () => void reconciliation.reconcile(accountId, 'reconnect'),
    onDisconnected: () => undefined,
  });
  await reconciliation.whenReady(accountId);

  const quotes = new Map<string, Quote>();
  const market = {
    quote: async (symbol: string): Promise<Quote | null> => {
      const known = quotes.get(symbol);
      return known ? { ...known, at: clock.now() } : null;
    },
    lastQuote: () => null,
    asset: async (symbol: string): Promise<Asset> => ({
      ...{ symbol, name: `${symbol} Inc.`, exchange: 'NASDAQ' },
      ...{ tradable: true, shortable: true, fractionable: true },
    }),
  };
  const process = createSignalProcessor({
    decisions: createDecisionStore({ sql, jobs: queue, clock }),
    settings,
    rules: await loadRules(),
    sizing: await loadSizing(),
    sectorOf: () => 'Unknown',
    industryOf: () => 'Unknown',
    facts: noMarketFacts,
    prepare: async () => {},
    marketData: () => market,
    ready: (id) => reconciliation.ready(id),
    ...{ clock, random, log },
    onDecided: () => {
      for (const name of ['order.submit', 'order.cancel', 'order.replace'] as const) queue.kick(name);
    },
  });
  queue.work('signal.process', { concurrency: 4 }, process);
  if (!options.onlyDecides) execution.work(queue);

  return {
    ...{ accountId, sql, queue, execution, reconciliation, orders, log },

    /** What the exchange and the market data quote from now on. */
    async quote(symbol: string, bid: string, ask: string): Promise<void> {
      quotes.set(symbol, { symbol, bid: price(bid), ask: price(ask), at: clock.now() });
      await exchange.setQuote(symbol, Number(bid), Number(ask));
    },

    /** The settings of the strategy that alerts name unless told. */
    async strategy(change: Partial<StrategySettings>): Promise<void> {
      await sql`update strategies set settings = ${sql.json({ allowShort: true, ...change } as never)} where key = 'momentum'`;
      await settings.refresh();
    },

    /** An alert as intake stores it, with its job; its id. It names no prices unless told. */
    async alert(change: Partial<TradeSignal>): Promise<string> {
      const signalId = systemRandom.id();
      const bare = { entryPrice: null, stopLoss: null, takeProfit: null, timeframe: null };
      const json = signalToJson(tradeSignal({ ...bare, firedAt: clock.now(), ...change }));
      await sql.begin(async (tx) => {
        await tx`
          insert into trading_signals (id, source, received_at, status, raw_body, proofs, parsed, ticker, side, strategy)
          values (${signalId}, 'test', ${clock.now()}, 'accepted', '{}', '{}', ${tx.json({ ...json })}, ${json.ticker},
                  ${json.side}, ${json.strategy})`;
        const job = queue.insert('signal.process', [{ data: { signalId } }]);
        await tx.unsafe(job.text, job.values as never[]);
      });
      queue.kick('signal.process');
      return signalId;
    },

    /** The orders of a signal by their steps, without legs. */
    ordersOf: (signalId: string) => sql<LifeOrder[]>`
      select id, step, role, side, type, status, quantity::float8 as quantity, filled_quantity::float8 as filled, problem,
        stop_price::float8 as stop, limit_price::float8 as "limit", origin
      from orders where signal_id = ${signalId} and parent_id is null order by step, created_at`,

    /** Every order that works, legs too: what protects is `held`, `accepted` or `partially_filled`. */
    working: () => sql<LifeOrder[]>`
      select id, step, role, side, type, status, quantity::float8 as quantity, filled_quantity::float8 as filled, problem,
        stop_price::float8 as stop, limit_price::float8 as "limit", origin
      from orders
      where account_id = ${accountId} and status in ('held', 'accepted', 'partially_filled', 'pending_replace')
      order by created_at, role`,

    signal: async (signalId: string) =>
      (
        await sql<{ status: string; code: string | null; sentence: string | null }[]>`
        select status, code, sentence from trading_signals where id = ${signalId}`
      )[0],

    /** Shares held, by our books; negative when short. */
    async held(symbol: string): Promise<number> {
      const [row] = await sql<{ quantity: number }[]>`
        select quantity::float8 as quantity from positions where account_id = ${accountId} and symbol = ${symbol}`;
      return row?.quantity ?? 0;
    },

    /** What the exchange answers. */
    async atExchange<T>(path: string): Promise<T> {
      const response = await fetch(`${exchange.url}${path}`, {
        headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey },
      });
      return (await response.json()) as T;
    },

    async close(): Promise<void> {
      await queue.stop();
      await following.close();
      await reconciliation.stop();
      await execution.idle();
      await settings.stop();
    },
  };
}

export interface LifeOrder {
  id: string;
  step: number;
  role: string;
  side: string;
  type: string;
  status: string;
  quantity: number;
  filled: number;
  problem: string | null;
  stop: number | null;
  limit: number | null;
  origin: string;
}

export type LifeDesk = Awaited<ReturnType<typeof openLifeDesk>>;
