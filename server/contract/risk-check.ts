import { z } from 'zod';
import { scopeKinds, severities } from '../core/model/risk-limit.ts';
import { decimalText, id, mode, moment, side } from './primitives.ts';
import { decision, ruleVerdict, signalAction } from './signals.ts';

const written = z.union([z.string(), z.number()]);

/**
 * A hypothetical alert, in the form in which a webhook takes it. For the description alone: the body is read by the alert's own parser, so
 * that a number is what was written and each fault is told in the words of intake.
 */
export const riskCheckWish = z
  .object({
    signal: z.string().meta({
      description: 'BUY, SELL, EXIT, FLATTEN, REVERSE, ADD, BREAKEVEN or CANCEL',
      example: 'BUY',
    }),
    ticker: z.string().meta({ example: 'AAPL' }),
    mode: z.string().optional().meta({ description: 'Paper or Production', example: 'Paper' }),
    strategy: z.string().optional(),
    account: z.string().optional().meta({ description: 'By name; left out: where the strategy is routed to' }),
    side: z.string().optional().meta({ description: 'Of ADD and REVERSE, where they name one' }),
    risk: written.optional().meta({ description: 'Money that the stop may cost' }),
    quantity: written.optional(),
    portion: written.optional(),
    entryPrice: written.optional().meta({ description: 'Left out: the quote' }),
    stopLoss: written.optional().meta({ description: 'Left out: as the strategy says' }),
    takeProfit: written.optional(),
    confidence: written.optional(),
    targetPosition: written.optional(),
    timeframe: z.string().optional(),
    timestamp: written.optional().meta({ description: 'When the alert would have fired; left out: now' }),
  })
  .meta({ id: 'RiskCheckWish', description: 'An alert in the native form, as its webhook takes it' });

const checkedVerdict = ruleVerdict
  .extend({
    title: z.string().meta({ description: 'The rule’s name for people' }),
    scopeKind: z.enum(scopeKinds).nullable().meta({ description: 'What its limit was set for; null: it has none' }),
    severity: z.enum(severities).nullable().meta({ description: 'What a breach comes to; null: it has none' }),
    parameters: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
      .meta({ description: 'Of the limit in force' }),
  })
  .meta({ id: 'CheckedVerdict' });
export type CheckedVerdictJson = z.infer<typeof checkedVerdict>;

const checkedOrder = z
  .object({
    step: z.number().int(),
    role: z.string(),
    symbol: z.string(),
    side,
    quantity: decimalText,
    type: z.string(),
    timeInForce: z.string(),
    referencePrice: decimalText,
    limitPrice: decimalText.nullable(),
    stopPrice: decimalText.nullable(),
    stopLoss: decimalText.nullable(),
    takeProfit: decimalText.nullable(),
    trail: z.string().nullable().meta({ description: 'How far it trails the market: "1.5 %", or an amount a share' }),
    after: z
      .object({ step: z.number().int(), when: z.enum(['closed', 'filled', 'sent', 'cleared']) })
      .nullable()
      .meta({ description: 'The order that it would wait for' }),
  })
  .meta({ id: 'CheckedOrder' });
export type CheckedOrderJson = z.infer<typeof checkedOrder>;

export const checkedAccount = z
  .object({
    accountId: id.nullable().meta({ description: 'Null: there is no account for it' }),
    account: z.string().nullable(),
    weight: decimalText,
    shadow: z.boolean(),
    exitOnly: z.boolean().meta({ description: 'Because the strategy still holds something there, for exits alone' }),
    mode,
    modeReasons: decision.shape.modeReasons,
    intent: decision.shape.intent,
    side: side.nullable(),
    outcome: z.enum(['approved', 'denied', 'held']).meta({ description: '`held`: a person would have to say yes' }),
    code: z.string().nullable(),
    sentence: z.string().meta({ description: 'What would become of it, for people' }),
    quantity: decimalText.meta({ description: 'What would be sent, or would have been asked for' }),
    sizing: decision.shape.sizing.unwrap(),
    verdicts: z.array(checkedVerdict),
    quote: decision.shape.quote,
    orders: z
      .array(checkedOrder)
      .meta({ description: 'What would be sent, in its order; of a held one, once approved' }),
    cancels: z.array(id).meta({ description: 'Open orders that would be cancelled' }),
    moves: z
      .array(z.object({ orderId: id, stopPrice: decimalText }))
      .meta({ description: 'Stops that would be moved' }),
    missing: z
      .array(z.object({ fact: z.string(), sentence: z.string() }))
      .meta({ description: 'What is not known; no rule that needs it lets an entry pass' }),
  })
  .meta({ id: 'CheckedAccount' });
export type CheckedAccountJson = z.infer<typeof checkedAccount>;

export const riskCheck = z
  .object({
    at: moment,
    action: signalAction,
    ticker: z.string(),
    strategy: z.string(),
    note: z.string().nullable().meta({ description: 'What is odd about it, such as a strategy nobody has set up' }),
    accounts: z.array(checkedAccount).meta({ description: 'One answer for each account that the alert would go to' }),
  })
  .meta({ id: 'RiskCheck' });
export type RiskCheckJson = z.infer<typeof riskCheck>;
