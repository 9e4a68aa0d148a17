import { z } from 'zod';
import { decimalText, id, moment, plainText, side } from './primitives.ts';

/** What is asked of a strategy on paper before it may trade real money. */
export const promotionCriteria = z
  .object({
    minDays: z.number().int().min(0).max(1000).meta({ description: 'Trading days with a fill on paper' }),
    minTrades: z.number().int().min(0).max(100_000).meta({ description: 'Trades opened and closed on paper' }),
    maxSlippageBps: decimalText.meta({
      description: 'The most its median fill on paper may be worse than the market at the decision, in basis points',
    }),
  })
  .meta({ id: 'PromotionCriteria' });

export const evidence = z
  .object({
    strategy: z.string(),
    met: z.boolean(),
    lines: z.array(
      z.object({
        key: z.enum(['days', 'trades', 'slippage']),
        required: z.string(),
        found: z.string(),
        met: z.boolean(),
        sentence: z.string(),
      }),
    ),
    fills: z.number().int(),
    realizedPnl: decimalText.meta({ description: 'Of the closed trades, after fees' }),
    since: moment.nullable().meta({ description: 'Of the first fill on paper' }),
  })
  .meta({ id: 'PromotionEvidence' });
export type EvidenceJson = z.infer<typeof evidence>;

export const promotion = z
  .object({
    confirmation: z.string().meta({ description: 'The strategy’s key, typed' }),
    overrideReason: plainText(500)
      .min(10)
      .optional()
      .meta({ description: 'Why it may trade real money without the evidence; for admins, and kept' }),
  })
  .meta({ id: 'Promotion' });

export const drift = z
  .object({
    strategy: z.string(),
    since: moment,
    pairs: z.number().int().meta({ description: 'Orders filled in production and on paper' }),
    medianBps: decimalText.nullable().meta({ description: 'Positive: production was worse' }),
    meanBps: decimalText.nullable(),
    p95Bps: decimalText.nullable().meta({ description: 'Of the absolute values' }),
    missedInProduction: z.number().int(),
    missedOnPaper: z.number().int(),
    medianLaterMs: z.number().int().nullable(),
    trades: z.number().int().meta({ description: 'Closed in both' }),
    productionPnl: decimalText,
    paperPnl: decimalText,
    pnlDifference: decimalText,
    differenceInR: decimalText.nullable(),
    points: z.array(
      z.object({
        at: moment,
        symbol: z.string(),
        side,
        role: z.string(),
        signalId: id,
        productionPrice: decimalText,
        paperPrice: decimalText,
        bps: decimalText,
      }),
    ),
    results: z
      .array(
        z.object({ at: moment, symbol: z.string(), signalId: id, productionPnl: decimalText, paperPnl: decimalText }),
      )
      .meta({
        description: 'What both had made by the end of each trade closed in both, from the first of the window',
      }),
  })
  .meta({ id: 'Drift' });
export type DriftJson = z.infer<typeof drift>;
