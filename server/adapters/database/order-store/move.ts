import { isTerminal, type OrderStatus } from '../../../core/model/order.ts';
import { stepTo } from '../../../pipeline/orders/broker-word.ts';
import { eventOfStatus } from '../../../pipeline/orders/event-of-status.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
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
  readonly to: Exclude<OrderStatus, 'approved'>;
  /** Where it may be taken from, when that is less than what the table of transitions allows. */
  readonly from?: readonly OrderStatus[];
  /** Stored with the order; null clears it. */
  readonly problem: string | null;
  /** What the event says beside the order's facts. */
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Moves an order in one transaction with its event. False: it is there already, or the table forbids the step, which is then
 * recorded and changes nothing.
 */
export async function move(options: OrderStoreOptions, orderId: string, step: Move): Promise<boolean> {
  const moved = await options.sql.begin(async (tx) => {
    const before = await lockOrder(tx, orderId);
    const verdict = stepTo(before.status, step.to);
    if (verdict.kind === 'stay') return false;
    if (verdict.kind === 'refuse' || step.from?.includes(before.status) === false) {
      await recordRefusal(tx, before, step.to, { source: 'signalbox', ...step.data });
      return false;
    }
    const now = options.clock.now();
    const after: OrderRow = { ...before, status: step.to, problem: step.problem };
    await Promise.all([
      tx`
        update orders set status = ${step.to}, problem = ${step.problem}, updated_at = ${now},
          submitting_at = case when ${step.to === 'submitting'} then ${now}::timestamptz else submitting_at end,
          closed_at = case when ${isTerminal(step.to)} then ${now}::timestamptz else closed_at end
        where id = ${orderId}`,
      appendEvents(tx, [
        {
          kind: eventOfStatus(step.to),
          signalId: before.signalId,
          orderId,
          accountId: before.accountId,
          data: { ...orderFacts(after), previousStatus: before.status, ...step.data },
        },
      ]),
    ]);
    return true;
  });
  options.committed?.();
  return moved;
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
