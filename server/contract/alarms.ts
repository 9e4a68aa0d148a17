import { z } from 'zod';
import { alarmKinds } from '../core/model/alarm.ts';
import { id, moment, pageQuery } from './primitives.ts';

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
    snoozedUntil: moment.nullable().meta({ description: 'Until then it is quiet; told anew afterwards' }),
    snoozedBy: z.string().nullable(),
    clearedAt: moment.nullable().meta({ description: 'null: it is open' }),
    clearedSentence: z.string().nullable(),
    deliveredAt: moment.nullable().meta({ description: 'When a destination of notifications was last told of it' }),
    deliveryProblem: z.string().nullable().meta({ description: 'Why telling it there failed; null: it did not' }),
  })
  .meta({ id: 'Alarm' });
export type AlarmJson = z.infer<typeof alarm>;

export const alarmQuery = pageQuery.extend({
  state: z.enum(['open', 'past', 'all']).default('all'),
  kind: z.enum(alarmKinds).optional(),
  severity: z.enum(['page', 'warn']).optional(),
  rule: id.optional().meta({ description: 'Of this alert rule' }),
});
export type AlarmQuery = z.infer<typeof alarmQuery>;

/** As long as a weekend at most: what is quiet for longer is forgotten. */
const mostMinutes = 4 * 24 * 60;
const error = `expected a whole number of minutes, from 1 to ${mostMinutes}`;
export const alarmSnooze = z
  .object({ minutes: z.number({ error }).int({ error }).min(1, { error }).max(mostMinutes, { error }) })
  .meta({ id: 'AlarmSnooze' });
