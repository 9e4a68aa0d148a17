import { z } from 'zod';
import { id, plainText } from './primitives.ts';

const dialect = plainText(64).min(1).nullable().meta({
  description: 'The language that its alerts are read in; null: each by its shape',
});
const strategy = plainText(64).min(1).nullable().meta({ description: 'Of alerts that name none; null: default' });

/** A source to be made. */
export const webhookWish = z
  .object({
    name: plainText(100).min(1),
    source: z
      .string()
      .max(64)
      .regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'expected small letters, digits and hyphens' })
      .meta({ description: 'The :source of its address' }),
    dialect: dialect.default(null),
    strategy: strategy.default(null),
  })
  .meta({ id: 'WebhookWish' });
export type WebhookWish = z.infer<typeof webhookWish>;

export const webhookChange = z
  .object({ name: plainText(100).min(1).optional(), dialect: dialect.optional(), strategy: strategy.optional() })
  .meta({ id: 'WebhookChange' });

/** How a source's alerts are read. */
export const webhookJson = z
  .object({
    id,
    source: z.string(),
    name: z.string(),
    dialect: z.string().nullable(),
    strategy: z.string().nullable(),
  })
  .meta({ id: 'Webhook' });
export type WebhookJson = z.infer<typeof webhookJson>;

/** A new source, with its addresses for the only time that they can be seen. */
export const webhookMade = webhookJson
  .extend({
    url: z.string().meta({ description: 'Shown this once' }),
    tradersPostUrl: z.string().meta({ description: 'The same, as TradersPost has it and with its replies' }),
  })
  .meta({ id: 'WebhookMade' });
export type WebhookMade = z.infer<typeof webhookMade>;
