import { z } from 'zod';
import { alarmKinds } from '../core/model/alarm.ts';
import { id, moment } from './primitives.ts';

/** What a person must look at. */
export const alarm = z
  .object({
    id,
    key: z.string().meta({ description: 'At most one alarm of a key is open' }),
    kind: z.enum(alarmKinds),
    severity: z.enum(['page', 'warn']).meta({ description: 'page: somebody must look now; warn: today will do' }),
    accountId: id.nullable(),
    orderId: id.nullable(),
    signalId: id.nullable().meta({ description: 'Of the order, for its receipt' }),
    sentence: z.string(),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    count: z.number().int().meta({ description: 'How often it was raised while it was open' }),
    raisedAt: moment,
    lastRaisedAt: moment,
    acknowledgedAt: moment.nullable(),
    acknowledgedBy: z.string().nullable(),
    clearedAt: moment.nullable().meta({ description: 'null: it is open' }),
    clearedSentence: z.string().nullable(),
    deliveredAt: moment.nullable().meta({ description: 'When a destination of notifications was last told of it' }),
    deliveryProblem: z.string().nullable().meta({ description: 'Why telling it there failed; null: it did not' }),
  })
  .meta({ id: 'Alarm' });
export type AlarmJson = z.infer<typeof alarm>;
