import { z } from 'zod';
import { decimalText, id, mode, moment, orNull } from './primitives.ts';

/** How a strategy's shares are protected, as it was found last. */
export const protection = z
  .object({
    stage: z.enum(['protected', 'closing', 'waiting', 'placing', 'flattening', 'unprotected', 'excess', 'none']),
    covered: decimalText.meta({ description: 'Shares that working stops cover' }),
    stopPrice: decimalText.nullable().meta({ description: 'Of the stop that the market reaches first' }),
    uncoveredSince: moment.nullable().meta({ description: 'Null: every share is covered' }),
    protectedMs: z.number().int().nullable().meta({
      description: 'The longest that shares of a fill had no working stop, in milliseconds; null: not measured',
    }),
  })
  .meta({ id: 'Protection' });

export const position = z
  .object({
    accountId: id,
    symbol: z.string(),
    quantity: decimalText.meta({ description: 'Negative when short' }),
    averagePrice: decimalText,
    cost: decimalText,
    lastPrice: decimalText.nullable(),
    marketValue: decimalText.nullable(),
    unrealizedPnl: decimalText.nullable(),
    realizedPnl: decimalText,
    stopLossPrice: decimalText.nullable().meta({ description: 'Of the resting protective order; null: unprotected' }),
    takeProfitPrice: decimalText.nullable(),
    lots: z
      .array(
        z.object({
          strategy: z.string().meta({ description: '`external`: bought by nobody here' }),
          quantity: decimalText,
          averagePrice: decimalText.meta({ description: 'Of the strategy’s own fills' }),
          realizedPnl: decimalText.meta({ description: 'By the strategy’s own average cost' }),
          protection: orNull(protection).meta({
            description: 'Null: not looked at yet, or nobody here has bought them and nobody here protects them',
          }),
        }),
      )
      .meta({ description: 'Whose the shares are; the quantities add up to the account’s' }),
    openedAt: moment.nullable(),
    updatedAt: moment,
  })
  .meta({ id: 'Position' });
export type Position = z.infer<typeof position>;

export const account = z
  .object({
    id,
    name: z.string(),
    broker: z.string(),
    venue: z.enum(['embedded', 'alpaca-paper', 'alpaca-live']),
    mode,
    enabled: z.boolean(),
    cash: decimalText,
    positionValue: decimalText,
    equity: decimalText,
    realizedPnl: decimalText,
    unrealizedPnl: decimalText,
    dayPnl: decimalText.nullable(),
    brokerCash: decimalText.nullable(),
    brokerEquity: decimalText.nullable(),
    brokerBuyingPower: decimalText.nullable(),
    connected: z.boolean(),
    reconciledAt: moment.nullable(),
    accountNumber: z.string().nullable().meta({ description: 'The broker’s own name of it' }),
    keysFrom: z.enum(['environment', 'missing', 'person']),
    archivedAt: moment.nullable().meta({ description: 'Since when it is put away' }),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof account>;

export const equityPoint = z
  .object({
    at: moment,
    cash: decimalText,
    positionValue: decimalText,
    equity: decimalText,
    realizedPnl: decimalText,
    unrealizedPnl: decimalText,
  })
  .meta({ id: 'EquityPoint' });
export type EquityPoint = z.infer<typeof equityPoint>;
