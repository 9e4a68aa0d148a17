import { z } from 'zod';
import { id, plainText } from './primitives.ts';
import { sourceReading } from './source-reading.ts';

/** An alert that a person sends by hand, in any dialect; TradingView's placeholders are filled in. */
export const sendWish = z
  .object({
    text: z.string().max(65_536),
    dialect: plainText(64).min(1).nullable().default(null).meta({
      description: 'What it is read as, where it goes to the dashboard’s own source; null: by its shape',
    }),
    address: plainText(500).nullable().default(null).meta({
      description: 'The address of a webhook of this instance, with its secret; null: the dashboard’s own source',
    }),
    ticker: plainText(20).min(1).default('AAPL'),
    side: z.enum(['buy', 'sell']).default('buy'),
    number: z.number().int().min(1).max(1_000_000).default(1).meta({ description: 'Which of a run it is' }),
    nth: z.number().int().min(1).max(1_000_000).default(1).meta({ description: 'Which of its ticker it is' }),
    production: z.boolean().default(false).meta({
      description:
        'Whether the person has confirmed that it may be real money; an alert that asks for it is not sent otherwise',
    }),
  })
  .meta({ id: 'SendWish' });
export type SendWish = z.infer<typeof sendWish>;

/** What the sender was told. */
export const sendOutcomes = [
  'accepted',
  'repeated',
  'recorded',
  'refused',
  'unauthorized',
  'limited',
  'unavailable',
] as const;

export const sentJson = z
  .object({
    outcome: z.enum(sendOutcomes),
    id: id.nullable(),
    receiptUrl: z.string().nullable(),
    code: z.string().nullable(),
    sentence: z.string().nullable().meta({ description: 'Why it was not taken' }),
    tookMs: z.number().meta({ description: 'Until it was answered' }),
    retryAfterMs: z.number().nullable(),
    text: z.string().meta({ description: 'As it was sent, placeholders filled in' }),
  })
  .meta({ id: 'Sent' });
export type SentJson = z.infer<typeof sentJson>;

/** An alert that works, to begin with. */
const sampleJson = z.object({
  name: z.string(),
  dialect: z.string(),
  text: z.string(),
  reading: sourceReading.nullable().meta({ description: 'What its source must be set to' }),
});

export const samplesJson = z.object({ items: z.array(sampleJson) }).meta({ id: 'Samples' });
export type SamplesJson = z.infer<typeof samplesJson>;
