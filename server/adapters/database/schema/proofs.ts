import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { CertificateWish, Proof } from '../../../core/model/proofs.ts';
import { webhookTokens } from './signals.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** What a source asks of its senders beside the secret of its address; a source without a row asks for nothing else. */
export const webhookProofs = pgTable('webhook_proofs', {
  webhookId: uuid('webhook_id')
    .primaryKey()
    .references(() => webhookTokens.id),
  required: jsonb('required').$type<Proof[]>().notNull(),
  bodyField: text('body_field'),
  /** Hex SHA-256. */
  bodyHash: text('body_hash'),
  bodyMadeAt: moment('body_made_at'),
  bodyPreviousHash: text('body_previous_hash'),
  bodyPreviousUntil: moment('body_previous_until'),
  /** Encrypted: a signature cannot be checked with a hash of what made it. */
  signingKey: text('signing_key'),
  signingMadeAt: moment('signing_made_at'),
  signingPreviousKey: text('signing_previous_key'),
  signingPreviousUntil: moment('signing_previous_until'),
  signatureWindowSeconds: integer('signature_window_seconds').notNull(),
  addresses: jsonb('addresses').$type<string[]>().notNull(),
  certificate: jsonb('certificate').$type<CertificateWish>().notNull(),
  changedBy: text('changed_by').notNull(),
  changedAt: moment('changed_at').notNull(),
});

/** Nonces of signatures that were taken, until nobody could use them again anyway. */
export const proofNonces = pgTable(
  'proof_nonces',
  {
    webhookId: uuid('webhook_id').notNull(),
    nonce: text('nonce').notNull(),
    signalId: uuid('signal_id').notNull(),
    /** Its alert could not be stored: it may come again. */
    released: boolean('released').notNull().default(false),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.webhookId, table.nonce] }),
    index('proof_nonces_expire').on(table.expiresAt),
  ],
);
