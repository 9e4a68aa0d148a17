import { boolean, jsonb, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Mode } from '../../../core/model/mode.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Where orders can go. The key's secret is encrypted with the instance's key; see adapters/database/account-store/secret-box.ts. */
export const accounts = pgTable('accounts', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull().unique(),
  broker: text('broker').notNull(),
  venue: text('venue').$type<'embedded' | 'alpaca-paper' | 'alpaca-live'>().notNull(),
  mode: text('mode').$type<Mode>().notNull(),
  keyId: text('key_id').notNull(),
  secretEncrypted: text('secret_encrypted').notNull(),
  enabled: boolean('enabled').notNull().default(true),
  /** The broker's own name of it, from the first time it was asked. */
  accountNumber: text('account_number'),
  /** Whether its keys are set in the environment at each start, or were entered by a person. */
  keysFrom: text('keys_from').$type<'environment' | 'missing' | 'person'>().notNull().default('environment'),
  /** Since when it is put away; its books stay. */
  archivedAt: moment('archived_at'),
  /** As the broker last said; the risk gate subtracts what was sent since. */
  brokerBuyingPower: numeric('broker_buying_power'),
  brokerCash: numeric('broker_cash'),
  brokerEquity: numeric('broker_equity'),
  brokerSeenAt: moment('broker_seen_at'),
  reconciledAt: moment('reconciled_at'),
  createdAt: moment('created_at').notNull().defaultNow(),
});

/** What a strategy may do. Alerts that name an unknown one use the row `default`. */
export const strategies = pgTable('strategies', {
  key: text('key').primaryKey(),
  mode: text('mode').$type<Mode>().notNull().default('paper'),
  enabled: boolean('enabled').notNull().default(true),
  settings: jsonb('settings').$type<Record<string, unknown>>().notNull(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
});

/** One row a setting; the value's shape is checked by core/model/settings.ts on every read. */
export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
  updatedBy: text('updated_by').notNull(),
});
