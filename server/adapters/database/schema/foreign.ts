import { boolean, index, numeric, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { OrderType, TimeInForce } from '../../../core/model/order.ts';
import type { Side } from '../../../core/model/signal.ts';
import { accounts } from './accounts.ts';
import { orders } from './orders.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const account = () =>
  uuid('account_id')
    .notNull()
    .references(() => accounts.id);

/** Fills of orders that are not ours: booked once each, to `external`, unless the books were opened with what they had done. */
export const foreignFills = pgTable(
  'foreign_fills',
  {
    accountId: account(),
    executionId: text('execution_id').notNull(),
    brokerOrderId: text('broker_order_id').notNull(),
    symbol: text('symbol').notNull(),
    side: text('side').$type<Side>().notNull(),
    quantity: numeric('quantity').notNull(),
    price: numeric('price').notNull(),
    cumulativeQuantity: numeric('cumulative_quantity').notNull(),
    realizedPnl: numeric('realized_pnl').notNull().default('0'),
    inOpening: boolean('in_opening').notNull().default(false),
    /** The order of ours that it belongs to since; null: still foreign. */
    orderId: uuid('order_id').references(() => orders.id),
    executedAt: moment('executed_at').notNull(),
    recordedAt: moment('recorded_at').notNull(),
  },
  (table) => [
    primaryKey({ name: 'foreign_fills_pk', columns: [table.accountId, table.executionId] }),
    index('foreign_fills_order').on(table.accountId, table.brokerOrderId),
    index('foreign_fills_newest').on(table.accountId, table.executedAt),
  ],
);

/** Orders at the broker that are not ours, as last seen resting; `gone_at` once they are not any more. */
export const foreignOrders = pgTable(
  'foreign_orders',
  {
    accountId: account(),
    brokerOrderId: text('broker_order_id').notNull(),
    clientOrderId: text('client_order_id').notNull(),
    symbol: text('symbol').notNull(),
    side: text('side').$type<Side>().notNull(),
    type: text('type').$type<OrderType>().notNull(),
    timeInForce: text('time_in_force').$type<TimeInForce>().notNull(),
    quantity: numeric('quantity').notNull(),
    filledQuantity: numeric('filled_quantity').notNull(),
    limitPrice: numeric('limit_price'),
    stopPrice: numeric('stop_price'),
    brokerStatus: text('broker_status').notNull(),
    seenAt: moment('seen_at').notNull(),
    goneAt: moment('gone_at'),
  },
  (table) => [primaryKey({ name: 'foreign_orders_pk', columns: [table.accountId, table.brokerOrderId] })],
);

/** What moved money or shares and was no trade, once each, by the broker's own id. */
export const accountActivities = pgTable(
  'account_activities',
  {
    accountId: account(),
    activityId: text('activity_id').notNull(),
    type: text('type').notNull(),
    symbol: text('symbol'),
    quantity: numeric('quantity'),
    netAmount: numeric('net_amount').notNull(),
    description: text('description'),
    inOpening: boolean('in_opening').notNull().default(false),
    happenedAt: moment('happened_at').notNull(),
    recordedAt: moment('recorded_at').notNull(),
  },
  (table) => [primaryKey({ name: 'account_activities_pk', columns: [table.accountId, table.activityId] })],
);
