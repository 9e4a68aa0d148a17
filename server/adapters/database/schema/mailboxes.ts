import { bigint, index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { MailboxSettings } from '../../../core/ports/mailbox-store.ts';
import { webhookTokens } from './signals.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Where a source's alerts come by mail as well, and how far the reading has come. */
export const mailboxes = pgTable('mailboxes', {
  webhookId: uuid('webhook_id')
    .primaryKey()
    .references(() => webhookTokens.id),
  settings: jsonb('settings').$type<MailboxSettings>().notNull(),
  passwordEncrypted: text('password_encrypted').notNull(),
  /** Another one after each change. */
  version: uuid('version').notNull(),
  /** Mails that arrived before are not looked at. */
  readsFrom: moment('reads_from').notNull(),
  uidValidity: text('uid_validity'),
  lastUid: bigint('last_uid', { mode: 'number' }).notNull().default(0),
  readAt: moment('read_at'),
  problem: text('problem'),
  problemSince: moment('problem_since'),
  leaseOwner: text('lease_owner'),
  leaseUntil: moment('lease_until'),
  changedBy: text('changed_by').notNull(),
  changedAt: moment('changed_at').notNull(),
});

/** What became of each mail of an allowed sender. */
export const mailboxMails = pgTable(
  'mailbox_mails',
  {
    webhookId: uuid('webhook_id').notNull(),
    uidValidity: text('uid_validity').notNull(),
    uid: bigint('uid', { mode: 'number' }).notNull(),
    at: moment('at').notNull(),
    arrivedAt: moment('arrived_at').notNull(),
    outcome: text('outcome').notNull(),
    code: text('code'),
    detail: text('detail'),
    signalId: uuid('signal_id'),
  },
  (table) => [
    primaryKey({ columns: [table.webhookId, table.uidValidity, table.uid] }),
    index('mailbox_mails_newest').on(table.webhookId, table.at),
  ],
);
