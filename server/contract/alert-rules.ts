import { z } from 'zod';
import { id, moment, orNull, plainText } from './primitives.ts';

const parameterValue = z.union([z.string().max(64), z.number(), z.boolean()]);
const need = z.enum(['needed', 'allowed', 'none']);

/** One kind of condition, with what a form needs to ask for it. */
export const alertKind = z
  .object({
    key: z.string(),
    name: z.string(),
    says: z.string(),
    scope: z.object({ account: need, strategy: need, symbol: need }),
    parameters: z.array(z.object({ name: z.string(), kind: z.string(), label: z.string(), default: parameterValue })),
    ends: z
      .enum(['holds', 'happens'])
      .meta({ description: 'holds: its alarm is open while the condition is; happens: until somebody has seen it' }),
  })
  .meta({ id: 'AlertKind' });
export type AlertKindJson = z.infer<typeof alertKind>;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'expected a time of the day, such as 09:30' });
/** Whether this runtime knows the zone. */
function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
export const dayHours = z
  .object({
    from: clockTime,
    until: clockTime,
    zone: plainText(64).refine(isZone, { error: 'expected an IANA time zone, such as America/New_York' }),
  })
  .refine(({ from, until }) => from !== until, { error: 'expected an end that is not the beginning', path: ['until'] })
  .meta({ id: 'DayHours', description: 'Hours that end before they begin go on past midnight' });

export const alertRuleWish = z
  .object({
    name: plainText(80).trim().min(1, { error: 'expected a name' }),
    kind: z.string().max(64),
    parameters: z
      .record(z.string().regex(/^\w{1,64}$/), parameterValue)
      .default({})
      .meta({ description: 'By name; what is left out has its default. Amounts and fractions are decimal text' }),
    accountId: id.nullable().default(null),
    strategy: plainText(64).min(1).nullable().default(null),
    symbol: plainText(24).trim().toUpperCase().min(1).nullable().default(null),
    severity: z.enum(['page', 'warn']).default('warn'),
    once: z.boolean().default(false).meta({ description: 'It switches itself off when it has fired' }),
    cooldownMinutes: z
      .number()
      .int()
      .min(0)
      .max(10_080)
      .default(10)
      .meta({ description: 'It does not fire again within this' }),
    activeHours: orNull(dayHours).default(null).meta({ description: 'Looked at only then; null: always' }),
    quietHours: orNull(dayHours)
      .default(null)
      .meta({ description: 'It does not fire then; what still holds is told afterwards' }),
    on: z.boolean().default(true),
  })
  .meta({ id: 'AlertRuleWish' });
export type AlertRuleWishJson = z.infer<typeof alertRuleWish>;

export const alertRuleChange = alertRuleWish
  .extend({ version: z.number().int().min(1).meta({ description: 'The version this was made from' }) })
  .meta({ id: 'AlertRuleChange' });
export const alertRuleSwitch = z.object({ on: z.boolean() }).meta({ id: 'AlertRuleSwitch' });

/** What somebody wants to be told of, and how it stands. */
export const alertRule = z
  .object({
    id,
    ...alertRuleWish.omit({ parameters: true, activeHours: true, quietHours: true }).shape,
    parameters: z.record(z.string(), parameterValue),
    activeHours: orNull(dayHours),
    quietHours: orNull(dayHours),
    version: z.number().int(),
    changedBy: z.string(),
    changedAt: moment,
    firing: z.boolean().meta({ description: 'Its condition holds, and was told' }),
    firedAt: moment.nullable(),
    firedCount: z.number().int(),
    value: z.string().nullable().meta({ description: 'What was found last, for people' }),
    problem: z.string().nullable().meta({ description: 'Why it cannot tell; null: it can' }),
    problemSince: moment.nullable(),
    lookedAt: moment.nullable().meta({ description: 'Kept once a minute; null: not yet' }),
  })
  .meta({ id: 'AlertRule' });
export type AlertRuleJson = z.infer<typeof alertRule>;

/** What a rule would have done, and would do now. */
export const alertRuleTrial = z
  .object({
    now: z.enum(['holds', 'over', 'between', 'unreadable']),
    sentence: z.string(),
    from: moment.meta({ description: 'Where the record that was looked at begins' }),
    until: moment,
    fired: z
      .array(moment)
      .nullable()
      .meta({ description: 'When it would have fired; null: there is no record of what it looks at' }),
  })
  .meta({ id: 'AlertRuleTrial' });
export type AlertRuleTrialJson = z.infer<typeof alertRuleTrial>;
