import type postgres from 'postgres';
import {
  isFinal,
  type VenueAccount,
  type VenueExecution,
  type VenueOrder,
  type VenuePosition,
} from '../../../exchange/venue/model.ts';
import type { Stored as Books, Changes, ExchangeStore } from '../../../exchange/venue/store.ts';
import { accountOf, executionOf, jsonOf, orderOf, positionOf } from './documents.ts';
import { createRecordStore } from './records.ts';

/** Final orders and fills that a restart brings back for listing; older ones stay in the tables. */
const manyRecent = 20_000;

/** The exchange's books in PostgreSQL: one statement, and so one transaction and one round trip, a commit. */
export function createExchangeStore(sql: postgres.Sql, recent = manyRecent): ExchangeStore {
  return {
    ...createRecordStore(sql),

    async load(): Promise<Books> {
      const [accounts, positions, orders, executions, prices, updates] = await Promise.all([
        sql<{ data: VenueAccount }[]>`select data from exchange.accounts`,
        sql<{ data: VenuePosition }[]>`select data from exchange.positions`,
        sql<{ data: VenueOrder }[]>`
          select data from exchange.orders where not final
          union all
          (select data from exchange.orders where final order by sequence desc limit ${recent})`,
        sql<{ data: VenueExecution }[]>`select data from exchange.executions order by sequence desc limit ${recent}`,
        sql<{ symbol: string; price: number }[]>`select symbol, price from exchange.prices`,
        sql<{ last: string | null }[]>`select max(sequence) as last from exchange.updates`,
      ]);
      const data = <T>(rows: readonly { data: T }[]): T[] => rows.map((row) => row.data);
      return {
        accounts: data(accounts).map(accountOf),
        positions: data(positions).map(positionOf),
        orders: data(orders).map(orderOf),
        executions: data(executions).map(executionOf),
        olderOrders: orders.filter((row) => isFinal(row.data.status)).length === recent,
        lastUpdate: Number(updates[0]!.last ?? 0),
        prices: Object.fromEntries(prices.map((row) => [row.symbol, row.price])),
      };
    },

    async commit(changes: Changes): Promise<void> {
      // The statements of one WITH see no order among themselves, but foreign keys are checked at its end.
      await sql`
        with a as (
          insert into exchange.accounts (id, data)
          select (d->>'id')::uuid, d from jsonb_array_elements(${jsonOf(changes.accounts)}::text::jsonb) d
          on conflict (id) do update set data = excluded.data
        ), o as (
          insert into exchange.orders (id, account_id, client_order_id, final, sequence, data)
          select (d->>'id')::uuid, (d->>'accountId')::uuid, d->>'clientOrderId', (d->>'final')::boolean,
                 (d->>'sequence')::bigint, d - 'final'
          from jsonb_array_elements(${jsonOf(changes.orders.map((order) => ({ ...order, final: isFinal(order.status) })))}::text::jsonb) d
          on conflict (id) do update set final = excluded.final, data = excluded.data
        ), e as (
          insert into exchange.executions (id, order_id, sequence, data)
          select (d->>'id')::uuid, (d->>'orderId')::uuid, (d->>'sequence')::bigint, d
          from jsonb_array_elements(${jsonOf(changes.executions)}::text::jsonb) d
        ), u as (
          insert into exchange.updates (sequence, account_id, at, data)
          select (d->>'sequence')::bigint, (d->>'accountId')::uuid, (d->>'at')::timestamptz, d
          from jsonb_array_elements(${jsonOf(changes.updates)}::text::jsonb) d
        )
        insert into exchange.positions (account_id, symbol, data)
        select (d->>'accountId')::uuid, d->>'symbol', d from jsonb_array_elements(${jsonOf(changes.positions)}::text::jsonb) d
        on conflict (account_id, symbol) do update set data = excluded.data`;
    },

    async savePrices(prices): Promise<void> {
      await sql`
        insert into exchange.prices (symbol, price)
        select key, value::text::double precision from jsonb_each(${sql.json(prices)})
        on conflict (symbol) do update set price = excluded.price`;
    },

    async clientOrderIdSpent(accountId, clientOrderId): Promise<boolean> {
      const rows = await sql`
        select 1 from exchange.orders where account_id = ${accountId} and client_order_id = ${clientOrderId}`;
      return rows.length > 0;
    },
  };
}
