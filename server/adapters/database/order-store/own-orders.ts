import { text } from '../../../core/decimal.ts';
import type { JobWriter } from '../../../core/ports/job-queue.ts';
import type { OwnOrder, OwnOrders } from '../../../core/ports/own-orders.ts';
import { appendEvents, type Statements } from '../event-reader/append-events.ts';
import type { OrderStoreOptions } from './context.ts';

/** Orders that no decision made, in PostgreSQL. `placed` is told after each commit that stored one; meant for the queue's `kick`. */
export function createOwnOrders(
  options: OrderStoreOptions & { readonly jobs: JobWriter; readonly placed?: () => void },
): OwnOrders {
  return {
    async placeOwn(order) {
      const placed = await options.sql.begin((tx) => placeOwn(tx, options.jobs, order, options.clock.now()));
      if (!placed) return false;
      options.committed?.();
      options.placed?.();
      return true;
    },
  };
}

/** Stores an order with its job and its event within a transaction. False: one of its id is there, and nothing was stored. */
export async function placeOwn(tx: Statements, jobs: JobWriter, order: OwnOrder, at: Date): Promise<boolean> {
  const orNull = (value: OwnOrder['limitPrice']): string | null => value && text(value);
  const { trail } = order;
  const trailPrice = trail && 'price' in trail ? text(trail.price) : null;
  const trailPercent = trail && 'percent' in trail ? text(trail.percent) : null;
  const inserted = await tx`
    insert into orders (id, account_id, signal_id, origin, after_order_id, strategy, mode, role, client_order_id, symbol, side,
                        type, order_class, time_in_force, quantity, limit_price, stop_price, trail_price, trail_percent,
                        reference_price, status, created_at, updated_at)
    values (${order.orderId}, ${order.accountId}, ${order.signalId}, ${order.origin}, ${order.afterOrderId ?? null},
            ${order.strategy}, ${order.mode}, ${order.role}, ${order.clientOrderId}, ${order.symbol}, ${order.side},
            ${order.type}, 'simple', ${order.timeInForce}, ${text(order.quantity)}, ${orNull(order.limitPrice)},
            ${orNull(order.stopPrice)}, ${trailPrice}, ${trailPercent}, ${text(order.referencePrice)}, 'approved', ${at}, ${at})
    on conflict (id) do nothing returning id`;
  if (inserted.length === 0) return false;
  const job = jobs.insert('order.submit', [{ data: { orderId: order.orderId }, urgent: true }]);
  await Promise.all([
    tx.unsafe(job.text, job.values as never[], { prepare: true }),
    appendEvents(tx, [
      {
        kind: 'order.planned',
        signalId: order.signalId,
        orderId: order.orderId,
        accountId: order.accountId,
        data: {
          origin: order.origin,
          role: order.role,
          strategy: order.strategy,
          symbol: order.symbol,
          side: order.side,
          type: order.type,
          status: 'approved',
          quantity: text(order.quantity),
          limitPrice: orNull(order.limitPrice),
          stopPrice: orNull(order.stopPrice),
          trailPrice,
          trailPercent,
          clientOrderId: order.clientOrderId,
          sentence: order.cause,
        },
      },
    ]),
  ]);
  return true;
}
