import type postgres from 'postgres';
import type { Execution, Order } from '../../../contract/index.ts';
import { terminalStatuses } from '../../../core/model/order.ts';
import type { Page, PageQuery } from '../../../core/ports/paging.ts';
import { allOf, iso, isoOrNull, pageOf, readCursor } from './paging.ts';

export interface OrderQuery extends PageQuery {
  readonly status: 'open' | 'closed' | 'all';
  readonly symbol?: string | undefined;
  readonly accountId?: string | undefined;
}

const dates = ['createdAt', 'submittingAt', 'acknowledgedAt', 'closedAt', 'updatedAt'] as const;
type OrderRow = Omit<Order, (typeof dates)[number]> & {
  createdAt: Date;
  updatedAt: Date;
  submittingAt: Date | null;
  acknowledgedAt: Date | null;
  closedAt: Date | null;
};

const columns = (sql: postgres.Sql) => sql`
  o.id, o.account_id as "accountId", coalesce(o.signal_id, p.signal_id) as "signalId", o.decision_id as "decisionId",
  o.parent_id as "parentId", o.origin, o.step, o.after_order_id as "afterOrderId", o.after_when as "afterWhen",
  o.replaces_id as "replacesId", trim_scale(o.trail_price)::text as "trailPrice",
  trim_scale(o.trail_percent)::text as "trailPercent", o.strategy, o.mode,
  coalesce((select d.shadow from decisions d
    where d.signal_id = coalesce(o.signal_id, p.signal_id) and d.account_id = o.account_id), false) as shadow, o.role, o.client_order_id as "clientOrderId",
  o.broker_order_id as "brokerOrderId", o.broker_status as "brokerStatus", o.symbol, o.side, o.type,
  o.order_class as "orderClass", o.time_in_force as "timeInForce", trim_scale(o.quantity)::text as quantity,
  trim_scale(o.filled_quantity)::text as "filledQuantity",
  trim_scale(round(o.filled_cost / nullif(o.filled_quantity, 0), 6))::text as "averagePrice",
  trim_scale(o.limit_price)::text as "limitPrice", trim_scale(o.stop_price)::text as "stopPrice",
  trim_scale(o.take_profit_price)::text as "takeProfitPrice", trim_scale(o.stop_loss_price)::text as "stopLossPrice",
  trim_scale(o.reference_price)::text as "referencePrice", o.status, o.problem,
  (select max(t.milliseconds) from protection_times t where t.order_id = o.id) as "protectedMs", o.created_at as "createdAt",
  o.submitting_at as "submittingAt", o.acknowledged_at as "acknowledgedAt", o.closed_at as "closedAt",
  o.updated_at as "updatedAt"
  from orders o left join orders p on p.id = o.parent_id`;

const show = (row: OrderRow): Order => ({
  ...row,
  createdAt: iso(row.createdAt),
  updatedAt: iso(row.updatedAt),
  submittingAt: isoOrNull(row.submittingAt),
  acknowledgedAt: isoOrNull(row.acknowledgedAt),
  closedAt: isoOrNull(row.closedAt),
});

export async function listOrders(sql: postgres.Sql, query: OrderQuery): Promise<Page<Order>> {
  const after = readCursor(query.cursor);
  const final = sql([...terminalStatuses]);
  const rows = await sql<OrderRow[]>`
    select ${columns(sql)}
    where true ${allOf(sql, [
      query.status === 'open' ? sql`o.status not in ${final}` : null,
      query.status === 'closed' ? sql`o.status in ${final}` : null,
      query.symbol ? sql`o.symbol = ${query.symbol.toUpperCase()}` : null,
      query.accountId ? sql`o.account_id = ${query.accountId}` : null,
      after ? sql`(o.created_at, o.id) < (${after.at}, ${after.id}::uuid)` : null,
    ])}
    order by o.created_at desc, o.id desc limit ${query.limit + 1}`;
  return pageOf(rows, query.limit, (row) => ({ at: row.createdAt, id: row.id }), show);
}

