import { systemClock } from '../adapters/clock/system-clock.ts';
import { systemRandom } from '../adapters/clock/system-random.ts';
import { createApprovalStore } from '../adapters/database/approval-store/approval-store.ts';
import { createDecisionStore } from '../adapters/database/decision-store/decision-store.ts';
import { createKillSwitchStore } from '../adapters/database/kill-switch-store/kill-switch-store.ts';
import { createLimitStore } from '../adapters/database/limit-store/limit-store.ts';
import { createSettingsStore } from '../adapters/database/settings-store/settings-store.ts';
import { createPgBossQueue } from '../adapters/queue/pg-boss-queue.ts';
import { price } from '../core/decimal.ts';
import type { Asset, Quote } from '../core/model/market.ts';
import type { Mode } from '../core/model/mode.ts';
import { everything, type LimitScope, type Severity, type StoredLimit } from '../core/model/risk-limit.ts';
import { signalToJson, type TradeSignal } from '../core/model/signal.ts';
import type { DecisionStore } from '../core/ports/decision-store.ts';
import { createSignalProcessor, type SignalProcessorParts } from '../pipeline/process-signal.ts';
import { loadRules } from '../pipeline/risk/load-rules.ts';
import { type ApprovalSettlerParts, createApprovalSettler } from '../pipeline/settle-approval.ts';
import { loadSizing } from '../pipeline/sizing/book.ts';
import type { TestDatabase } from './database.ts';
import { ManualClock } from './manual-clock.ts';
import { createRecordedLog } from './recorded-log.ts';
import { noMarketFacts, tradeSignal } from './risk-context.ts';

