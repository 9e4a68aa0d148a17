import { type Price, price, quantity, text } from '../../../core/decimal.ts';
import type { OrderStatus } from '../../../core/model/order.ts';
import { openStatuses } from '../../../core/model/order.ts';
import { externalStrategy } from '../../../core/model/posting.ts';
import type { BrokerFacts } from '../../../core/ports/broker-facts.ts';
import { bookActivities, noteActivity } from './activities.ts';
import { bookForeignFills, insertForeignFill } from './foreign-fills.ts';
import type { ReconciliationStoreOptions } from './reconciliation-store.ts';

interface OrderInBooksRow {
  orderId: string;
  brokerOrderId: string;
  symbol: string;
  status: OrderStatus;
  quantity: string;
  filledQuantity: string;
  limitPrice: string | null;
  stopPrice: string | null;
}

interface FillInBooksRow {
  orderId: string;
  brokerOrderId: string | null;
  executionId: string;
  symbol: string;
  quantity: string;
  price: string;
  cumulativeQuantity: string;
  at: Date;
}

const priceOrNull = (value: string | null): Price | null => (value === null ? null : price(value));

/** What the broker states, in PostgreSQL; every fact is booked in a transaction of its own, so that a run can be cut anywhere. */
export function createBrokerFacts(options: ReconciliationStoreOptions): BrokerFacts {
  const { sql, clock } = options;
  return {
    async noteOpening(accountId, { fills, activities }) {
      const now = clock.now();
      await sql.begin(async (tx) => {
        for (const fill of fills) {
          await insertForeignFill(tx, accountId, fill, { realizedPnl: '0', inOpening: true, now });
        }
        for (const activity of activities) await noteActivity(tx, accountId, activity, true, now);
      });
    },

    bookForeignFills: (accountId, fills) => bookForeignFills(options, accountId, fills),
    bookActivities: (accountId, activities) => bookActivities(options, accountId, activities),

    async noteForeignOrders(accountId, resting, at) {
      const rows = resting.map((order) => ({
        id: order.brokerOrderId,
        client: order.clientOrderId,
        symbol: order.symbol,
        side: order.side,
        type: order.type,
        tif: order.timeInForce,
        quantity: text(order.quantity),
        filled: text(order.filledQuantity),
        limit_price: order.limitPrice && text(order.limitPrice),
        stop_price: order.stopPrice && text(order.stopPrice),
        status: order.brokerStatus,
      }));
      await sql.begin(async (tx) => {
        await tx`
          update foreign_orders set gone_at = ${at}
          where account_id = ${accountId} and gone_at is null
            and not (broker_order_id = any(${rows.map((row) => row.id)}::text[]))`;
        if (rows.length === 0) return;
        // What is as it was is not written again.
        await tx`
          insert into foreign_orders as known (account_id, broker_order_id, client_order_id, symbol, side, type, time_in_force,
            quantity, filled_quantity, limit_price, stop_price, broker_status, seen_at)
          select ${accountId}::uuid, o.id, o.client, o.symbol, o.side, o.type, o.tif, o.quantity, o.filled, o.limit_price,
            o.stop_price, o.status, ${at}::timestamptz
          from jsonb_to_recordset(${tx.json(rows)}::jsonb) as o (id text, client text, symbol text, side text, type text,
            tif text, quantity numeric, filled numeric, limit_price numeric, stop_price numeric, status text)
          on conflict (account_id, broker_order_id) do update set quantity = excluded.quantity,
            filled_quantity = excluded.filled_quantity, limit_price = excluded.limit_price, stop_price = excluded.stop_price,
            broker_status = excluded.broker_status, seen_at = excluded.seen_at, gone_at = null
          where (known.quantity, known.filled_quantity, known.limit_price, known.stop_price, known.broker_status, known.gone_at)
            is distinct from (excluded.quantity, excluded.filled_quantity, excluded.limit_price, excluded.stop_price,
              excluded.broker_status, null)`;
      });
    },

    async ordersInBooks(accountId, brokerOrderIds) {
      const rows = await sql<OrderInBooksRow[]>`
        select id as "orderId", broker_order_id as "brokerOrderId", symbol, status,
          quantity + carried_quantity as quantity,
          filled_quantity + carried_quantity as "filledQuantity", limit_price as "limitPrice", stop_price as "stopPrice"
        from orders
        where account_id = ${accountId} and broker_order_id is not null
          and (broker_order_id = any(${[...brokerOrderIds]}::text[]) or status in ${sql([...openStatuses])})`;
      return rows.map((row) => ({
        ...row,
        quantity: quantity(row.quantity),
        filledQuantity: quantity(row.filledQuantity),
        limitPrice: priceOrNull(row.limitPrice),
        stopPrice: priceOrNull(row.stopPrice),
      }));
    },

    async opposedShares(accountId) {
      const rows = await sql<{ symbol: string; external: string; strategy: string; quantity: string }[]>`
        select e.symbol, e.quantity as external, p.strategy, p.quantity
        from strategy_positions e join strategy_positions p using (account_id, symbol)
        where e.account_id = ${accountId} and e.strategy = ${externalStrategy} and e.quantity * p.quantity < 0
        order by e.symbol, p.strategy`;
      return [...Map.groupBy(rows, (row) => row.symbol)].map(([symbol, own]) => ({
        symbol,
        external: quantity(own[0]!.external),
        strategies: own.map((row) => ({ strategy: row.strategy, quantity: quantity(row.quantity) })),
      }));
    },

    async fillsInBooks(accountId, since, executionIds) {
      const rows = await sql<FillInBooksRow[]>`
        select e.order_id as "orderId", o.broker_order_id as "brokerOrderId", e.execution_id as "executionId", e.symbol,
          e.quantity, e.price, e.cumulative_quantity as "cumulativeQuantity", e.executed_at as at
        from trade_executions e join orders o on o.id = e.order_id
        where e.account_id = ${accountId}
          and (e.executed_at >= ${since} or e.execution_id = any(${[...executionIds]}::text[]))
          and not exists (
            select from execution_corrections c
            where c.account_id = e.account_id and c.previous_execution_id = e.execution_id)`;
      return rows.map((row) => ({
        ...row,
        quantity: quantity(row.quantity),
        price: price(row.price),
        cumulativeQuantity: quantity(row.cumulativeQuantity),
      }));
    },
  };
}
