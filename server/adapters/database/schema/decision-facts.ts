import { customType, index, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';
import { decisions } from './signals.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** What a decision was made on, so that it can be made again; packed by decision-store/pack-facts.ts, and deleted when it is old. */
export const decisionFacts = pgTable(
  'decision_facts',
  {
    decisionId: uuid('decision_id')
      .primaryKey()
      .references(() => decisions.id),
    decidedAt: timestamp('decided_at', { withTimezone: true, mode: 'date' }).notNull(),
    facts: bytes('facts').notNull(),
  },
  (table) => [index('decision_facts_decided').on(table.decidedAt)],
);
