import { customType, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { webhookTokens } from './signals.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** What was sent to sandboxes, as it came, without secrets; the newest of each source, and for a month. */
export const recordings = pgTable(
  'recordings',
  {
    id: uuid('id').primaryKey(),
    webhookId: uuid('webhook_id')
      .notNull()
      .references(() => webhookTokens.id),
    receivedAt: timestamp('received_at', { withTimezone: true, mode: 'date' }).notNull(),
    address: text('address'),
    headers: jsonb('headers').$type<Record<string, string>>().notNull(),
    /** The dialect that the address asked for. */
    dialect: text('dialect'),
    sizeBytes: integer('size_bytes').notNull(),
    body: bytes('body').notNull(),
  },
  (table) => [
    index('recordings_newest').on(table.webhookId, table.receivedAt, table.id),
    index('recordings_received').on(table.receivedAt, table.id),
  ],
);
