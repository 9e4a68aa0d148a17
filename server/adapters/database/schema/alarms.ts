import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { AlarmKind, AlarmSeverity } from '../../../core/model/alarm.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What a person must look at, open until it is mended; at most one open alarm of a key. */
export const alarms = pgTable(
  'alarms',
  {
    id: uuid('id').primaryKey(),
    key: text('key').notNull(),
    kind: text('kind').$type<AlarmKind>().notNull(),
    severity: text('severity').$type<AlarmSeverity>().notNull(),
    /** Without references: an alarm may tell of an order that is not there, and must never fail to be raised. */
    accountId: uuid('account_id'),
    orderId: uuid('order_id'),
    sentence: text('sentence').notNull(),
    data: jsonb('data').$type<Record<string, string | number | boolean | null>>().notNull(),
    count: integer('count').notNull().default(1),
    raisedAt: moment('raised_at').notNull(),
    lastRaisedAt: moment('last_raised_at').notNull(),
    acknowledgedAt: moment('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    snoozedUntil: moment('snoozed_until'),
    snoozedBy: text('snoozed_by'),
    clearedAt: moment('cleared_at'),
    clearedSentence: text('cleared_sentence'),
    /** When a destination of notifications was last told of it, and why that failed last; both null: nothing was to be told. */
    deliveredAt: moment('delivered_at'),
    deliveryProblem: text('delivery_problem'),
  },
  (table) => [
    uniqueIndex('alarms_one_open').on(table.key).where(sql`cleared_at is null`),
    index('alarms_newest').on(table.raisedAt.desc(), table.id.desc()),
  ],
);
