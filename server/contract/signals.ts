import { z } from 'zod';
import { sizingMethods } from '../core/model/decision.ts';
import { type RefusalCode, refusals } from '../core/model/refusals.ts';
import { decimalText, id, mode, moment, pageQuery, plainText, side } from './primitives.ts';

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
    replayOf: id.nullable().meta({ description: 'The alert that was taken in again on paper; null: it is no replay' }),
    receiptUrl: z.string(),
  })
  .meta({ id: 'Signal' });
export type Signal = z.infer<typeof signal>;

/** The answer to an alert that was stored, or that had been before. */
export const acknowledgement = z
  .object({ id, status: z.enum(['accepted', 'repeated', 'recorded']), receiptUrl: z.string() })
  .meta({ id: 'Acknowledgement' });
export type Acknowledgement = z.infer<typeof acknowledgement>;

/** The alert that closes a position, and one more for each further strategy whose shares are closed. */
export const positionClosing = acknowledgement
  .extend({ others: z.array(acknowledgement) })
  .meta({ id: 'PositionClosing' });
export type PositionClosing = z.infer<typeof positionClosing>;

/** Which positions are to be closed: of every account, or of one. */
export const closeAllWish = z
  .object({ accountId: id.optional().meta({ description: 'Only this account’s; left out: of every account' }) })
  .strict()
  .meta({ id: 'CloseAllWish' });
export type CloseAllWish = z.infer<typeof closeAllWish>;

/** What became of the wish to close all: an alert of its own for each, and those for which none could be sent. */
export const closedAll = z
  .object({
    sent: z.array(z.object({ accountId: id, symbol: z.string(), closing: positionClosing })),
    failed: z.array(z.object({ accountId: id, symbol: z.string(), detail: z.string() })),
  })
  .meta({ id: 'ClosedAll' });
export type ClosedAll = z.infer<typeof closedAll>;

export const ruleVerdictKind = z.enum(['pass', 'deny', 'reduce', 'ask', 'warn', 'not_applicable']).meta({
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

/** What an alert's script held before it, beside what its strategy held. */
export const sequence = z
  .object({
    found: z.enum(['match', 'gap', 'not_compared']),
    kind: z
      .enum(['missed_exit', 'missed_entry', 'missed_reversal', 'size'])
      .nullable()
      .meta({ description: 'Of a gap: what seems to be missing' }),
    did: z.enum(['nothing', 'noted', 'explained', 'quarantined', 'converged', 'left']).meta({
      description:
        '`explained`: the reason is known, and no alert is missing; `left`: it was to converge, and the decision did not let it',
    }),
    said: z.enum(['long', 'short', 'flat']).nullable(),
    saidSize: decimalText.nullable().meta({ description: 'In our shares, by the weight of the account' }),
    held: decimalText.meta({ description: 'Filled, negative when short' }),
    sentence: z.string(),
  })
  .meta({ id: 'Sequence' });

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
    sequence: sequence.nullable().meta({ description: 'Null: the alert does not say what its script held before' }),
    quote: z.object({ bid: decimalText, ask: decimalText, at: moment }).nullable(),
    startedAt: moment,
    decidedAt: moment,
  })
  .meta({ id: 'Decision' });
export type DecisionJson = z.infer<typeof decision>;

/** A moment of a filter. */
const momentOf = z
  .string()
  .pipe(z.iso.datetime({ offset: true, error: 'expected a time such as 2026-11-20T14:30:00Z' }))
  .transform((value) => new Date(value))
  .refine((at) => at.getUTCFullYear() >= 1970 && at.getUTCFullYear() <= 9999, 'expected a year from 1970 to 9999');

/** What signals are looked up by; each that is named must hold. */
export const signalQuery = pageQuery
  .extend({
    status: signalStatus.optional(),
    ticker: plainText(20).optional(),
    strategy: plainText(64).optional(),
    source: plainText(64).optional(),
    from: momentOf.optional().meta({ description: 'Received then or later' }),
    to: momentOf.optional().meta({ description: 'Received before' }),
  })
  .refine(({ from, to }) => !from || !to || from < to, { error: 'expected a time after from', path: ['to'] });

/** What decisions are looked up by; each that is named must hold. */
export const decisionQuery = pageQuery
  .extend({
    outcome: decision.shape.outcome.optional(),
    rule: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/, { error: 'expected the key of a rule, such as max-position' })
      .optional()
      .meta({ description: 'With a verdict: the rule that gave it; alone: a rule that was asked at all' }),
    verdict: z
      .enum([...ruleVerdictKind.options, 'breach'])
      .optional()
      .meta({ description: '`breach`: deny, ask, reduce or warn' }),
    code: z
      .enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]], {
        error: 'expected a code of GET /api/v1/refusals, such as RISK_MAX_POSITION',
      })
      .optional(),
    symbol: plainText(20).optional(),
    strategy: plainText(64).optional(),
    accountId: id.optional(),
    mode: mode.optional(),
    from: momentOf.optional().meta({ description: 'Decided then or later' }),
    to: momentOf.optional().meta({ description: 'Decided before' }),
  })
  .refine(({ from, to }) => !from || !to || from < to, { error: 'expected a time after from', path: ['to'] });
