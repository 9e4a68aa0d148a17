import { z } from 'zod';
import { readTerms } from '../core/full-text/terms.ts';
import { id, moment, plainText } from './primitives.ts';
import { signalStatus } from './signals.ts';

/** What is looked for, and in what. */
export const searchQuery = z.object({
  q: plainText(200)
    .refine((typed) => readTerms(typed).length > 0, 'expected at least one word')
    .meta({
      description: 'Words that must all be there, by their beginnings; "an exact phrase" in quotes; or a whole id',
      example: 'AAPL limit',
    }),
  in: z.enum(['signals', 'events', 'all']).default('all').meta({ description: 'Events are for analysts and above' }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Items of each kind at most' }),
});

/** A signal or an event that was found. */
export const searchItem = z
  .object({
    kind: z.enum(['signal', 'event']),
    id,
    at: moment,
    signalId: id.nullable(),
    ticker: z.string().nullable(),
    title: z.string(),
    snippets: z
      .array(z.array(z.object({ text: z.string(), hit: z.boolean() })))
      .meta({ description: 'What of it has the words; empty when an id was looked for' }),
    status: signalStatus.nullable().meta({ description: 'Of a signal' }),
    eventKind: z.string().nullable().meta({ description: 'Of an event' }),
  })
  .meta({ id: 'SearchItem' });
export type SearchItem = z.infer<typeof searchItem>;

export const searchAnswer = z
  .object({
    items: z.array(searchItem),
    source: z.enum(['opensearch', 'postgresql']),
    tookMs: z.number(),
    truncated: z.boolean().meta({ description: 'There may be more than what is shown' }),
  })
  .meta({ id: 'SearchAnswer' });
export type SearchAnswer = z.infer<typeof searchAnswer>;