/** A market that says what the test wants; every symbol is quoted at 149.99 to 150.01 unless said otherwise. */
export class StubMarket {
  readonly quotes = new Map<string, Quote | null>();
  readonly asked: string[] = [];
  down = false;
  beforeQuote: () => Promise<unknown> = async () => undefined;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  put(symbol: string, bid: string, ask: string): void {
    this.quotes.set(symbol, { symbol, bid: price(bid), ask: price(ask), at: this.#clock.now() });
  }

  async quote(symbol: string): Promise<Quote | null> {
    this.asked.push(symbol);
    await this.beforeQuote();
    if (this.down) throw new Error('the market is down');
    const known = this.quotes.get(symbol);
    return known === undefined ? { symbol, bid: price('149.99'), ask: price('150.01'), at: this.#clock.now() } : known;
  }

  /** Nothing is on the stream: what is wanted must be asked for. */
  lastQuote(): Quote | null {
    return null;
  }

  async asset(symbol: string): Promise<Asset | null> {
    return symbol === 'NOSUCH'
      ? null
      : { symbol, name: `${symbol} Inc.`, exchange: 'NASDAQ', tradable: true, shortable: true, fractionable: true };
  }
}

/** For tests of the decision: its stores on a database of the test's own, the queue's own tables, and a stub of the market. */
export async function openDecisionDesk(database: TestDatabase) {
  const { sql } = database;
  const clock = new ManualClock();
  const log = createRecordedLog();
  const queue = await createPgBossQueue({ url: database.url, clock: systemClock, random: systemRandom, log });
  const settings = await createSettingsStore({ sql, clock, log });
  const decisions: DecisionStore = createDecisionStore({ sql, jobs: queue, clock });
  const approvals = createApprovalStore({ sql, jobs: queue, clock });
  const alarms = new Map<string, string>();
  const killSwitches = createKillSwitchStore({ sql, jobs: queue, clock, random: systemRandom });
  const market = new StubMarket(clock);
  const rules = await loadRules();
  const decided: string[] = [];

  const parts: SignalProcessorParts = {
    decisions,
    settings,
    rules,
    sizing: await loadSizing(),
    sectorOf: () => 'Unknown',
    industryOf: () => 'Unknown',
    facts: noMarketFacts,
    prepare: async () => {},
    marketData: () => market,
    ready: () => true,
    clock,
    random: systemRandom,
    log,
    onDecided: () => decided.push('decided'),
  };
  const limits = createLimitStore({ sql, clock });
  /** Sets a limit that has not been set before. */
  const limit = async (
    rule: string,
    parameters: StoredLimit['parameters'],
    scope: LimitScope = everything,
    severity: Severity = 'deny',
  ) => {
    const wish = { rule, scope, on: true, severity, parameters };
    await limits.set(wish, 0, { author: 'ada', reason: 'a test' });
    await settings.refresh();
  };
  const process = (signalId: string, change: Partial<SignalProcessorParts> = {}, attempt = 1, lost = 0) =>
    createSignalProcessor({ ...parts, ...change })({ signalId }, { attempt, lost });

  const settle = (approvalId: string, change: Partial<ApprovalSettlerParts> = {}) =>
    createApprovalSettler({
      ...parts,
      approvals,
      alarms: {
        raise: async ({ key, sentence }) => void alarms.set(key, sentence),
        clear: async (key) => void alarms.delete(key),
      },
      ...change,
    })({ approvalId });
  /** What waits, or waited, for a person because of an alert. */
  const approvalOf = async (signalId: string) => {
    const [row] = await sql<{ id: string }[]>`select id from approvals where signal_id = ${signalId}`;
    return row ? approvals.find(row.id) : null;
  };

  /** An account with 100,000 in cash. */
  const account = async (mode: Mode = 'paper', name: string = systemRandom.id()): Promise<string> => {
    const accountId = systemRandom.id();
    await sql`
      insert into accounts (id, name, broker, venue, mode, key_id, secret_encrypted)
      values (${accountId}, ${name}, 'alpaca', 'embedded', ${mode}, 'key', 'sealed')`;
    await pay(accountId, '100000');
    return accountId;
  };

  /** Puts money into an account's books. */
  const pay = async (accountId: string, amount: string): Promise<void> => {
    const id = systemRandom.id();
    await sql.begin(async (tx) => {
      await tx`
        insert into ledger_transactions (id, account_id, kind, reference, at, posted_at)
        values (${id}, ${accountId}, 'opening', ${id}, ${clock.now()}, ${clock.now()})`;
      await tx`
        insert into ledger_entries (id, transaction_id, account_id, book, amount)
        values (${systemRandom.id()}, ${id}, ${accountId}, 'cash', ${amount}),
               (${systemRandom.id()}, ${id}, ${accountId}, 'capital', 0 - ${amount}::numeric)`;
    });
  };

  /** A strategy's shares, and the account's with them; their cost is signed like the quantity. */
  const hold = (accountId: string, symbol: string, quantity: string, cost: string, strategy = 'momentum') => sql`
    with owned as (
      insert into strategy_positions (account_id, strategy, symbol, quantity, cost, updated_at)
      values (${accountId}, ${strategy}, ${symbol}, ${quantity}, ${cost}, ${clock.now()}))
    insert into positions as held (account_id, symbol, quantity, cost, updated_at)
    values (${accountId}, ${symbol}, ${quantity}, ${cost}, ${clock.now()})
    on conflict (account_id, symbol) do update set quantity = held.quantity + excluded.quantity,
      cost = held.cost + excluded.cost`;

  /** An accepted alert, fired and received now. */
  const signal = async (change: Partial<TradeSignal> = {}): Promise<string> => {
    const signalId = systemRandom.id();
    const json = signalToJson(tradeSignal({ firedAt: clock.now(), ...change }));
    await sql`
      insert into trading_signals (id, source, received_at, status, raw_body, proofs, parsed, ticker, side, strategy)
      values (${signalId}, 'tradingview', ${clock.now()}, 'accepted', '{}', '{}', ${sql.json({ ...json })}, ${json.ticker},
              ${json.side}, ${json.strategy})`;
    return signalId;
  };

  const decision = async (signalId: string) => (await sql`select * from decisions where signal_id = ${signalId}`)[0];
  const order = async (signalId: string) => (await sql`select * from orders where signal_id = ${signalId}`)[0];
  const status = async (signalId: string) =>
    (await sql`select status, code, sentence, decided_at from trading_signals where id = ${signalId}`)[0];
  const events = async (signalId: string) =>
    (await sql<{ kind: string }[]>`select kind from events where signal_id = ${signalId} order by xid, seq`).map(
      (event) => event.kind,
    );
  const jobs = (orderId: string) => sql`
    select data from pgboss.job where name = 'order.submit' and data->>'orderId' = ${orderId}`;

  const close = async () => {
    await settings.stop();
    await queue.stop();
    await database.drop();
  };
  return {
    ...{ sql, clock, log, queue, settings, killSwitches, decisions, market, rules, decided, parts },
    ...{ approvals, alarms, settle, approvalOf },
    ...{ process, account, pay, hold, signal, decision, order, status, events, jobs, limit, limits, close },
  };
}
