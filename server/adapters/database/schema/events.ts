import { sql } from 'drizzle-orm';
import {
  bigint,
  customType,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { EventKind } from '../../../core/model/event.ts';

const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });

/**
 * Append-only: a trigger refuses update and delete. Read in the order (xid, seq) and only below the oldest running
 * transaction, so that a row that commits late under a small number is never skipped.
 */
export const events = pgTable(
  'events',
  {
    seq: bigint('seq', { mode: 'bigint' }).generatedAlwaysAsIdentity(),
    xid: xid8('xid').notNull().default(sql`pg_current_xact_id()`),
    id: uuid('id').notNull().unique().default(sql`gen_random_uuid()`),
    at: timestamp('at', { withTimezone: true, mode: 'date' }).notNull().default(sql`clock_timestamp()`),
    kind: text('kind').$type<EventKind>().notNull(),
    signalId: uuid('signal_id'),
    orderId: uuid('order_id'),
    accountId: uuid('account_id'),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.xid, table.seq] }),
    index('events_signal').on(table.signalId).where(sql`signal_id is not null`),
    index('events_order').on(table.orderId).where(sql`order_id is not null`),
    index('events_strategy')
      .on(sql`(${table.data}->>'key')`, table.xid, table.seq)
      .where(sql`kind IN ('strategy.changed', 'strategy.promoted')`),
    uniqueIndex('events_shadow_measured')
      .on(sql`(${table.data}->>'key')`, sql`(${table.data}->>'day')`)
      .where(sql`kind = 'shadow.measured'`),
  ],
);

/** How far each reader of `events` has come. */
export const eventCursors = pgTable('event_cursors', {
  reader: text('reader').primaryKey(),
  xid: xid8('xid').notNull(),
  seq: bigint('seq', { mode: 'bigint' }).notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true, mode: 'date' }).notNull().defaultNow(),
});
