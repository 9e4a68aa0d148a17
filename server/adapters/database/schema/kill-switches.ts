import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { KillScope, KillWay } from '../../../core/model/kill-switch.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * Every switch there was. What is engaged has no `lifted_at`; a trigger on `orders` refuses to have an entry of it become `submitting`. The
 * times are of its course: see `KillSwitch`.
 */
export const killSwitches = pgTable(
  'kill_switches',
  {
    id: uuid('id').primaryKey(),
    scope: text('scope').$type<KillScope>().notNull(),
    /** The account's id, the strategy's key or the symbol; empty for `all`. */
    key: text('key').notNull(),
    reason: text('reason').notNull(),
    engagedBy: text('engaged_by').notNull(),
    via: text('via').$type<KillWay>().notNull(),
    flatten: boolean('flatten').notNull(),
    requestedAt: moment('requested_at').notNull(),
    engagedAt: moment('engaged_at').notNull(),
    stoppedAt: moment('stopped_at').notNull(),
    lastEntryAt: moment('last_entry_at'),
    cancelled: integer('cancelled'),
    cancelledAt: moment('cancelled_at'),
    flatAt: moment('flat_at'),
    liftedAt: moment('lifted_at'),
    liftedBy: text('lifted_by'),
    liftReason: text('lift_reason'),
  },
  (table) => [
    uniqueIndex('kill_switches_engaged').on(table.scope, table.key).where(sql`lifted_at is null`),
    index('kill_switches_history').on(table.engagedAt),
  ],
);
