import type postgres from 'postgres';
import { text } from '../../../core/decimal.ts';
import type { ApprovedOrder } from '../../../core/model/approved-order.ts';
import type { NewEvent } from '../../../core/model/event.ts';
import type { Mode } from '../../../core/model/mode.ts';
import { type SignalStatus, signalFromJson, type TradeSignalJson } from '../../../core/model/signal.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type {
  DecisionStore,
  DecisionToStore,
  SignalToDecide,
  TradingAccount,
} from '../../../core/ports/decision-store.ts';
import type { JobWriter } from '../../../core/ports/job-queue.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { readLockedView } from './locked-view.ts';

export interface DecisionStoreOptions {
  /** A plain postgres.js client, never one that drizzle was given. */
  readonly sql: postgres.Sql;
  readonly jobs: JobWriter;
  readonly clock: Clock;
  /** Called after each commit that stored events. */
  readonly committed?: () => void;
}

/** Decisions in PostgreSQL. */
export function createDecisionStore({ sql, jobs, clock, committed }: DecisionStoreOptions): DecisionStore {
  return {
    async signal(signalId) {
      const [row] = await sql<{ parsed: TradeSignalJson | null; receivedAt: Date; status: SignalStatus }[]>`
        select parsed, received_at as "receivedAt", status from trading_signals where id = ${signalId}`;
      if (!row?.parsed) return null;
      return { signalId, signal: signalFromJson(row.parsed), receivedAt: row.receivedAt, status: row.status };
    },

    async tradingAccounts() {
      const rows = await sql<TradingAccount[]>`
        select distinct on (mode) id as "accountId", name, mode from accounts where enabled order by mode, name`;
      const of = (mode: Mode) => rows.find((row) => row.mode === mode) ?? null;
      return { paper: of('paper'), production: of('production') };
    },

    async decide(signal, accountId, bar, decide) {
      const decided = await sql.begin(async (tx) => {
        const view = await readLockedView(tx, signal, accountId, bar, clock.now());
        const decision = view && decide(view);
        if (decision === null) return false;
        await store(tx, jobs, signal, accountId, decision);
        return true;
      });
      if (decided) committed?.();
      return decided;
    },

    async fail(signalId, sentence) {
      const failed = await sql.begin(async (tx) => {
        const { count } = await tx`
          update trading_signals set status = 'failed', sentence = ${sentence}
          where id = ${signalId} and status = 'accepted'`;
        if (count === 1) await appendEvents(tx, [{ kind: 'signal.failed', signalId, data: { sentence } }]);
        return count === 1;
      });
      if (failed) committed?.();
      return failed;
    },
  };
}

async function store(
  tx: Statements,
  jobs: JobWriter,
  { signalId, signal }: SignalToDecide,
  accountId: string | null,
  decision: DecisionToStore,
): Promise<void> {
  const { outcome } = decision;
  const denied = outcome.kind === 'denied' ? outcome : null;
  const orderId = outcome.kind === 'approved' ? outcome.order.orderId : null;
  const json = (value: unknown) => tx.json(value as postgres.JSONValue);
  const quote = decision.quote && {
    bid: text(decision.quote.bid),
    ask: text(decision.quote.ask),
    at: decision.quote.at.toISOString(),
  };
  const event: NewEvent = {
    kind: outcome.kind === 'approved' ? 'decision.approved' : 'decision.denied',
    signalId,
    orderId,
    accountId,
    data: {
      decisionId: decision.decisionId,
      ticker: signal.ticker,
      side: signal.side,
      intent: decision.intent,
      mode: decision.mode,
      quantity: decision.sizing.quantity,
      code: denied?.code ?? null,
      sentence: denied?.sentence ?? decision.sizing.sentence,
    },
  };
  const statements: PromiseLike<unknown>[] = [
    tx`
      insert into decisions (id, signal_id, account_id, mode, mode_reasons, intent, outcome, code, sentence, quantity, sizing,
                             verdicts, quote, started_at, decided_at)
      values (${decision.decisionId}, ${signalId}, ${accountId}, ${decision.mode}, ${json(decision.modeReasons)},
              ${decision.intent}, ${outcome.kind}, ${denied?.code ?? null}, ${denied?.sentence ?? null},
              ${decision.sizing.quantity}, ${json(decision.sizing)}, ${json(decision.verdicts)}, ${quote && json(quote)},
              ${decision.startedAt}, ${decision.decidedAt})`,
    tx`
      update trading_signals
      set status = ${outcome.kind}, code = ${denied?.code ?? null}, sentence = ${denied?.sentence ?? null},
          decided_at = ${decision.decidedAt}
      where id = ${signalId}`,
  ];
  if (outcome.kind === 'approved') {
    statements.push(insertOrder(tx, outcome.order, decision.decidedAt));
    const job = jobs.insert('order.submit', [{ data: { orderId: outcome.order.orderId } }]);
    statements.push(tx.unsafe(job.text, job.values as never[], { prepare: true }));
  }
  statements.push(appendEvents(tx, [event]));
  await Promise.all(statements);
}

function insertOrder(tx: Statements, order: ApprovedOrder, at: Date): PromiseLike<unknown> {
  const protection = Number(order.stopLoss !== null) + Number(order.takeProfit !== null);
  const orderClass = protection === 2 ? 'bracket' : protection === 1 ? 'oto' : 'simple';
  const orNull = (value: ApprovedOrder['limitPrice']): string | null => value && text(value);
  return tx`
    insert into orders (id, account_id, decision_id, signal_id, strategy, mode, role, client_order_id, symbol, side, type,
                        order_class, time_in_force, quantity, limit_price, take_profit_price, stop_loss_price,
                        reference_price, status, created_at, updated_at)
    values (${order.orderId}, ${order.accountId}, ${order.decisionId}, ${order.signalId}, ${order.strategy}, ${order.mode},
            ${order.intent}, ${order.clientOrderId}, ${order.symbol}, ${order.side}, ${order.type}, ${orderClass},
            ${order.timeInForce}, ${text(order.quantity)}, ${orNull(order.limitPrice)}, ${orNull(order.takeProfit)},
            ${orNull(order.stopLoss)}, ${text(order.referencePrice)}, 'approved', ${at}, ${at})`;
}
