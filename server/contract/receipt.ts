import { z } from 'zod';
import { approval } from './approvals.ts';
import { event } from './events.ts';
import { execution, order } from './orders.ts';
import { decimalText, id, moment, orNull, side } from './primitives.ts';
import { decision, signal } from './signals.ts';

/** One step of a signal's way, with the time it took since the step before. */
export const receiptStep = z.object({
  name: z.enum([
    'received',
    'parsed',
    'stored',
    'started',
    'compared',
    'decided',
    'submitting',
    'acknowledged',
    'first_fill',
    'filled',
    'protected',
    'closed',
  ]),
  at: moment.nullable().meta({ description: 'Null: not reached' }),
  tookMs: z.number().nullable().meta({ description: 'Since the step before; null: not reached or not measured' }),
  sentence: z.string(),
});

/** A trade that the alert opened: what came of it. */
export const signalTrade = z
  .object({
    accountId: id,
    account: z.string(),
    strategy: z.string(),
    symbol: z.string(),
    side,
    quantity: decimalText.meta({ description: 'Shares opened over its life, without sign' }),
    held: decimalText.meta({ description: 'Shares still held, without sign; 0: it is closed' }),
    cash: decimalText.meta({ description: 'What came in less what went out so far, fees included' }),
    profit: decimalText.nullable().meta({ description: 'After fees; null: it is open' }),
    risk: decimalText.nullable().meta({ description: 'What would have been lost at its stop; null: not known' }),
    multiple: decimalText.nullable().meta({ description: 'Profit in multiples of the risk' }),
    openedAt: moment,
    closedAt: moment.nullable(),
  })
  .meta({ id: 'SignalTrade' });
export type SignalTrade = z.infer<typeof signalTrade>;

/** Everything that happened to one alert: the document a trader shows when asked "why". */
export const receipt = z
  .object({
    signal,
    raw: z.object({ body: z.string(), contentType: z.string().nullable(), bytes: z.number().int() }),
    proofs: z.record(z.string(), z.string().nullable()),
    channels: z
      .array(
        z.object({
          channel: z.enum(['webhook', 'mail']),
          at: moment,
          sentAt: moment.nullable().meta({ description: 'Of a mail: when it was sent' }),
          afterMs: z.number().int().meta({ description: 'After the first' }),
        }),
      )
      .meta({ description: 'The ways by which it came, the first first; it counts once' }),
    parsed: z
      .record(
        z.string(),
        z.union([z.string(), z.null(), z.array(z.object({ price: decimalText, portion: decimalText }))]),
      )
      .nullable(),
    problems: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })),
    decision: orNull(decision).meta({ description: 'The first of `decisions`' }),
    decisions: z.array(decision).meta({ description: 'One for each account; approved ones first, shadows last' }),
    approvals: z
      .array(approval)
      .meta({ description: 'What people were asked of it, and what they said: at most one for each account' }),
    destinations: z
      .array(
        z.object({
          accountId: id.nullable(),
          weight: decimalText,
          shadow: z.boolean(),
          exitOnly: z
            .literal(true)
            .optional()
            .meta({ description: 'Its strategy enters nothing there any more; what it still has there is closed' }),
        }),
      )
      .meta({ description: 'The accounts it goes to, as set down with its first decision' }),
    order: orNull(order).meta({ description: 'The first of `orders`' }),
    orders: z
      .array(order)
      .meta({ description: 'By their steps; then those that took a place or protect, without legs; a shadow’s last' }),
    legs: z.array(order).meta({ description: 'The protective legs of all orders' }),
    executions: z.array(execution),
    pnl: z.object({
      realized: decimalText.meta({
        description: 'Of the fills of these orders and their legs, a shadow’s left out, as in what follows',
      }),
      fees: decimalText,
      slippage: decimalText
        .nullable()
        .meta({ description: 'Average entry against the reference price, times quantity; positive is a cost' }),
      ledgerTransactions: z.array(id),
    }),
    slippages: z
      .array(
        z.object({
          orderId: id,
          side,
          quantity: decimalText,
          referencePrice: decimalText.meta({ description: 'That the decision was made at' }),
          averagePrice: decimalText,
          bps: decimalText.meta({ description: 'Hundredths of a percent; positive is a cost, on either side' }),
          cost: decimalText,
        }),
      )
      .meta({ description: 'Of each order with fills; a shadow’s left out' }),
    trades: z.array(signalTrade).meta({ description: 'That its first fill has opened, by account' }),
    replays: z
      .array(z.object({ id, receivedAt: moment, status: signal.shape.status, by: z.string().nullable() }))
      .meta({ description: 'Of it, on paper, the newest first' }),
    steps: z.array(receiptStep),
    events: z.array(event),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof receipt>;
export type ReceiptStep = z.infer<typeof receiptStep>;
