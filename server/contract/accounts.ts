import { z } from 'zod';
import { decimalText, id, mode, moment } from './primitives.ts';

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

export const reconciliation = z
  .object({
    id,
    accountId: id,
    reason: z.enum(['start', 'reconnect', 'schedule', 'demand']),
    startedAt: moment,
    finishedAt: moment,
    outcome: z.enum(['agreed', 'corrected', 'differs', 'failed']),
    differences: z.array(z.record(z.string(), z.unknown())),
  })
  .meta({ id: 'Reconciliation' });
export type Reconciliation = z.infer<typeof reconciliation>;
