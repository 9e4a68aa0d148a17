import { boolean, index, integer, numeric, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { ProtectionStage } from '../../../core/model/protection.ts';
import { accounts } from './accounts.ts';
import { orders, tradeExecutions } from './orders.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** How each strategy's shares of a symbol are protected, as it was found last. */
export const protections = pgTable(
  'protections',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    strategy: text('strategy').notNull(),
    symbol: text('symbol').notNull(),
    stage: text('stage').$type<ProtectionStage>().notNull(),
    held: numeric('held').notNull(),
    /** Covered by working stops. */
    covered: numeric('covered').notNull(),
    stopOrderId: uuid('stop_order_id').references(() => orders.id),
    stopPrice: numeric('stop_price'),
    uncoveredSince: moment('uncovered_since'),
    overSince: moment('over_since'),
    /** Whether an alarm of it is open. */
    alarmed: boolean('alarmed').notNull().default(false),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [primaryKey({ name: 'protections_pk', columns: [table.accountId, table.strategy, table.symbol] })],
);

/** How long the shares of each fill that opened some were without a working stop. */
export const protectionTimes = pgTable(
  'protection_times',
  {
    executionId: uuid('execution_id')
      .primaryKey()
      .references(() => tradeExecutions.id),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    stopOrderId: uuid('stop_order_id')
      .notNull()
      .references(() => orders.id),
    milliseconds: integer('milliseconds').notNull(),
    recordedAt: moment('recorded_at').notNull(),
  },
  (table) => [index('protection_times_order').on(table.orderId)],
);
