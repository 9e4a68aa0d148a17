import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  index,
  numeric,
  pgTable,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AfterCondition } from '../../../core/model/decision.ts';
import type { Mode } from '../../../core/model/mode.ts';
import type {
  OrderClass,
  OrderOrigin,
  OrderRole,
  OrderStatus,
  OrderType,
  TimeInForce,
} from '../../../core/model/order.ts';
import type { Side } from '../../../core/model/signal.ts';
import { accounts } from './accounts.ts';
import { decisions, tradingSignals } from './signals.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Orders of ours: the approved ones of each decision, the protective legs the broker made of them, and those that protect what is held. */
export const orders = pgTable(
  'orders',
  {
    id: uuid('id').primaryKey(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    /** Null for legs: their parent has it. */
    decisionId: uuid('decision_id').references(() => decisions.id),
    signalId: uuid('signal_id').references(() => tradingSignals.id),
    parentId: uuid('parent_id').references((): AnyPgColumn => orders.id),
    /** Why there is such an order: see `OrderOrigin`. */
    origin: text('origin').$type<OrderOrigin>().notNull().default('decision'),
    /** Which of its decision's orders it is, from 0. */
    step: smallint('step').notNull().default(0),
    /** Not sent before that one has ended. */
    afterOrderId: uuid('after_order_id').references((): AnyPgColumn => orders.id),
    /** How that one must have ended. */
    afterWhen: text('after_when').$type<AfterCondition>(),
    /** Of what the broker says is filled, what the orders before it had: those have it in their own rows. */
    carriedQuantity: numeric('carried_quantity').notNull().default('0'),
    /** When the cancel or the replacement that is on its way was asked for. */
    askedAt: moment('asked_at'),
    /** The order whose place it took at the broker. */
    replacesId: uuid('replaces_id').references((): AnyPgColumn => orders.id),
    strategy: text('strategy').notNull(),
    mode: text('mode').$type<Mode>().notNull(),
    role: text('role').$type<OrderRole>().notNull(),
    clientOrderId: text('client_order_id').notNull(),
    brokerOrderId: text('broker_order_id'),
    brokerStatus: text('broker_status'),
    /** What the broker calls a bracket's orders together: stream events link a leg to its parent by nothing else. */
    brokerGroupId: text('broker_group_id'),
    /** The broker's own time of its last word: an older one that comes later is not taken over. */
    brokerUpdatedAt: moment('broker_updated_at'),
    symbol: text('symbol').notNull(),
    side: text('side').$type<Side>().notNull(),
    type: text('type').$type<OrderType>().notNull(),
    orderClass: text('order_class').$type<OrderClass>().notNull(),
    timeInForce: text('time_in_force').$type<TimeInForce>().notNull(),
    quantity: numeric('quantity').notNull(),
    limitPrice: numeric('limit_price'),
    stopPrice: numeric('stop_price'),
    /** Of a trailing stop, one of the two: the distance in the account's currency, or in percent. */
    trailPrice: numeric('trail_price'),
    trailPercent: numeric('trail_percent'),
    /** What the protective legs of a bracket will be at. */
    takeProfitPrice: numeric('take_profit_price'),
    stopLossPrice: numeric('stop_loss_price'),
    /** Of a stop that is a stop-limit order. */
    stopLossLimitPrice: numeric('stop_loss_limit_price'),
    /** Whether it may be filled before the opening and after the close. */
    extendedHours: boolean('extended_hours').notNull().default(false),
    referencePrice: numeric('reference_price').notNull(),
    status: text('status').$type<OrderStatus>().notNull(),
    filledQuantity: numeric('filled_quantity').notNull().default('0'),
    /** Sum of quantity x price over the fills: the average price is derived from it. */
    filledCost: numeric('filled_cost').notNull().default('0'),
    /** Why it was rejected, or what is unclear. */
    problem: text('problem'),
    createdAt: moment('created_at').notNull(),
    submittingAt: moment('submitting_at'),
    acknowledgedAt: moment('acknowledged_at'),
    closedAt: moment('closed_at'),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    unique('orders_client_order_id').on(table.accountId, table.clientOrderId),
    unique('orders_broker_order_id').on(table.accountId, table.brokerOrderId),
    uniqueIndex('orders_one_per_step').on(table.decisionId, table.step).where(sql`parent_id is null`),
    index('orders_after').on(table.afterOrderId).where(sql`after_order_id is not null`),
    index('orders_replaces').on(table.replacesId).where(sql`replaces_id is not null`),
    index('orders_open').on(table.accountId, table.status),
    index('orders_parent').on(table.parentId),
    index('orders_signal').on(table.signalId),
    index('orders_exposure').on(table.accountId, table.symbol, table.strategy),
    index('orders_created').on(table.createdAt),
    index('orders_entries').on(table.accountId, table.createdAt).where(sql`role = 'entry'`),
    index('orders_broker_group').on(table.accountId, table.brokerGroupId).where(sql`broker_group_id is not null`),
  ],
);

/** Fills. Two tellings of one fill (stream and poll) are one row, by either constraint. */
export const tradeExecutions = pgTable(
  'trade_executions',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    executionId: text('execution_id').notNull(),
    symbol: text('symbol').notNull(),
    side: text('side').$type<Side>().notNull(),
    quantity: numeric('quantity').notNull(),
    price: numeric('price').notNull(),
    fee: numeric('fee').notNull().default('0'),
    cumulativeQuantity: numeric('cumulative_quantity').notNull(),
    /** How many of the order's trades had been taken back before: the venue counts anew after each. */
    epoch: smallint('epoch').notNull().default(0),
    /** Realized profit or loss of this fill, by average cost; zero when it opened. */
    realizedPnl: numeric('realized_pnl').notNull().default('0'),
    /** The same by the average cost of the order's strategy alone. */
    strategyRealizedPnl: numeric('strategy_realized_pnl').notNull().default('0'),
    source: text('source').$type<'stream' | 'poll'>().notNull(),
    executedAt: moment('executed_at').notNull(),
    recordedAt: moment('recorded_at').notNull(),
  },
  (table) => [
    unique('trade_executions_execution_id').on(table.accountId, table.executionId),
    unique('trade_executions_cumulative').on(table.orderId, table.cumulativeQuantity, table.epoch),
    index('trade_executions_executed').on(table.executedAt),
  ],
);

/** Trades that the venue took back (`bust`) or changed (`correct`), once each. The new terms of a changed one are an execution of their own. */
export const executionCorrections = pgTable(
  'execution_corrections',
  {
    id: uuid('id').primaryKey(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    kind: text('kind').$type<'bust' | 'correct'>().notNull(),
    /** The venue's own id of this word. */
    executionId: text('execution_id').notNull(),
    previousExecutionId: text('previous_execution_id').notNull(),
    symbol: text('symbol').notNull(),
    side: text('side').$type<Side>().notNull(),
    /** What was taken back. */
    quantity: numeric('quantity').notNull(),
    price: numeric('price').notNull(),
    /** Realized by taking it back, by average cost. */
    realizedPnl: numeric('realized_pnl').notNull().default('0'),
    source: text('source').$type<'stream' | 'poll'>().notNull(),
    correctedAt: moment('corrected_at').notNull(),
    recordedAt: moment('recorded_at').notNull(),
  },
  (table) => [
    unique('execution_corrections_once').on(table.accountId, table.previousExecutionId),
    index('execution_corrections_order').on(table.orderId),
  ],
);
