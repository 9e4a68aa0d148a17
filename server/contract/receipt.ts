import { z } from 'zod';
import { approval } from './approvals.ts';
import { event } from './events.ts';
import { execution, order } from './orders.ts';
import { decimalText, id, moment, orNull } from './primitives.ts';
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
    'closed',
  ]),
  at: moment.nullable().meta({ description: 'Null: not reached' }),
  tookMs: z.number().nullable().meta({ description: 'Since the step before; null: not reached or not measured' }),
  sentence: z.string(),
});

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
    steps: z.array(receiptStep),
    events: z.array(event),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof receipt>;
export type ReceiptStep = z.infer<typeof receiptStep>;
