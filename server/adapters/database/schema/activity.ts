import { sql } from 'drizzle-orm';
import { bigint, boolean, index, numeric, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Side } from '../../../core/model/signal.ts';
import { accounts } from './accounts.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const account = () =>
  uuid('account_id')
    .notNull()
    .references(() => accounts.id);

/** The sum of each book of an account, kept by a trigger with the entries. */
export const accountBalances = pgTable(
  'account_balances',
  { accountId: account(), book: text('book').notNull(), balance: numeric('balance').notNull() },
  (table) => [primaryKey({ name: 'account_balances_pk', columns: [table.accountId, table.book] })],
);

/** What of an account's whole history a decision needs, kept by triggers with the snapshots of equity and the closed trades. */
export const accountMarks = pgTable('account_marks', {
  accountId: uuid('account_id')
    .primaryKey()
    .references(() => accounts.id),
  firstAt: moment('first_at'),
  firstEquity: numeric('first_equity'),
  /** The book of capital when the first equity was recorded: negative, as it is a credit. */
  capitalAtFirst: numeric('capital_at_first'),
  peakEquity: numeric('peak_equity'),
  peakAt: moment('peak_at'),
  /** Counts the changes of its closed trades: who has read them at this number has them all. */
  tradesVersion: bigint('trades_version', { mode: 'bigint' }).notNull().default(0n),
});

/** Trades of strategies that are over: the fold of their fills, kept with each fill. */
export const closedTrades = pgTable(
  'closed_trades',
  {
    seq: bigint('seq', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    accountId: account(),
    strategy: text('strategy').notNull(),
    symbol: text('symbol').notNull(),
    side: text('side').$type<Side>().notNull(),
    quantity: numeric('quantity').notNull(),
    profit: numeric('profit').notNull(),
    signalId: uuid('signal_id'),
    openedAt: moment('opened_at').notNull(),
    closedAt: moment('closed_at').notNull(),
  },
  (table) => [
    index('closed_trades_newest').on(table.accountId, table.closedAt, table.seq),
    index('closed_trades_signal').on(table.signalId).where(sql`signal_id is not null`),
    index('closed_trades_of').on(table.accountId, table.strategy, table.symbol),
  ],
);

/** Where the fold of a strategy's fills of a symbol stands; nothing is open while `side` is null. */
export const tradeFolds = pgTable(
  'trade_folds',
  {
    accountId: account(),
    strategy: text('strategy').notNull(),
    symbol: text('symbol').notNull(),
    side: text('side').$type<Side>(),
    signalId: uuid('signal_id'),
    openedAt: moment('opened_at'),
    held: numeric('held').notNull().default('0'),
    opened: numeric('opened').notNull().default('0'),
    cash: numeric('cash').notNull().default('0'),
    /** The last fill that it has seen: an older one makes the fold begin anew. */
    lastAt: moment('last_at'),
    lastCumulative: numeric('last_cumulative'),
    lastId: uuid('last_id'),
    /** It has never been folded. */
    stale: boolean('stale').notNull().default(false),
  },
  (table) => [primaryKey({ name: 'trade_folds_pk', columns: [table.accountId, table.strategy, table.symbol] })],
);
