import { type Quantity, quantity, text, zeroQuantity } from '../../../core/decimal.ts';
import { openStatuses } from '../../../core/model/order.ts';
import type { OrderRecord, OrderStore } from '../../../core/ports/order-store.ts';
import { appendEvents } from '../event-reader/append-events.ts';
import { applyBrokerOrder, findNews } from './apply-broker-order.ts';
import { readApproved } from './approved.ts';
import type { OrderStoreOptions } from './context.ts';
import { lockOrder, move } from './move.ts';
import { type OrderRow, orderColumns, orderFacts, toRecord } from './order-row.ts';
import { recordFill } from './record-fill.ts';

/** The orders in PostgreSQL. Every method is one transaction with the events it stands for. */
export function createOrderStore(options: OrderStoreOptions): OrderStore {
  const { sql } = options;
  const one = (rows: readonly OrderRow[]): OrderRecord | null => (rows[0] ? toRecord(rows[0]) : null);

  return {
    approved: (orderId) => readApproved(sql, orderId),

    find: async (orderId) =>
      one(await sql<OrderRow[]>`select ${orderColumns(sql)} from orders o where o.id = ${orderId}`),

    findByBrokerOrderId: async (accountId, brokerOrderId) =>
      one(
        await sql<OrderRow[]>`
          select ${orderColumns(sql)} from orders o
          where o.account_id = ${accountId} and o.broker_order_id = ${brokerOrderId}`,
      ),

    beginSubmit: (orderId) => move(options, orderId, { to: 'submitting', problem: null }),

    beginWaiting: (orderId, sentence) => move(options, orderId, { to: 'waiting', problem: null, data: { sentence } }),

    reduceQuantity: (orderId, lower, sentence) => reduceQuantity(options, orderId, lower, sentence),

    markUnknown: async (orderId, problem) => {
      await move(options, orderId, { to: 'submit_unknown', problem });
    },

    markRejected: async (orderId, code, problem) => {
      await move(options, orderId, { to: 'rejected', problem, data: { code } });
    },

    // Once it may have been sent, only the broker can say that it is canceled.
    markCanceledUnsent: (orderId, problem) =>
      move(options, orderId, { to: 'canceled', from: ['approved', 'waiting'], problem }),

    markCancelRequested: async (orderId, sentence) => {
      await move(options, orderId, { to: 'pending_cancel', problem: null, data: { sentence } });
    },

    applyBrokerOrder: (accountId, order, source) => applyBrokerOrder(options, accountId, order, source),

    news: (accountId, told) => findNews(options, accountId, told),

    recordFill: (accountId, fill, source) => recordFill(options, accountId, fill, source),

    open: async (accountId, symbol) => {
      const rows = await sql<OrderRow[]>`
        select ${orderColumns(sql)} from orders o
        where o.account_id = ${accountId} and o.status in ${sql([...openStatuses])}
          ${symbol === undefined ? sql`` : sql`and o.symbol = ${symbol}`}
        order by o.created_at, o.id`;
      return rows.map(toRecord);
    },

    positionQuantity: async (accountId, symbol) => {
      const [row] = await sql<{ quantity: string }[]>`
        select quantity from positions where account_id = ${accountId} and symbol = ${symbol}`;
      return row ? quantity(row.quantity) : zeroQuantity;
    },

    newestFillAt: async (accountId) => {
      const [row] = await sql<{ at: Date }[]>`
        select executed_at as at from trade_executions where account_id = ${accountId}
        order by executed_at desc limit 1`;
      return row?.at ?? null;
    },
  };
}

async function reduceQuantity(
  options: OrderStoreOptions,
  orderId: string,
  lower: Quantity,
  sentence: string,
): Promise<void> {
  if (lower.lte('0')) throw new RangeError(`the quantity of order ${orderId} cannot be lowered to ${lower}`);
  await options.sql.begin(async (tx) => {
    const before = await lockOrder(tx, orderId);
    if (before.status !== 'approved' && before.status !== 'waiting') {
      throw new Error(`order ${orderId} is ${before.status}: its quantity can only be lowered before it is sent`);
    }
    if (lower.gte(before.quantity)) return;
    const after: OrderRow = { ...before, quantity: text(lower) };
    await Promise.all([
      tx`update orders set quantity = ${after.quantity}, updated_at = ${options.clock.now()} where id = ${orderId}`,
      appendEvents(tx, [
        {
          kind: 'order.reduced',
          signalId: before.signalId,
          orderId,
          accountId: before.accountId,
          data: { ...orderFacts(after), previousQuantity: text(quantity(before.quantity)), sentence },
        },
      ]),
    ]);
  });
  options.committed?.();
}
