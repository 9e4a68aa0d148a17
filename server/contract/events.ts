import { z } from 'zod';
import { id, moment } from './primitives.ts';

/** One row of the append-only event table. `seq` is a cursor, not a count. */
export const event = z
  .object({
    seq: z.string(),
    id,
    at: moment,
    kind: z.string(),
    signalId: id.nullable(),
    orderId: id.nullable(),
    accountId: id.nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });
export type EventJson = z.infer<typeof event>;
