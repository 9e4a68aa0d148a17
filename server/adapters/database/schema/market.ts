import { date, numeric, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Finished days of what is held or traded, adjusted; replaced as a whole with each reading, as a split changes all of them. */
export const dailyBars = pgTable(
  'daily_bars',
  {
    symbol: text('symbol').notNull(),
    /** Where the day begins. */
    at: moment('at').notNull(),
    open: numeric('open').notNull(),
    high: numeric('high').notNull(),
    low: numeric('low').notNull(),
    close: numeric('close').notNull(),
    volume: numeric('volume').notNull(),
  },
  (table) => [primaryKey({ name: 'daily_bars_pk', columns: [table.symbol, table.at] })],
);

/** When the venue was asked for a symbol's bars; one without any bars has its row too. */
export const dailyBarReads = pgTable('daily_bar_reads', {
  symbol: text('symbol').primaryKey(),
  /** The market they are of: another one's are as if there were none. */
  source: text('source').notNull(),
  readAt: moment('read_at').notNull(),
  /** When a decision asked for it last. */
  wantedAt: moment('wanted_at').notNull(),
});

/** The venue's sessions, a row for each day that it has answered for; without times: closed. */
export const marketSessions = pgTable('market_sessions', {
  day: date('day').primaryKey(),
  opensAt: moment('opens_at'),
  closesAt: moment('closes_at'),
  source: text('source').notNull(),
  readAt: moment('read_at').notNull(),
});
