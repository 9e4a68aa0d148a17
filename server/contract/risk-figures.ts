import { z } from 'zod';
import { severities } from '../core/model/risk-limit.ts';
import { limitStates, lossMethods } from '../core/model/risk-overview.ts';
import { decimalText, mode, moment, orNull } from './primitives.ts';

const fraction = decimalText.meta({ description: 'A fraction as decimal text: 0.2 is 20 %', example: '0.2' });
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'expected a day, such as 2026-11-20' });

export const limitBeside = z
  .object({
    rule: z.string(),
    name: z.string(),
    scope: z.string().meta({ description: 'For whom it was set: “everything”, “the sector Energy”' }),
    severity: z.enum(severities),
    ofEquity: fraction.nullable().meta({ description: 'Null: it is no share of equity' }),
    value: decimalText.nullable().meta({ description: 'In the unit of the figure' }),
    use: fraction.nullable().meta({ description: 'How much of it is used; 1 is all' }),
    state: z.enum(limitStates).meta({ description: '`near` from four fifths on; `unknown`: it cannot be compared' }),
  })
  .meta({ id: 'LimitBeside' });
export type LimitBesideJson = z.infer<typeof limitBeside>;

export const exposureBar = z
  .object({
    name: z.string(),
    sector: z.string().nullable(),
    long: decimalText,
    short: decimalText.meta({ description: 'Without sign' }),
    entering: decimalText.meta({ description: 'The part of both that is open entries' }),
    gross: decimalText,
    net: decimalText,
    ofEquity: fraction.nullable(),
    atCost: z.boolean().meta({ description: 'Something in it has no price and counts at cost' }),
    riskShare: fraction.nullable().meta({ description: 'Of a symbol: its part of a day’s deviation' }),
    limit: orNull(limitBeside),
  })
  .meta({ id: 'ExposureBar' });
export type ExposureBarJson = z.infer<typeof exposureBar>;

export const riskGauge = z
  .object({
    key: z.string(),
    name: z.string(),
    unit: z.enum(['USD', 'times', 'count', 'share']),
    value: decimalText.nullable(),
    ofEquity: fraction.nullable(),
    limit: orNull(limitBeside),
    missing: z.string().nullable().meta({ description: 'Why the value is not known' }),
  })
  .meta({ id: 'RiskGauge' });
export type RiskGaugeJson = z.infer<typeof riskGauge>;

const missingSymbol = z.object({ symbol: z.string(), worth: decimalText, why: z.string() });

export const lossFigures = z
  .object({
    days: z.number().int().meta({ description: 'Daily returns that the figures are made from' }),
    from: day.nullable(),
    until: day.nullable(),
    covered: fraction.nullable().meta({ description: 'What is in the figures, of all that is held; null: nothing is' }),
    missing: z.array(missingSymbol).meta({ description: 'Held, and in none of the figures' }),
    volatility: fraction.nullable().meta({ description: 'Of a year, as a share of equity' }),
    rows: z.array(
      z.object({
        method: z.enum(lossMethods),
        confidence: z.string(),
        valueAtRisk: decimalText.nullable().meta({ description: 'Of one day; positive for money lost' }),
        valueAtRiskOfEquity: fraction.nullable(),
        expectedShortfall: decimalText.nullable(),
        expectedShortfallOfEquity: fraction.nullable(),
        standardError: z.object({ valueAtRisk: decimalText, expectedShortfall: decimalText }).nullable(),
        missing: z.string().nullable(),
      }),
    ),
    draws: z.number().int(),
    seed: z.number().int(),
    sentence: z.string().nullable(),
  })
  .meta({ id: 'LossFigures' });
export type LossFiguresJson = z.infer<typeof lossFigures>;

export const drawdownFigures = z
  .object({
    equity: decimalText,
    peak: decimalText.nullable(),
    peakAt: moment.nullable(),
    amount: decimalText.nullable(),
    fraction: fraction.nullable(),
    deepest: z.object({ fraction, at: moment }).nullable(),
    on: z.boolean().meta({ description: 'Whether the rule is on for the account' }),
    severity: z.enum(severities),
    steps: z.array(
      z.object({
        from: fraction,
        factor: fraction.meta({ description: 'What sizes are multiplied by; 0 stops entries' }),
        equity: decimalText.nullable().meta({ description: 'At which equity the step begins' }),
      }),
    ),
    factor: fraction.meta({ description: 'What sizes are multiplied by now' }),
    curve: z.array(z.object({ at: moment, equity: decimalText, fraction })),
    missing: z.string().nullable(),
  })
  .meta({ id: 'DrawdownFigures' });
