import {
  bigint,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What happened to an account's money, once each: `reference` is a function of the broker's fact. */
export const ledgerTransactions = pgTable(
  'ledger_transactions',
  {
    id: uuid('id').primaryKey(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    kind: text('kind').$type<'opening' | 'fill' | 'correction'>().notNull(),
    reference: text('reference').notNull(),
    /** The order in which an account's transactions were posted; `at` is when they happened, which may be out of order. */
    seq: bigint('seq', { mode: 'bigint' }).generatedAlwaysAsIdentity(),
    at: moment('at').notNull(),
    postedAt: moment('posted_at').notNull(),
  },
  (table) => [unique('ledger_transactions_reference').on(table.accountId, table.reference)],
);

/** Debits are positive, credits negative; the entries of a transaction add up to zero (a deferred trigger sees to it). */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    id: uuid('id').primaryKey(),
    transactionId: uuid('transaction_id')
      .notNull()
      .references(() => ledgerTransactions.id),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    /** cash, securities, realized_pnl, fees, income, capital. */
    book: text('book').$type<'cash' | 'securities' | 'realized_pnl' | 'fees' | 'income' | 'capital'>().notNull(),
    symbol: text('symbol'),
    /** Whose shares and whose result; null for what is the whole account's, and for entries from before strategies were kept apart. */
    strategy: text('strategy'),
    amount: numeric('amount').notNull(),
    /** Shares that moved, for `securities`; null otherwise. */
    quantity: numeric('quantity'),
  },
  (table) => [
    index('ledger_entries_transaction').on(table.transactionId),
    index('ledger_entries_book').on(table.accountId, table.book, table.symbol),
  ],
);

/** The fold of `securities` by symbol, kept in the same transaction as the entries; can be made anew from them. */
export const positions = pgTable(
  'positions',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    symbol: text('symbol').notNull(),
    quantity: numeric('quantity').notNull(),
    /** Signed like the quantity: what the open shares cost (long) or brought in (short, negative). */
    cost: numeric('cost').notNull(),
    realizedPnl: numeric('realized_pnl').notNull().default('0'),
    openedAt: moment('opened_at'),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.symbol] })],
);

/** Whose the shares of a position are: for each account and symbol these add up to `positions`. Kept in the same transaction. */
export const strategyPositions = pgTable(
  'strategy_positions',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    /** `external`: bought by nobody here. */
    strategy: text('strategy').notNull(),
    symbol: text('symbol').notNull(),
    quantity: numeric('quantity').notNull(),
    /** Signed like the quantity. */
    cost: numeric('cost').notNull(),
    realizedPnl: numeric('realized_pnl').notNull().default('0'),
    openedAt: moment('opened_at'),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [primaryKey({ name: 'strategy_positions_pk', columns: [table.accountId, table.strategy, table.symbol] })],
);

export const equitySnapshots = pgTable(
  'equity_snapshots',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    at: moment('at').notNull(),
    cash: numeric('cash').notNull(),
    positionValue: numeric('position_value').notNull(),
    equity: numeric('equity').notNull(),
    realizedPnl: numeric('realized_pnl').notNull(),
    unrealizedPnl: numeric('unrealized_pnl').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.at] })],
);

export const reconciliations = pgTable(
  'reconciliations',
  {
    id: uuid('id').primaryKey(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    reason: text('reason').$type<'start' | 'reconnect' | 'schedule' | 'demand' | 'foreign'>().notNull(),
    startedAt: moment('started_at').notNull(),
    finishedAt: moment('finished_at').notNull(),
    outcome: text('outcome').$type<'agreed' | 'corrected' | 'differs' | 'failed'>().notNull(),
    differences: jsonb('differences').$type<Record<string, unknown>[]>().notNull(),
    /** How much of each kind was looked at; empty for those from before it was counted. */
    compared: jsonb('compared').$type<Record<string, number>>().notNull().default({}),
    changedOrders: integer('changed_orders').notNull().default(0),
    recordedFills: integer('recorded_fills').notNull().default(0),
    /** Why it failed. */
    problem: text('problem'),
  },
  (table) => [index('reconciliations_account').on(table.accountId, table.finishedAt)],
);
