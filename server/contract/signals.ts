import { z } from 'zod';
import { sizingMethods } from '../core/model/decision.ts';
import { decimalText, id, mode, moment, side } from './primitives.ts';

export const signalAction = z
  .enum(['buy', 'sell', 'exit', 'flatten', 'reverse', 'add', 'breakeven', 'cancel'])
  .meta({ id: 'SignalAction', description: 'What an alert asks for; docs/order-life.md has each, step by step' });

export const signalStatus = z
  .enum(['accepted', 'refused', 'waiting', 'approved', 'denied', 'failed'])
  .meta({ description: '`waiting`: an entry that a person must approve first' });

/** A signal in the feed. */
export const signal = z
  .object({
    id,
    source: z.string(),
    receivedAt: moment,
    status: signalStatus,
    ticker: z.string().nullable(),
    action: signalAction.nullable(),
    side: side.nullable().meta({ description: 'Null where the alert names none: it speaks of what is held' }),
    strategy: z.string().nullable(),
    riskAmount: decimalText.nullable(),
    requestedMode: mode.nullable(),
    /** Where it went, once decided. */
    mode: mode.nullable(),
    accountId: id.nullable(),
    quantity: decimalText.nullable(),
    code: z.string().nullable(),
    sentence: z.string().nullable().meta({ description: 'Why it was refused or denied, for people' }),
    orderId: id.nullable(),
    orderStatus: z.string().nullable(),
    filledQuantity: decimalText.nullable(),
    averagePrice: decimalText.nullable(),
    decidedAt: moment.nullable(),
    receiptUrl: z.string(),
  })
  .meta({ id: 'Signal' });
export type Signal = z.infer<typeof signal>;

/** The answer to an alert that was stored, or that had been before. */
export const acknowledgement = z
  .object({ id, status: z.enum(['accepted', 'repeated']), receiptUrl: z.string() })
  .meta({ id: 'Acknowledgement' });
export type Acknowledgement = z.infer<typeof acknowledgement>;

/** The alert that closes a position, and one more for each further strategy whose shares are closed. */
export const positionClosing = acknowledgement
  .extend({ others: z.array(acknowledgement) })
  .meta({ id: 'PositionClosing' });
export type PositionClosing = z.infer<typeof positionClosing>;

export const ruleVerdictKind = z
  .enum(['pass', 'deny', 'reduce', 'ask', 'warn', 'not_applicable'])
  .meta({
    description: '`reduce`: the order was made smaller; `ask`: a person must say yes; `warn`: it went all the same',
  });
export type RuleVerdictKind = z.infer<typeof ruleVerdictKind>;

export const ruleVerdict = z
  .object({
    rule: z.string(),
    part: z
      .enum(['entry', 'exit'])
      .optional()
      .meta({ description: 'Of a reversal, which is judged twice: its exit, or its entry' }),
    verdict: ruleVerdictKind,
    scope: z.string().optional().meta({ description: 'For whom the limit was set, in words; absent: for everything' }),
    code: z.string().nullable(),
    sentence: z.string(),
    inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    limit: z.string().nullable(),
  })
  .meta({ id: 'RuleVerdict' });
export type RuleVerdictJson = z.infer<typeof ruleVerdict>;

export const decision = z
  .object({
    id,
    signalId: id,
    ticker: z.string().nullable(),
    action: signalAction.nullable(),
    side: side.nullable(),
    strategy: z.string().nullable(),
    accountId: id.nullable(),
    account: z.string().nullable().meta({ description: 'The account’s name' }),
    weight: decimalText.meta({ description: 'What the risk amount was multiplied by for this account' }),
    shadow: z.boolean().meta({ description: 'Beside the alert: whatever became of it is not the alert’s outcome' }),
    mode,
    modeReasons: z.array(
      z.object({ source: z.enum(['signal', 'strategy', 'account', 'master']), says: mode, sentence: z.string() }),
    ),
    intent: z.enum(['entry', 'exit', 'adjust']),
    outcome: z.enum(['approved', 'denied', 'held']),
    code: z.string().nullable(),
    sentence: z.string().nullable().meta({
      description: 'Why it was denied; of an approved reversal, why its entry is not sent while its exit is',
    }),
    quantity: decimalText.nullable(),
    sizing: z
      .object({
        method: z.enum(sizingMethods),
        riskAmount: decimalText.nullable(),
        entryPrice: decimalText.nullable(),
        entryFrom: z.enum(['alert', 'quote']).nullable(),
        stopLoss: decimalText.nullable(),
        stopFrom: z.enum(['alert', 'strategy']).nullable(),
        takeProfit: decimalText.nullable(),
        takeProfitFrom: z.enum(['alert', 'strategy']).nullable(),
        riskPerShare: decimalText.nullable(),
        quantity: decimalText,
        sentence: z.string(),
        stopHow: z.string().optional().meta({ description: 'How the stop came about, where the alert gave none' }),
        inputs: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
          .optional()
          .meta({ description: 'What the method looked at' }),
        targets: z
          .array(z.object({ price: decimalText.nullable(), quantity: decimalText }))
          .optional()
          .meta({ description: 'The orders an entry is split into; without a price: the stop only' }),
        trail: z.string().optional().meta({ description: 'How far the stop follows the market' }),
        closesFirst: decimalText
          .optional()
          .meta({ description: 'What the exit of a reversal closes before the entry' }),
      })
      .nullable(),
    verdicts: z.array(ruleVerdict),
    quote: z.object({ bid: decimalText, ask: decimalText, at: moment }).nullable(),
    startedAt: moment,
    decidedAt: moment,
  })
  .meta({ id: 'Decision' });
export type DecisionJson = z.infer<typeof decision>;
