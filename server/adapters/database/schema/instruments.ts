import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** What a ticker stands for: of server/data/instruments.csv, and of persons, who win over it. */
export const instruments = pgTable('instruments', {
  symbol: text('symbol').primaryKey(),
  name: text('name').notNull(),
  sector: text('sector').notNull(),
  industry: text('industry').notNull(),
  /** `import`: a person's word; else the table that ships it. */
  source: text('source').notNull().default('signalbox'),
  importedAt: timestamp('imported_at', { withTimezone: true, mode: 'date' }),
  importedBy: text('imported_by'),
  /** What ships under an import: name, sector, industry, source. */
  shipped: jsonb('shipped'),
});