export async function findOrders(sql: postgres.Sql, ids: readonly string[]): Promise<Order[]> {
  if (ids.length === 0) return [];
  return (await sql<OrderRow[]>`select ${columns(sql)} where o.id in ${sql(ids)}`).map(show);
}

/** An order and its legs, the order first. */
export async function orderWithLegs(sql: postgres.Sql, id: string): Promise<Order[]> {
  const rows = await sql<OrderRow[]>`
    select ${columns(sql)} where o.id = ${id} or o.parent_id = ${id} order by o.parent_id nulls first, o.role desc`;
  return rows.map(show);
}

/** All orders of a signal: those of its decision by their steps, then those that followed, then the legs of all. */
export async function ordersOfSignal(sql: postgres.Sql, signalId: string): Promise<Order[]> {
  const rows = await sql<OrderRow[]>`
    select ${columns(sql)} where o.signal_id = ${signalId} or p.signal_id = ${signalId}
    order by o.parent_id is not null, shadow, o.origin <> 'decision', o.created_at, o.step, o.role desc, o.id`;
  return rows.map(show);
}

export interface ExecutionQuery extends PageQuery {
  readonly symbol?: string | undefined;
  readonly accountId?: string | undefined;
}

type ExecutionRow = Omit<Execution, 'executedAt' | 'recordedAt'> & { executedAt: Date; recordedAt: Date };

const executionColumns = (sql: postgres.Sql) => sql`
  e.id, e.order_id as "orderId", e.account_id as "accountId", coalesce(o.signal_id, p.signal_id) as "signalId",
  e.execution_id as "executionId", e.symbol, e.side, trim_scale(e.quantity)::text as quantity,
  trim_scale(e.price)::text as price, trim_scale(e.fee)::text as fee,
  trim_scale(e.cumulative_quantity)::text as "cumulativeQuantity", trim_scale(e.realized_pnl)::text as "realizedPnl",
  e.source, e.executed_at as "executedAt", e.recorded_at as "recordedAt"
  from trade_executions e join orders o on o.id = e.order_id left join orders p on p.id = o.parent_id`;

const showExecution = (row: ExecutionRow): Execution => ({
  ...row,
  executedAt: iso(row.executedAt),
  recordedAt: iso(row.recordedAt),
});

export async function listExecutions(sql: postgres.Sql, query: ExecutionQuery): Promise<Page<Execution>> {
  const after = readCursor(query.cursor);
  const rows = await sql<ExecutionRow[]>`
    select ${executionColumns(sql)}
    where true ${allOf(sql, [
      query.symbol ? sql`e.symbol = ${query.symbol.toUpperCase()}` : null,
      query.accountId ? sql`e.account_id = ${query.accountId}` : null,
      after ? sql`(e.executed_at, e.id) < (${after.at}, ${after.id}::uuid)` : null,
    ])}
    order by e.executed_at desc, e.id desc limit ${query.limit + 1}`;
  return pageOf(rows, query.limit, (row) => ({ at: row.executedAt, id: row.id }), showExecution);
}

/** Fills of these orders, oldest first. */
export async function executionsOf(sql: postgres.Sql, orderIds: readonly string[]): Promise<Execution[]> {
  if (orderIds.length === 0) return [];
  const rows = await sql<ExecutionRow[]>`
    select ${executionColumns(sql)} where e.order_id in ${sql(orderIds)} order by e.executed_at, e.cumulative_quantity`;
  return rows.map(showExecution);
}

/** The ledger transactions that were posted for these fills. */
export async function ledgerTransactionsOf(sql: postgres.Sql, executions: readonly Execution[]): Promise<string[]> {
  if (executions.length === 0) return [];
  const references = executions.map((e) => `fill:${e.orderId}:${e.cumulativeQuantity}`);
  const rows = await sql<{ id: string }[]>`
    select id from ledger_transactions
    where account_id in ${sql([...new Set(executions.map((e) => e.accountId))])} and reference in ${sql(references)}
    order by seq`;
  return rows.map((row) => row.id);
}
