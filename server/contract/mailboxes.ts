import { z } from 'zod';
import { mailSecurities } from '../core/ports/mailbox.ts';
import { id, moment, plainText } from './primitives.ts';

const address = plainText(254)
  .trim()
  .toLowerCase()
  .regex(/^[^\s@]+@[^\s@]+$/, { error: 'expected an address such as noreply@tradingview.com' });
const marker = z.string().min(1).max(500).nullable();

const settings = {
  enabled: z.boolean(),
  host: plainText(253)
    .trim()
    .regex(/^[A-Za-z0-9._:-]+$/, { error: 'expected the name or the address of a host' }),
  port: z.number().int().min(1).max(65_535),
  security: z.enum(mailSecurities).meta({
    description:
      '`tls`: from the first byte (port 993); `starttls`: asked for, and refused when it is not to be had; `none`: on this machine only',
  }),
  authority: z.string().max(16_384).nullable().meta({
    description: 'The certificate of the authority that signed the server’s, as PEM; null: one that is known publicly',
  }),
  user: plainText(254).min(1),
  folder: plainText(254).min(1),
  moveTo: plainText(254).min(1).nullable().meta({
    description: 'Where mails go that were taken; null: they stay, and are marked as seen',
  }),
  senders: z.array(address).min(1).max(20).meta({ description: 'All other mails are left alone' }),
  authServer: plainText(253)
    .trim()
    .toLowerCase()
    .regex(/^[^\s;]+$/, { error: 'expected a name such as mx.google.com' })
    .nullable()
    .meta({
      description:
        'The name by which the receiving server signs its Authentication-Results, whose word is taken; null: nobody’s',
    }),
  recipients: z.array(address).max(20).meta({
    description: 'A mail must be to one of these for that word to count: it says who sent a mail, and not for whom',
  }),
  maxAgeSeconds: z.number().int().min(10).max(86_400).meta({
    description: 'An alert whose mail was sent longer ago is stored, and not traded',
  }),
  after: marker.meta({ description: 'The text right before the alert in a mail; null: the alert is found' }),
  before: marker.meta({ description: 'The text right after it; null: it ends where the mail does' }),
  alarmMinutes: z.number().int().min(1).max(1440).meta({
    description: 'After how long without a reading the alarm mailbox.unread is raised',
  }),
};

/** What a mailbox is set to. */
export const mailboxWish = z
  .object({
    ...settings,
    enabled: settings.enabled.default(true),
    port: settings.port.default(993),
    security: settings.security.default('tls'),
    authority: settings.authority.default(null),
    folder: settings.folder.default('INBOX'),
    moveTo: settings.moveTo.default(null),
    senders: settings.senders.default(['noreply@tradingview.com']),
    authServer: settings.authServer.default(null),
    recipients: settings.recipients.default([]),
    maxAgeSeconds: settings.maxAgeSeconds.default(600),
    after: settings.after.default(null),
    before: settings.before.default(null),
    alarmMinutes: settings.alarmMinutes.default(5),
    password: z.string().min(1).max(500).optional().meta({
      description: 'Left out: the one there is stays. Kept encrypted, and never shown again',
      writeOnly: true,
    }),
  })
  .meta({ id: 'MailboxWish' });
export type MailboxWish = z.infer<typeof mailboxWish>;

const mailRecord = z.object({
  uid: z.number().int(),
  at: moment,
  arrivedAt: moment,
  outcome: z.enum(['accepted', 'repeated', 'unusable', 'alive', 'recorded', 'refused']).meta({
    description:
      '`unusable`: stored, and not understood; `alive`: a heartbeat; `recorded`: of a sandbox; `refused`: not believed, or no alert',
  }),
  code: z.string().nullable(),
  sentence: z.string().nullable(),
  signalId: id.nullable(),
});

/** A source's mailbox, without its password. */
export const mailboxJson = z
  .object({
    sourceId: id,
    settings: z.object(settings),
    state: z.enum(['off', 'waiting', 'reading', 'failing']).meta({ description: '`waiting`: it was not read yet' }),
    readAt: moment.nullable(),
    problem: z.string().nullable(),
    problemSince: moment.nullable(),
    changedBy: z.string(),
    changedAt: moment,
    mails: z.array(mailRecord).meta({ description: 'The last ones of allowed senders, newest first' }),
  })
  .meta({ id: 'Mailbox' });
export type MailboxJson = z.infer<typeof mailboxJson>;

/** A mailbox; null: the source has none. */
export const mailboxAnswer = z.object({ mailbox: z.union([mailboxJson, z.null()]) }).meta({ id: 'MailboxAnswer' });
export type MailboxAnswer = z.infer<typeof mailboxAnswer>;

/** What was found in a mailbox, in words. Nothing was stored, traded, marked or moved. */
export const mailboxTried = z
  .object({
    ok: z.boolean(),
    sentences: z.array(z.string()),
    folders: z.array(z.string()),
    mails: z.array(
      z.object({
        uid: z.number().int(),
        arrivedAt: moment,
        subject: z.string().nullable(),
        alert: z.string().nullable().meta({ description: 'The alert that was found in it, its secrets hidden' }),
        signal: z.record(z.string(), z.unknown()).nullable(),
        sentence: z.string().meta({ description: 'What would become of it' }),
      }),
    ),
  })
  .meta({ id: 'MailboxTried' });
export type MailboxTried = z.infer<typeof mailboxTried>;
