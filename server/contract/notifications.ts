import { z } from 'zod';
import { deliveryStates, notificationKinds } from '../core/model/notification.ts';
import { id, moment, orNull, plainText } from './primitives.ts';

export const notificationKind = z.enum(notificationKinds);

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of day, such as 22:00' });

export const quietHours = z
  .object({
    from: clockTime,
    to: clockTime.meta({ description: 'Not part of them; on the next day where it is before `from`' }),
    zone: plainText(64).min(1).meta({ description: 'IANA', example: 'Europe/Berlin' }),
    breaksThrough: z.array(notificationKind).meta({ description: 'Kinds that come all the same' }),
    others: z.enum(['later', 'never']).meta({
      description: 'What becomes of the others: told when the hours are over, or only kept in the log',
    }),
  })
  .meta({ id: 'QuietHours' });
export type QuietHoursJson = z.infer<typeof quietHours>;

const channelField = z.object({
  key: z.string(),
  secret: z.boolean().meta({ description: 'Encrypted, and never shown again' }),
  required: z.boolean(),
  options: z.array(z.string()).optional(),
  initial: z.string().optional(),
});

/** A way to tell people, and what it must know. */
export const notificationChannel = z
  .object({ key: z.string(), personal: z.boolean(), fields: z.array(channelField) })
  .meta({ id: 'NotificationChannel' });
export type NotificationChannelJson = z.infer<typeof notificationChannel>;

export const notificationDestination = z
  .object({
    id,
    name: z.string(),
    channel: z.string(),
    personal: z.boolean().meta({ description: 'A device of whoever asks; else it is everybody’s' }),
    settings: z.record(z.string(), z.string()).meta({ description: 'Those that are no secret' }),
    place: z.string().meta({ description: 'Where it goes, without a secret' }),
    kinds: z.array(notificationKind),
    quiet: orNull(quietHours),
    enabled: z.boolean(),
    given: z.string().nullable().meta({ description: 'The variable of the environment that sets it' }),
    toldAt: moment.nullable(),
    problem: z.string().nullable().meta({ description: 'Why it cannot be told' }),
    failingSince: moment.nullable(),
    changedBy: z.string(),
    changedAt: moment,
  })
  .meta({ id: 'NotificationDestination' });
export type NotificationDestinationJson = z.infer<typeof notificationDestination>;

export const notificationsAnswer = z
  .object({
    channels: z.array(notificationChannel),
    destinations: z.array(notificationDestination).meta({ description: 'Everybody’s' }),
    devices: z.array(notificationDestination).meta({ description: 'Those of whoever asks' }),
    pushKey: z.string().nullable().meta({
      description: 'By which browsers know this server (VAPID); null: web push cannot be used now',
    }),
    pushProblem: z.string().nullable(),
  })
  .meta({ id: 'Notifications' });
export type NotificationsJson = z.infer<typeof notificationsAnswer>;

const settingsWish = z.record(z.string().max(40), z.string().max(16_384));
const name = plainText(60).trim().min(1);
const kinds = z.array(notificationKind).min(1).max(notificationKinds.length);

export const destinationWish = z
  .object({
    name,
    channel: z.string().max(40),
    settings: settingsWish.meta({ description: 'By the keys of the channel’s fields', writeOnly: true }),
    kinds,
    quiet: orNull(quietHours).default(null),
    enabled: z.boolean().default(true),
  })
  .meta({ id: 'NotificationDestinationWish' });
export type DestinationWishJson = z.infer<typeof destinationWish>;

export const destinationChange = z
  .object({
    name: name.optional(),
    settings: settingsWish
      .optional()
      .meta({ description: 'All that are no secret; secrets left out or empty stay', writeOnly: true }),
    kinds: kinds.optional(),
    quiet: orNull(quietHours).optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'NotificationDestinationChange' });
export type DestinationChangeJson = z.infer<typeof destinationChange>;

/** What came of a test. */
export const destinationTested = z
  .object({ ok: z.boolean(), answer: z.string().meta({ description: 'What the channel answered, in words' }) })
  .meta({ id: 'NotificationTested' });
export type DestinationTestedJson = z.infer<typeof destinationTested>;

export const notificationDelivery = z
  .object({
    id,
    kind: z.enum([...notificationKinds, 'test']),
    destinationId: id,
    destination: z.string(),
    channel: z.string(),
    personal: z.boolean(),
    state: z.enum(deliveryStates),
    at: moment.meta({ description: 'When it happened' }),
    createdAt: moment,
    dueAt: moment.meta({ description: 'When it is tried next, while it waits' }),
    doneAt: moment.nullable(),
    tries: z.number().int(),
    subject: z.string().nullable().meta({ description: 'As it was sent last; null: it was not yet' }),
    text: z.string().nullable(),
    answer: z.string().nullable(),
    path: z.string().meta({ description: 'The page that shows what it is about' }),
  })
  .meta({ id: 'NotificationDelivery' });
export type NotificationDeliveryJson = z.infer<typeof notificationDelivery>;

export const notificationTemplateWish = z
  .object({ subject: z.string().max(1000), text: z.string().max(5000) })
  .meta({ id: 'NotificationTemplateWish' });
export type NotificationTemplateWish = z.infer<typeof notificationTemplateWish>;

/** The words for one kind in one channel. */
export const notificationTemplate = z
  .object({
    channel: z.string(),
    kind: notificationKind,
    subject: z.string(),
    text: z.string(),
    shipped: z.boolean().meta({ description: 'Nobody has changed it' }),
    changedBy: z.string().nullable(),
    changedAt: moment.nullable(),
    placeholders: z.array(z.string()).meta({ description: 'What may stand in braces' }),
  })
  .meta({ id: 'NotificationTemplate' });
export type NotificationTemplateJson = z.infer<typeof notificationTemplate>;

export const notificationTemplates = z
  .object({ items: z.array(notificationTemplate) })
  .meta({ id: 'NotificationTemplates' });

/** A browser that wants to be told, as its PushSubscription says it. */
export const deviceWish = z
  .object({
    name,
    endpoint: z.string().max(2000),
    keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(100) }),
    kinds,
    quiet: orNull(quietHours).default(null),
    replaces: z.string().max(2000).optional().meta({
      description: 'The endpoint this browser had before, which it has ended; its settings are taken over',
    }),
  })
  .meta({ id: 'PushDeviceWish' });
export type DeviceWishJson = z.infer<typeof deviceWish>;

/** An answer from a notification on a device. */
export const pushAnswer = z
  .object({ token: z.string().min(20).max(200), verdict: z.enum(['approve', 'reject']) })
  .meta({ id: 'PushAnswer' });

export const pushAnswered = z
  .object({
    approvalId: id,
    state: z.string(),
    sentence: z.string().meta({ description: 'What came of it, for a notification' }),
  })
  .meta({ id: 'PushAnswered' });
export type PushAnsweredJson = z.infer<typeof pushAnswered>;
