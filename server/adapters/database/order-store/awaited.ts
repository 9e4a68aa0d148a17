import { quantity } from '../../../core/decimal.ts';
import type { OrderStatus } from '../../../core/model/order.ts';
import type { AwaitedOrder } from '../../../core/ports/order-store.ts';
import type { Statements } from '../event-reader/append-events.ts';

interface ChainRow {
  id: string;
  status: OrderStatus;
  problem: string | null;
  filled: string;
  closed: string;
  legs: number;
  hasLegs: boolean;
  closedAt: Date | null;
}

/** Where an order stands, with the orders that took its place one after the other. */
export async function readAwaited(sql: Statements, orderId: string): Promise<AwaitedOrder | null> {
  const rows = await sql<ChainRow[]>`
    with recursive chain as (
      select id, status, problem, filled_quantity, order_class, closed_at, 0 as place from orders where id = ${orderId}
      union all
      select o.id, o.status, o.problem, o.filled_quantity, o.order_class, o.closed_at, chain.place + 1 from orders o join chain on o.replaces_id = chain.id
    )
    select id, status, problem, filled_quantity as filled, order_class <> 'simple' as "hasLegs", closed_at as "closedAt",
      (select count(*)::int from orders leg where leg.parent_id = chain.id) as legs,
      coalesce((select sum(leg.filled_quantity) from orders leg where leg.parent_id = chain.id), 0) as closed
    from chain order by place`;
  const newest = rows.at(-1);
  if (newest === undefined) return null;
  const sum = (of: 'filled' | 'closed') => rows.reduce((total, row) => quantity(total.plus(row[of])), quantity('0'));
  return {
    orderIds: rows.map((row) => row.id),
    status: newest.status,
    problem: newest.problem,
    filledQuantity: sum('filled'),
    closedQuantity: sum('closed'),
    lacksLegs: rows.some((row) => row.hasLegs) && rows.every((row) => row.legs === 0),
    closedAt: newest.closedAt,
  };
}
