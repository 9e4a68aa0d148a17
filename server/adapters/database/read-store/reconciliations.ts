import type postgres from 'postgres';
import type { DifferenceJson, Foreign, Reconciliation } from '../../../contract/index.ts';
import { openStatuses } from '../../../core/model/order.ts';
import { iso } from './paging.ts';

interface Row extends Omit<Reconciliation, 'startedAt' | 'finishedAt' | 'differences'> {
  startedAt: Date;
  finishedAt: Date;
  differences: Partial<DifferenceJson>[];
}

interface SettledRow {
  reconciliationId: string;
  difference: string;
  by: string;
  reason: string;
  at: Date;
}

const columns = (sql: postgres.Sql) => sql`
  id, account_id as "accountId", reason, started_at as "startedAt", finished_at as "finishedAt", outcome, differences,
  compared, changed_orders as "changedOrders", recorded_fills as "recordedFills", problem`;

/** The newest comparisons of an account, with every difference. */
export async function listReconciliations(sql: postgres.Sql, accountId: string, limit = 50): Promise<Reconciliation[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from reconciliations where account_id = ${accountId} order by finished_at desc limit ${limit}`;
  return withSettled(sql, rows);
}

export async function findReconciliation(sql: postgres.Sql, id: string): Promise<Reconciliation | null> {
  const [found] = await withSettled(
    sql,
    await sql<Row[]>`select ${columns(sql)} from reconciliations where id = ${id}`,
  );
  return found ?? null;
}

/** Beside each difference what a person has said of it since. */
async function withSettled(sql: postgres.Sql, rows: readonly Row[]): Promise<Reconciliation[]> {
  const differing = rows.filter((row) => row.outcome === 'differs').map((row) => row.id);
  const settled =
    differing.length === 0
      ? []
      : await sql<SettledRow[]>`
          select data ->> 'reconciliationId' as "reconciliationId", data ->> 'difference' as difference, data ->> 'by' as by,
            data ->> 'reason' as reason, at
          from events where kind = 'reconciliation.settled' and data ->> 'reconciliationId' = any(${differing}::text[])`;
  return rows.map((row) => ({
    ...row,
    startedAt: iso(row.startedAt),
    finishedAt: iso(row.finishedAt),
    differences: row.differences.map((one, index) => {
      const shown = show(one, index);
      const by = settled.find((other) => other.reconciliationId === row.id && other.difference === shown.id);
      return by ? { ...shown, settled: { by: by.by, reason: by.reason, at: iso(by.at) } } : shown;
    }),
  }));
}

/** Comparisons from before differences had ids and states are shown as far as they go. */
function show(one: Partial<DifferenceJson>, index: number): DifferenceJson {
  const {
    id,
    kind = 'unknown',
    state,
    symbol = null,
    ours = null,
    brokers = null,
    sentence = '',
    orderId,
    reference,
  } = one;
  return {
    id: id ?? `${kind}:${index}`,
    kind,
    state: state ?? (kind.startsWith('foreign') ? 'information' : 'open'),
    symbol,
    ours,
    brokers,
    sentence,
    ...(orderId ? { orderId } : {}),
    ...(reference ? { reference } : {}),
  };
}

type ForeignOrderRow = Omit<Foreign['orders'][number], 'seenAt'> & { seenAt: Date };
type ForeignTradeRow = Omit<Foreign['trades'][number], 'executedAt' | 'takenBackAt'> & {
  executedAt: Date;
  takenBackAt: Date | null;
};

const tradesShown = 100;

/** What somebody else does in the account, and what of it was made ours. */
export async function readForeign(sql: postgres.Sql, accountId: string): Promise<Foreign> {
  const [orders, trades, adopted, lots] = await Promise.all([
    sql<ForeignOrderRow[]>`
      select broker_order_id as "brokerOrderId", symbol, side, type, trim_scale(quantity)::text as quantity,
        trim_scale(filled_quantity)::text as "filledQuantity", trim_scale(limit_price)::text as "limitPrice",
        trim_scale(stop_price)::text as "stopPrice", broker_status as "brokerStatus", seen_at as "seenAt"
      from foreign_orders where account_id = ${accountId} and gone_at is null order by seen_at desc, broker_order_id`,
    sql<ForeignTradeRow[]>`
      select f.execution_id as "executionId", f.broker_order_id as "brokerOrderId", f.symbol, f.side,
        trim_scale(f.quantity)::text as quantity, trim_scale(f.price)::text as price, f.executed_at as "executedAt", o.strategy, t.at as "takenBackAt"
      from foreign_fills f left join orders o on o.id = f.order_id
        left join ledger_transactions t on t.account_id = f.account_id and t.reference = 'bust:' || f.execution_id
      where f.account_id = ${accountId} and not f.in_opening
      order by f.executed_at desc, f.execution_id limit ${tradesShown}`,
    sql<Foreign['adopted']>`
      select id as "orderId", symbol, side, trim_scale(quantity)::text as quantity,
        trim_scale(filled_quantity)::text as "filledQuantity", strategy, status
      from orders where account_id = ${accountId} and origin = 'adopted' and parent_id is null
        and status in ${sql([...openStatuses])} order by created_at desc`,
    sql<Foreign['lots']>`
      select symbol, strategy, trim_scale(quantity)::text as quantity,
        trim_scale(round(cost / quantity, 6))::text as "averagePrice"
      from strategy_positions where account_id = ${accountId} and quantity <> 0 order by symbol, strategy`,
  ]);
  return {
    orders: orders.map((row) => ({ ...row, seenAt: iso(row.seenAt) })),
    trades: trades.map((row) => ({
      ...row,
      executedAt: iso(row.executedAt),
      takenBackAt: row.takenBackAt && iso(row.takenBackAt),
    })),
    adopted: [...adopted],
    lots: [...lots],
  };
}
