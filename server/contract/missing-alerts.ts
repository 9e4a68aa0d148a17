import { z } from 'zod';
import { id, moment, plainText } from './primitives.ts';

/** A strategy that enters nothing in a symbol of an account until a person clears it. */
export const quarantine = z
  .object({
    id,
    accountId: id,
    strategy: z.string(),
    symbol: z.string(),
    signalId: id.meta({ description: 'The alert that the gap was found by' }),
    expected: z.string().meta({ description: 'What its script held before that alert, in words' }),
    found: z.string().meta({ description: 'What the strategy held' }),
    sentence: z.string(),
    openedAt: moment,
    cleared: z
      .object({ at: moment, by: z.string(), reason: z.string() })
      .nullable()
      .meta({ description: 'Null: it is open' }),
    receiptUrl: z.string(),
  })
  .meta({ id: 'Quarantine' });
export type QuarantineJson = z.infer<typeof quarantine>;

export const quarantineClearing = z
  .object({ reason: plainText(500).min(3).meta({ description: 'What was found out; it stays with the quarantine' }) })
  .meta({ id: 'QuarantineClearing' });

/** When a strategy was last heard of, and when it is expected to be heard of again. */
export const signOfLife = z
  .object({
    strategy: z.string(),
    lastAt: moment.nullable().meta({ description: 'Null: it was never heard of' }),
    by: z.enum(['heartbeat', 'alert']).nullable(),
    expectedBy: moment.nullable().meta({ description: 'Null: it may be silent, or its alerts are denied' }),
    silentFrom: moment.nullable().meta({ description: 'With the grace: from then on an alarm is open' }),
    silent: z.boolean(),
  })
  .meta({ id: 'SignOfLife' });
export type SignOfLifeJson = z.infer<typeof signOfLife>;
