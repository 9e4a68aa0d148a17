import type postgres from 'postgres';
import type { OrderStatus } from '../../core/model/order.ts';

export interface OwnOrder {
  readonly id: string;
  readonly decisionId: string | null;
  readonly parentId: string | null;
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly brokerOrderId: string | null;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly role: string;
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly status: OrderStatus;
  readonly submittingAt: Date | null;
  readonly createdAt: Date;
}

export interface OwnSignal {
  readonly id: string;
  readonly alertId: string | null;
  readonly status: string;
  /** Why it was denied. */
  readonly code: string | null;
  readonly approved: number;
}

export interface OwnEvent {
  readonly kind: string;
  readonly orderId: string;
  readonly status: OrderStatus | null;
  readonly previousStatus: OrderStatus | null;
}

/** What the books of the server under test say, read from its database, past it. */
export interface OwnRecord {
  readonly signals: readonly OwnSignal[];
  readonly orders: readonly OwnOrder[];
  readonly fills: ReadonlyMap<string, string>;
  readonly fillCount: number;
  readonly positions: ReadonlyMap<string, string>;
  readonly cash: string;
  /** Transactions of the ledger whose entries do not add up to zero. */
  readonly unbalanced: number;
  /** The steps of orders, in the order in which they were stored. */
  readonly events: readonly OwnEvent[];
}

export async function readOwnRecord(sql: postgres.Sql): Promise<OwnRecord> {
  const [signals, orders, fills, positions, cash, unbalanced, events] = await Promise.all([
    sql<OwnSignal[]>`
      select s.id, s.parsed->>'alertId' as "alertId", s.status, s.code,
        (select count(*)::int from decisions d where d.signal_id = s.id and d.outcome = 'approved') as approved
      from trading_signals s`,
    sql<OwnOrder[]>`
      select id, decision_id as "decisionId", parent_id as "parentId", account_id as "accountId",
        client_order_id as "clientOrderId", broker_order_id as "brokerOrderId", symbol, side, role,
        quantity::text, filled_quantity::text as "filledQuantity", status,
        submitting_at as "submittingAt", created_at as "createdAt"
      from orders order by created_at, id`,
    sql<{ orderId: string; shares: string; count: number }[]>`
      select order_id as "orderId", sum(quantity)::text as shares, count(*)::int as count
      from trade_executions group by 1`,
    sql<{ symbol: string; quantity: string }[]>`select symbol, quantity::text from positions where quantity <> 0`,
    sql<{ cash: string | null }[]>`select sum(amount)::text as cash from ledger_entries where book = 'cash'`,
    sql<{ count: number }[]>`
      select count(*)::int as count
      from (select from ledger_entries group by transaction_id having sum(amount) <> 0) off`,
    sql<OwnEvent[]>`
      select kind, order_id as "orderId", data->>'status' as status, data->>'previousStatus' as "previousStatus"
      from events where order_id is not null and kind like 'order.%' order by seq`,
  ]);
  return {
    signals,
    orders,
    fills: new Map(fills.map(({ orderId, shares }) => [orderId, shares])),
    fillCount: fills.reduce((sum, one) => sum + one.count, 0),
    positions: new Map(positions.map(({ symbol, quantity }) => [symbol, quantity])),
    cash: cash[0]?.cash ?? '0',
    unbalanced: unbalanced[0]!.count,
    events,
  };
}
