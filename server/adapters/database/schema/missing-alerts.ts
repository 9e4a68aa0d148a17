import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';
import { tradingSignals } from './signals.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Strategies that enter nothing in a symbol and an account until a person says so, and those that did. */
export const quarantines = pgTable(
  'quarantines',
  {
    id: uuid('id').primaryKey(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    strategy: text('strategy').notNull(),
    symbol: text('symbol').notNull(),
    /** The alert that the gap was found by. */
    signalId: uuid('signal_id')
      .notNull()
      .references(() => tradingSignals.id),
    expected: text('expected').notNull(),
    found: text('found').notNull(),
    sentence: text('sentence').notNull(),
    openedAt: moment('opened_at').notNull(),
    clearedAt: moment('cleared_at'),
    clearedBy: text('cleared_by'),
    reason: text('reason'),
  },
  (table) => [
    uniqueIndex('quarantines_one_open')
      .on(table.accountId, table.strategy, table.symbol)
      .where(sql`cleared_at is null`),
    index('quarantines_newest').on(table.openedAt, table.id),
  ],
);

/** When a strategy last said that it is alive, beside its alerts. */
export const heartbeats = pgTable('heartbeats', {
  strategy: text('strategy').primaryKey(),
  source: text('source').notNull(),
  receivedAt: moment('received_at').notNull(),
  count: bigint('count', { mode: 'bigint' }).notNull().default(sql`1`),
});
