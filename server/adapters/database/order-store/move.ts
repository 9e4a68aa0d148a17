import type { EventKind, NewEvent } from '../../../core/model/event.ts';
import { isTerminal, type OrderStatus } from '../../../core/model/order.ts';
import { stepTo } from '../../../pipeline/orders/broker-word.ts';
import { eventOfStatus } from '../../../pipeline/orders/event-of-status.ts';
import { eventRows, type Statements } from '../event-reader/append-events.ts';
import type { OrderStoreOptions } from './context.ts';
import { type OrderRow, orderColumns, orderFacts } from './order-row.ts';

/** The order's row, locked until the transaction ends. */
export async function lockOrder(tx: Statements, orderId: string): Promise<OrderRow> {
  const [row] = await tx<OrderRow[]>`select ${orderColumns(tx)} from orders o where o.id = ${orderId} for update`;
  if (row === undefined) throw new Error(`there is no order ${orderId}`);
  return row;
}

/** A step of ours, not of the broker. */
export interface Move {
  readonly to: Exclude<OrderStatus, 'approved'> | ((row: OrderRow) => Exclude<OrderStatus, 'approved'>);
  /** Where it may be taken from, when that is less than what the table of transitions allows. */
  readonly from?: readonly OrderStatus[];
  /** Stored with the order; null clears it. */
  readonly problem: string | null;
  /** The event's kind, where it is not that of the status. */
  readonly kind?: EventKind;
  /** What the event says beside the order's facts. */
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Moves an order in one transaction with its event. False: it is there already, or the table forbids the step, which is then
 * recorded and changes nothing; or a kill switch is on and the entry must not be sent. Read without a lock and written if it is still as it was read: that takes two trips, and the
 * order is on its way to the broker.
 */
export async function move(options: OrderStoreOptions, orderId: string, step: Move): Promise<boolean> {
  const { sql } = options;
  for (;;) {
    const [before] = await sql<(OrderRow & { version: string })[]>`
      select ${orderColumns(sql)}, o.xmin::text as version from orders o where o.id = ${orderId}`;
    if (before === undefined) throw new Error(`there is no order ${orderId}`);
    const to = typeof step.to === 'function' ? step.to(before) : step.to;
    const verdict = stepTo(before.status, to);
    if (verdict.kind === 'stay') return false;
    if (verdict.kind === 'refuse' || step.from?.includes(before.status) === false) {
      await refuse(options, orderId, to, step.data);
      return false;
    }
    const now = options.clock.now();
    const event: NewEvent = {
      kind: step.kind ?? eventOfStatus(to),
      signalId: before.signalId,
      orderId,
      accountId: before.accountId,
      data: {
        ...orderFacts({ ...before, status: to, problem: step.problem }),
        previousStatus: before.status,
        ...step.data,
      },
    };
    const moved = await stepped(sql`
      with moved as (
        update orders set status = ${to}, problem = ${step.problem}, updated_at = ${now},
          submitting_at = case when ${to === 'submitting'} then ${now}::timestamptz else submitting_at end,
          asked_at = case when ${to === 'pending_cancel' || to === 'pending_replace'} then ${now}::timestamptz else asked_at end,
          closed_at = case when ${isTerminal(to)} then ${now}::timestamptz else closed_at end
        where id = ${orderId} and xmin = ${before.version}::xid
        returning id
      ), told as (
        insert into events (kind, signal_id, order_id, account_id, data)
        select event.kind, event.signal_id, event.order_id, event.account_id, event.data
        from moved, jsonb_to_recordset(${sql.json(eventRows([event]))}::jsonb)
          as event (kind text, signal_id uuid, order_id uuid, account_id uuid, data jsonb)
      )
      select id from moved`);
    if (moved === 'killed') return false;
    options.committed?.();
    if (moved.length > 0) return true;
  }
}

/** What the trigger of migration 0009 raises. */
const killed = 'SBKIL';

async function stepped<T>(statement: PromiseLike<T>): Promise<T | 'killed'> {
  try {
    return await statement;
  } catch (error) {
    if ((error as { code?: unknown }).code === killed) return 'killed';
    throw error;
  }
}

/** Records the refusal of a step under the order's lock; a step that has become possible meanwhile is refused all the same. */
async function refuse(options: OrderStoreOptions, orderId: string, to: OrderStatus, data: Move['data']): Promise<void> {
  await options.sql.begin(async (tx) => {
    await recordRefusal(tx, await lockOrder(tx, orderId), to, { source: 'signalbox', ...data });
  });
  options.committed?.();
}

/**
 * Stores that a step was impossible, once for each pair of statuses of an order: a poll that says the same every few seconds
 * would else fill the table. The order's row must be locked.
 */
export async function recordRefusal(
  tx: Statements,
  row: OrderRow,
  to: OrderStatus,
  data: Readonly<Record<string, string | null>>,
): Promise<void> {
  const told = { ...orderFacts(row), ...data, from: row.status, to };
  await tx`
    insert into events (kind, signal_id, order_id, account_id, data)
    select 'order.transition_refused', ${row.signalId}::uuid, ${row.id}::uuid, ${row.accountId}::uuid, ${tx.json(told)}::jsonb
    where not exists (
      select from events
      where order_id = ${row.id}::uuid and kind = 'order.transition_refused'
        and data ->> 'from' = ${row.status} and data ->> 'to' = ${to}
    )`;
}
