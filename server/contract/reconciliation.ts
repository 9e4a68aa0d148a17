import { z } from 'zod';
import { decimalText, id, moment, plainText, side } from './primitives.ts';

export const difference = z
  .object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['open', 'corrected', 'information']).meta({
      description: 'open: a person must look; corrected: the broker states the cause, and it was taken over',
    }),
    symbol: z.string().nullable(),
    ours: z.string().nullable(),
    brokers: z.string().nullable(),
    sentence: z.string(),
    orderId: id.optional(),
    reference: z.string().optional().meta({ description: 'Of the ledger transaction that was booked for it' }),
    settled: z
      .object({ by: z.string(), reason: z.string(), at: moment })
      .optional()
      .meta({ description: 'By a person, since' }),
  })
  .meta({ id: 'Difference' });
export type DifferenceJson = z.infer<typeof difference>;

export const reconciliation = z
  .object({
    id,
    accountId: id,
    reason: z.enum(['start', 'reconnect', 'schedule', 'demand', 'foreign']),
    startedAt: moment,
    finishedAt: moment,
    outcome: z.enum(['agreed', 'corrected', 'differs', 'failed']),
    compared: z
      .record(z.string(), z.number().int())
      .meta({ description: 'How much of each kind was looked at, and how many requests to the broker it took' }),
    changedOrders: z.number().int(),
    recordedFills: z.number().int(),
    problem: z.string().nullable().meta({ description: 'Why it failed' }),
    differences: z.array(difference),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof reconciliation>;

const reason = plainText(500).min(1);

export const settleWish = z
  .object({
    difference: plainText(200).min(1).meta({ description: 'The id of an open difference of this comparison' }),
    book: z
      .enum(['capital', 'fees', 'realized_pnl'])
      .default('capital')
      .meta({ description: 'What the money stands against' }),
    reason,
  })
  .meta({ id: 'SettleWish' });
export type SettleWish = z.infer<typeof settleWish>;

export const adoptWish = z.object({ strategy: plainText(64).min(1), reason }).meta({ id: 'AdoptWish' });
export type AdoptWish = z.infer<typeof adoptWish>;

export const releaseWish = z.object({ reason }).meta({ id: 'ReleaseWish' });

export const transferWish = z
  .object({
    id: id.optional().meta({ description: 'Of the wish: sent twice under one, it is done once' }),
    symbol: plainText(20).min(1),
    from: plainText(64).min(1).default('external'),
    to: plainText(64).min(1),
    quantity: decimalText,
    reason,
  })
  .meta({ id: 'TransferWish' });
export type TransferWish = z.infer<typeof transferWish>;

export const wishDone = z.object({ sentence: z.string(), orderId: id.optional() }).meta({ id: 'WishDone' });
export type WishDone = z.infer<typeof wishDone>;

export const foreign = z
  .object({
    orders: z
      .array(
        z.object({
          brokerOrderId: z.string(),
          symbol: z.string(),
          side,
          type: z.string(),
          quantity: decimalText,
          filledQuantity: decimalText,
          limitPrice: decimalText.nullable(),
          stopPrice: decimalText.nullable(),
          brokerStatus: z.string(),
          seenAt: moment,
        }),
      )
      .meta({ description: 'Resting at the broker and not ours: shown, and never touched' }),
    trades: z
      .array(
        z.object({
          executionId: z.string(),
          brokerOrderId: z.string(),
          symbol: z.string(),
          side,
          quantity: decimalText,
          price: decimalText,
          executedAt: moment,
          takenBackAt: moment.nullable().meta({
            description:
              'When the broker took it back; a changed trade is taken back, and the one that holds is another in this list',
          }),
          strategy: z.string().nullable().meta({ description: 'To whom it was given since; null: nobody' }),
        }),
      )
      .meta({ description: 'The newest 100, booked to `external`' }),
    adopted: z
      .array(
        z.object({
          orderId: id,
          symbol: z.string(),
          side,
          quantity: decimalText,
          filledQuantity: decimalText,
          strategy: z.string(),
          status: z.string(),
        }),
      )
      .meta({ description: 'Orders that were made ours and are open' }),
    lots: z
      .array(z.object({ symbol: z.string(), strategy: z.string(), quantity: decimalText, averagePrice: decimalText }))
      .meta({
        description: 'Whose the shares are, `external` being nobody here; those that go against each other as well',
      }),
  })
  .meta({ id: 'Foreign' });
export type Foreign = z.infer<typeof foreign>;
