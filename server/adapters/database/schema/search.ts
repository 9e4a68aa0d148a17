import { sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Which set of search indices is the live one; one row. */
export const searchState = pgTable(
  'search_state',
  {
    id: integer('id').primaryKey().default(1),
    live: integer('live').notNull().default(1),
    /** The highest number ever given to a set. */
    newest: integer('newest').notNull().default(1),
  },
  (table) => [check('search_state_one', sql`${table.id} = 1`)],
);

/** Documents that the mapping of the search index refused, as they were sent; sent again after a mend. */
export const searchRefused = pgTable(
  'search_refused',
  {
    generation: integer('generation').notNull(),
    alias: text('alias').notNull(),
    id: text('id').notNull(),
    version: text('version').notNull(),
    part: text('part').notNull(),
    /** As text: it is sent again byte for byte. */
    document: text('document').notNull(),
    reason: text('reason').notNull(),
    at: timestamp('at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.generation, table.alias, table.id] })],
);