export type DrawdownFiguresJson = z.infer<typeof drawdownFigures>;

export const correlationFigures = z
  .object({
    symbols: z.array(z.string()),
    cells: z.array(z.array(decimalText.nullable())),
    days: z.number().int(),
    missing: z.array(missingSymbol),
    leftOut: z.number().int(),
  })
  .meta({ id: 'CorrelationFigures' });
export type CorrelationFiguresJson = z.infer<typeof correlationFigures>;

const count = z.number().int();
export const refusalCount = z
  .object({ rule: z.string(), name: z.string(), deny: count, reduce: count, ask: count, warn: count })
  .meta({ id: 'RefusalCount' });
export type RefusalCountJson = z.infer<typeof refusalCount>;

export const riskPortfolio = z
  .object({
    kind: z.enum(['account', 'mode']),
    id: z.string().meta({ description: 'The account’s id, or the mode' }),
    name: z.string(),
    mode,
    enabled: z.boolean(),
    cash: decimalText,
    equity: decimalText,
    dayProfit: decimalText.nullable(),
    unpriced: z.array(z.string()),
    gauges: z.array(riskGauge),
    symbols: z.array(exposureBar).meta({ description: 'Their gross values add up to the gross exposure' }),
    sectors: z.array(exposureBar).meta({ description: 'So do these' }),
    strategies: z.array(exposureBar).nullable().meta({
      description:
        'More than the gross exposure where strategies hold against each other; null: whose it was is not recorded',
    }),
    losses: lossFigures,
    drawdown: orNull(drawdownFigures),
    correlations: correlationFigures,
    refusals: z.array(refusalCount),
  })
  .meta({ id: 'RiskPortfolio' });
export type RiskPortfolioJson = z.infer<typeof riskPortfolio>;

export const riskFigures = z
  .object({ at: moment, day, portfolios: z.array(riskPortfolio) })
  .meta({ id: 'RiskFigures' });
export type RiskFiguresJson = z.infer<typeof riskFigures>;

export const riskReport = z
  .object({
    day,
    final: z.boolean().meta({ description: 'Made after the session’s close, and not changed any more' }),
    madeAt: moment,
    through: moment.meta({ description: 'The moment that positions and equity are of' }),
    madeBy: z.string().nullable(),
    notes: z.array(z.string()),
    portfolios: z.array(riskPortfolio),
    breaches: z.array(
      z.object({
        portfolio: z.string(),
        what: z.string(),
        rule: z.string(),
        name: z.string(),
        value: decimalText.nullable(),
        limit: decimalText.nullable(),
        unit: z.enum(['USD', 'times', 'count', 'share']),
        state: z.enum(limitStates),
      }),
    ),
    correlations: z.array(z.object({ portfolio: z.string(), a: z.string(), b: z.string(), value: decimalText })),
    correlationThreshold: fraction,
    limitChanges: z.array(
      z.object({
        at: moment,
        rule: z.string(),
        name: z.string(),
        scope: z.string(),
        version: z.number().int(),
        what: z.string(),
        parameters: z.array(z.string()),
        author: z.string(),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: 'RiskReport' });
export type RiskReportJson = z.infer<typeof riskReport>;

export const riskReportLine = z
  .object({
    day,
    final: z.boolean(),
    madeAt: moment,
    madeBy: z.string().nullable(),
    through: moment,
    breaches: count,
    refusals: count,
    limitChanges: count,
  })
  .meta({ id: 'RiskReportLine' });
export type RiskReportLineJson = z.infer<typeof riskReportLine>;

const fileOfDay = /^\d{4}-\d{2}-\d{2}(\.csv|\.pdf)?$/;
/** A day that exists: 2026-02-30 is none, though a `Date` makes one of it. */
const exists = (text: string): boolean => {
  const at = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text.slice(0, 10));
};
export const reportFile = z.object({
  day: z
    .string()
    .regex(fileOfDay, {
      error: 'expected a day, such as 2026-11-20, with .csv or .pdf behind it for a file',
      abort: true,
    })
    .refine(exists, { error: 'expected a day that exists' })
    .meta({ description: 'As 2026-11-20; 2026-11-20.csv and 2026-11-20.pdf are files', example: '2026-11-20' }),
});
