import { z } from 'zod';
import { queueNames } from '../core/ports/job-queue.ts';
import { id, moment, plainText } from './primitives.ts';

/** A job that was given up. */
export const deadLetter = z
  .object({
    id,
    queue: z.enum(queueNames),
    data: z.record(z.string(), z.unknown()).meta({ description: 'As it was enqueued' }),
    problem: z.string().meta({ description: 'What the last attempt failed of' }),
    faults: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .meta({ description: 'What must be repaired in the data before it can be sent again' }),
    attempts: z.number().int(),
    enqueuedAt: moment,
    diedAt: moment,
    signalId: id.nullable(),
    order: z
      .object({ id, symbol: z.string(), side: z.string(), quantity: z.string(), status: z.string() })
      .nullable()
      .meta({ description: 'The order it is about, as it is now' }),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterJson = z.infer<typeof deadLetter>;

export const deadLetterResend = z
  .object({ data: z.record(z.string(), z.unknown()).optional().meta({ description: 'Repaired; its own if left out' }) })
  .meta({ id: 'DeadLetterResend' });

export const deadLetterDiscard = z.object({ reason: plainText(500).min(3) }).meta({ id: 'DeadLetterDiscard' });
