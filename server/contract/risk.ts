import { z } from 'zod';
import { scopeKinds, severities } from '../core/model/risk-limit.ts';
import { moment, plainText } from './primitives.ts';

const parameterValue = z.union([z.string().max(64), z.number(), z.boolean(), z.array(z.string().max(64)).max(5000)]);
const parameters = z
  .record(z.string().regex(/^\w{1,64}$/), parameterValue)
  .meta({ description: 'By name; what is left out has its default. Amounts and fractions are decimal text' });

export const limitScope = z
  .object({
    kind: z.enum(scopeKinds),
    name: z.string().max(64).default('').meta({
      description: 'The account’s id, the strategy’s key, the sector’s name or the symbol; empty for everything',
    }),
  })
  .refine(({ kind, name }) => (kind === 'everything') === (name === ''), {
    error: 'expected a name, but for everything none',
    path: ['name'],
  })
  .meta({ id: 'LimitScope' });

export const riskLimit = z
  .object({
    rule: z.string(),
    scope: z.object({ kind: z.enum(scopeKinds), name: z.string() }),
    on: z.boolean(),
    severity: z.enum(severities),
    parameters,
    version: z.number().int().meta({ description: '0: nobody has set it, this is the rule’s default' }),
    removed: z.boolean(),
    author: z.string().nullable(),
    reason: z.string().nullable(),
    at: moment.nullable(),
    problem: z.string().nullable().meta({ description: 'Why it cannot be read: entries that it covers are refused' }),
  })
  .meta({ id: 'RiskLimit' });
export type RiskLimitJson = z.infer<typeof riskLimit>;

const count = z.number().int();
export const ruleCounts = z
  .object({
    evaluated: count.meta({ description: 'Decisions in which it had something to look at' }),
    breached: count.meta({ description: 'In which its limit was broken, whatever came of it' }),
    passed: count,
    denied: count,
    asked: count,
    reduced: count,
    warned: count,
    notApplicable: count,
    refused: count.meta({
      description: 'Denied decisions in which it was the first to deny: they name it as the reason',
    }),
  })
  .meta({ id: 'RuleCounts', description: 'Each decision once, by the worst that the rule said in it' });
export type RuleCountsJson = z.infer<typeof ruleCounts>;

export const riskToday = z
  .object({
    day: z.iso.date().meta({ description: 'The day of accounts, which is New York’s' }),
    from: moment,
    until: moment.meta({ description: 'Not included' }),
    decisions: z.object({ approved: count, denied: count, held: count }),
    rules: z
      .array(ruleCounts.extend({ rule: z.string(), title: z.string() }))
      .meta({ description: 'Those that were asked; the one that refused most first' }),
    codes: z
      .array(z.object({ code: z.string(), title: z.string(), count }))
      .meta({ description: 'Why decisions were denied; the most frequent first' }),
  })
  .meta({ id: 'RiskToday' });
export type RiskTodayJson = z.infer<typeof riskToday>;

export const riskRule = z
  .object({
    key: z.string(),
    order: z.number().int(),
    name: z.string(),
    says: z.string(),
    appliesTo: z.enum(['entries', 'all']),
    on: z.union([z.boolean(), z.literal('always')]).meta({ description: 'Until somebody says otherwise' }),
    scopes: z.array(z.enum(scopeKinds)),
    severities: z.array(z.enum(severities)).meta({ description: 'The first is the default' }),
    parameters: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        label: z.string(),
        default: parameterValue,
        stricter: z.enum(['lower', 'higher']).nullable(),
      }),
    ),
    today: ruleCounts.meta({ description: 'Of the decisions since New York’s midnight' }),
    limits: z.array(riskLimit).meta({ description: 'In force: the one for everything first, then those for some' }),
  })
  .meta({ id: 'RiskRule' });
export type RiskRuleJson = z.infer<typeof riskRule>;

const reason = plainText(500).min(3, { error: 'expected a reason, for whoever reads this later' });

export const limitChange = z
  .object({
    rule: z.string().max(64),
    scope: limitScope.default({ kind: 'everything', name: '' }),
    on: z.boolean().default(true),
    severity: z.enum(severities).optional().meta({ description: 'Left out: the rule’s default' }),
    parameters: parameters.default({}),
    version: z.number().int().min(0).meta({
      description:
        'The version this was made from, 0 for none: a limit that somebody else changed meanwhile is not overwritten',
    }),
    reason,
  })
  .meta({ id: 'LimitChange' });
export type LimitChange = z.infer<typeof limitChange>;

export const limitRemoval = z
  .object({ rule: z.string().max(64), scope: limitScope, version: z.number().int().min(1), reason })
  .meta({ id: 'LimitRemoval' });
export type LimitRemoval = z.infer<typeof limitRemoval>;
