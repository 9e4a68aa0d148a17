import type postgres from 'postgres';
import { text } from '../../../core/decimal.ts';
import type { BrokerAccount } from '../../../core/model/broker-order.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Random } from '../../../core/ports/random.ts';
import type { Reconciliation, ReconciliationStore } from '../../../core/ports/reconciliation-store.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import { createBrokerFacts } from './broker-facts.ts';

export interface ReconciliationStoreOptions {
  /** A plain postgres.js client. */
  readonly sql: postgres.Sql;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
  /** Called after each commit that stored events; meant for the event reader's `kick`. */
  readonly committed?: () => void;
}

/** Comparisons with the broker, in PostgreSQL. */
export function createReconciliationStore(options: ReconciliationStoreOptions): ReconciliationStore {
  const { sql, clock, committed } = options;

  return {
    ...createBrokerFacts(options),

    async lastStartedAt(accountId) {
      const [row] = await sql<{ at: Date }[]>`
        select started_at as at from reconciliations where account_id = ${accountId} and outcome <> 'failed'
        order by finished_at desc limit 1`;
      return row?.at ?? null;
    },

    async record(result) {
      await sql.begin((tx) => record(options, tx, result));
      committed?.();
    },

    async recordAccount(accountId, account, askedAt) {
      await updateAccount(sql, accountId, account, askedAt);
    },

    async recordConnection(accountId, connected, reason) {
      await appendEvents(sql, [
        {
          kind: connected ? 'broker.connected' : 'broker.disconnected',
          accountId,
          data: { at: clock.now().toISOString(), reason },
        },
      ]);
      committed?.();
    },

    async connectedAccounts() {
      // From the newest event back: a stream that is up was told so at the worker's start, or since.
      const rows = await sql<{ id: string }[]>`
        select a.id from accounts a cross join lateral (
          select kind from events
          where account_id = a.id and kind in ('broker.connected', 'broker.disconnected')
          order by xid desc, seq desc limit 1
        ) last
        where last.kind = 'broker.connected'`;
      return rows.map(({ id }) => id);
    },
  };
}

/** An answer that was overtaken by a later one is dropped. */
async function updateAccount(tx: Statements, accountId: string, account: BrokerAccount, askedAt: Date): Promise<void> {
  await tx`
    update accounts set broker_buying_power = ${text(account.buyingPower)}, broker_cash = ${text(account.cash)},
      broker_equity = ${text(account.equity)}, broker_seen_at = ${askedAt},
      account_number = coalesce(account_number, ${account.accountNumber})
    where id = ${accountId} and (broker_seen_at is null or broker_seen_at <= ${askedAt})`;
}

async function record({ random }: ReconciliationStoreOptions, tx: Statements, result: Reconciliation): Promise<void> {
  const { accountId, account } = result;
  // A schedule that agrees again says nothing new: one row is kept for it, and moves on.
  const [last] = await tx<{ id: string; outcome: string; reason: string }[]>`
    select id, outcome, reason from reconciliations where account_id = ${accountId} order by finished_at desc limit 1`;
  const isRepeat = result.reason === 'schedule' && result.outcome === 'agreed' && last?.outcome === 'agreed';
  await tx`
    insert into reconciliations (id, account_id, reason, started_at, finished_at, outcome, differences, compared,
      changed_orders, recorded_fills, problem)
    values (${random.id()}, ${accountId}, ${result.reason}, ${result.startedAt}, ${result.finishedAt}, ${result.outcome},
      ${tx.json(result.differences as never)}, ${tx.json((result.compared ?? {}) as never)}, ${result.changedOrders},
      ${result.recordedFills}, ${result.problem})`;
  if (isRepeat && last.reason === 'schedule') await tx`delete from reconciliations where id = ${last.id}`;
  if (account) {
    // As of the start: an order that was sent while we asked counts as not seen by the broker yet.
    await updateAccount(tx, accountId, account, result.startedAt);
    await tx`update accounts set reconciled_at = ${result.finishedAt} where id = ${accountId}`;
  }
  await appendEvents(tx, [
    {
      kind: result.outcome === 'failed' ? 'reconciliation.failed' : 'reconciliation.completed',
      accountId,
      data: {
        reason: result.reason,
        outcome: result.outcome,
        changedOrders: result.changedOrders,
        recordedFills: result.recordedFills,
        // What is corrected or as it should be is in the report, and was told of when it was booked.
        differences: result.differences.filter((one) => one.state === 'open'),
        corrected: result.differences.filter((one) => one.state === 'corrected').length,
        compared: result.compared,
        problem: result.problem,
        durationMs: result.finishedAt.getTime() - result.startedAt.getTime(),
      },
    },
  ]);
}
