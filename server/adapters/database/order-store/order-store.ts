import { decimal, type Quantity, quantity, text, zeroQuantity } from '../../../core/decimal.ts';
import { closable } from '../../../core/model/account-view.ts';
import { openStatuses } from '../../../core/model/order.ts';
import type { OrderChangeText } from '../../../core/ports/job-queue.ts';
import type { LookupOutcome, OrderRecord, OrderStore } from '../../../core/ports/order-store.ts';
import { appendEvents } from '../event-reader/append-events.ts';
import { applyBrokerOrder, findNews } from './apply-broker-order.ts';
import { readApproved } from './approved.ts';
import { readAwaited } from './awaited.ts';
import type { OrderStoreOptions } from './context.ts';
import { lockOrder, move } from './move.ts';
import { type OrderRow, orderColumns, orderFacts, toRecord } from './order-row.ts';
import { recordCorrection } from './record-correction.ts';
import { recordFill } from './record-fill.ts';

/** The orders in PostgreSQL. Every method is one transaction with the events it stands for. */
export function createOrderStore(options: OrderStoreOptions): OrderStore {
  const { sql } = options;
  const one = (rows: readonly OrderRow[]): OrderRecord | null => (rows[0] ? toRecord(rows[0]) : null);

  return {
    approved: (orderId) => readApproved(sql, orderId),

    awaited: (orderId) => readAwaited(sql, orderId),

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

    markCancelRefused: (orderId, sentence) =>
      move(options, orderId, {
        to: standing,
        from: ['pending_cancel'],
        kind: 'order.cancel_refused',
        problem: sentence,
        data: { sentence },
      }),

    beginReplace: (orderId, change, sentence) =>
      move(options, orderId, {
        to: 'pending_replace',
        from: ['held', 'accepted', 'partially_filled'],
        problem: null,
        data: { sentence, ...wantedTerms(change) },
      }),

    markReplaceRefused: (orderId, code, sentence) =>
      move(options, orderId, {
        to: standing,
        from: ['pending_replace'],
        kind: 'order.replace_refused',
        problem: sentence,
        data: { code, sentence },
      }),

    replacementsOf: async (orderId) => {
      const rows = await sql<OrderRow[]>`
        select ${orderColumns(sql)} from orders o where o.replaces_id = ${orderId} order by o.created_at desc, o.id`;
      return rows.map(toRecord);
    },

    noteLookup: (orderId, outcome, sentence) => noteLookup(options, orderId, outcome, sentence),

    applyBrokerOrder: (accountId, order, source) => applyBrokerOrder(options, accountId, order, source),

    news: (accountId, told) => findNews(options, accountId, told),

    recordFill: (accountId, fill, source) => recordFill(options, accountId, fill, source),

    recordCorrection: (accountId, correction, told, source) =>
      recordCorrection(options, accountId, correction, told, source),

    open: async (accountId, symbol, strategy) => {
      const rows = await sql<OrderRow[]>`
        select ${orderColumns(sql)} from orders o
        where o.account_id = ${accountId} and o.status in ${sql([...openStatuses])}
          ${symbol === undefined ? sql`` : sql`and o.symbol = ${symbol}`}
          ${strategy === undefined ? sql`` : sql`and o.strategy = ${strategy}`}
        order by o.created_at, o.id`;
      return rows.map(toRecord);
    },

    positionQuantity: async (accountId, symbol, strategy) => {
      const [row] = await sql<{ quantity: string; own: string | null }[]>`
        select p.quantity, o.quantity as own from positions p
        left join strategy_positions o on o.account_id = p.account_id and o.symbol = p.symbol and o.strategy = ${strategy ?? null}
        where p.account_id = ${accountId} and p.symbol = ${symbol}`;
      if (!row) return zeroQuantity;
      return strategy === undefined
        ? quantity(row.quantity)
        : closable(quantity(row.own ?? '0'), quantity(row.quantity));
    },

    newestFillAt: async (accountId) => {
      const [row] = await sql<{ at: Date }[]>`
        select executed_at as at from trade_executions where account_id = ${accountId}
        order by executed_at desc limit 1`;
      return row?.at ?? null;
    },
  };
}

/** Where an order stands that was neither cancelled nor replaced after all. */
const standing = (row: OrderRow): 'held' | 'accepted' | 'partially_filled' =>
  !decimal(row.filledQuantity).eq('0') ? 'partially_filled' : row.brokerStatus === 'held' ? 'held' : 'accepted';

/** What an event says that an order is to become. */
const wantedTerms = (change: OrderChangeText): Record<string, string> =>
  Object.fromEntries(
    Object.entries(change).map(([term, value]) => [`wanted${term[0]!.toUpperCase()}${term.slice(1)}`, value]),
  );

async function noteLookup(
  options: OrderStoreOptions,
  orderId: string,
  outcome: LookupOutcome,
  sentence: string,
): Promise<void> {
  const noted = await options.sql`
    insert into events (kind, signal_id, order_id, account_id, data)
    select 'order.looked_up', o.signal_id, o.id, o.account_id, jsonb_build_object('symbol', o.symbol, 'side', o.side,
      'role', o.role, 'type', o.type, 'status', o.status, 'clientOrderId', o.client_order_id, 'outcome', ${outcome}::text,
      'sentence', ${sentence}::text, 'attempt', coalesce(o.asked_at, o.submitting_at))
    from orders o where o.id = ${orderId} and not exists (
      select from events e where e.order_id = o.id and e.kind = 'order.looked_up' and e.data ->> 'outcome' = ${outcome}
        and e.data -> 'attempt' is not distinct from to_jsonb(coalesce(o.asked_at, o.submitting_at)))
    returning id`;
  if (noted.length > 0) options.committed?.();
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
