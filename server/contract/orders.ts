import { z } from 'zod';
import { event } from './events.ts';
import { decimalText, id, mode, moment, side } from './primitives.ts';

export const orderStatus = z.enum([
  'approved',
  'waiting',
  'submitting',
  'submit_unknown',
  'held',
  'accepted',
  'partially_filled',
  'pending_replace',
  'pending_cancel',
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
]);

export const order = z
  .object({
    id,
    accountId: id,
    signalId: id.nullable(),
    decisionId: id.nullable(),
    parentId: id.nullable(),
    origin: z.enum(['decision', 'venue', 'protection', 'flatten', 'replacement', 'adopted']),
    step: z.number().int().meta({ description: 'Which of its decision’s orders it is, from 0' }),
    afterOrderId: id.nullable().meta({ description: 'The order that it waits for' }),
    afterWhen: z.enum(['closed', 'filled', 'sent', 'cleared']).nullable().meta({
      description:
        'What that one must have come to: the position closed, filled at all, sent, or ended with all entries beside it',
    }),
    replacesId: id.nullable().meta({ description: 'The order whose place it took' }),
    strategy: z.string(),
    mode,
    shadow: z
      .boolean()
      .meta({ description: 'Of a decision beside its alert: traded on paper to be compared with production' }),
    role: z.enum(['entry', 'exit', 'take_profit', 'stop_loss']),
    clientOrderId: z.string(),
    brokerOrderId: z.string().nullable(),
    brokerStatus: z.string().nullable(),
    symbol: z.string(),
    side,
    type: z.enum(['market', 'limit', 'stop', 'stop_limit', 'trailing_stop']),
    orderClass: z.enum(['simple', 'bracket', 'oco', 'oto']),
    timeInForce: z.string(),
    quantity: decimalText,
    filledQuantity: decimalText,
    averagePrice: decimalText.nullable(),
    limitPrice: decimalText.nullable(),
    stopPrice: decimalText.nullable(),
    trailPrice: decimalText.nullable(),
    trailPercent: decimalText.nullable(),
    takeProfitPrice: decimalText.nullable(),
    stopLossPrice: decimalText.nullable(),
    referencePrice: decimalText,
    status: orderStatus,
    problem: z.string().nullable(),
    protectedMs: z.number().int().nullable().meta({
      description: 'The longest that shares of a fill of it had no working stop, in milliseconds; null: not measured',
    }),
    createdAt: moment,
    submittingAt: moment.nullable(),
    acknowledgedAt: moment.nullable(),
    closedAt: moment.nullable(),
    updatedAt: moment,
  })
  .meta({ id: 'Order' });
export type Order = z.infer<typeof order>;

export const execution = z
  .object({
    id,
    orderId: id,
    accountId: id,
    signalId: id.nullable(),
    executionId: z.string(),
    symbol: z.string(),
    side,
    quantity: decimalText,
    price: decimalText,
    fee: decimalText,
    cumulativeQuantity: decimalText,
    realizedPnl: decimalText,
    source: z.enum(['stream', 'poll']),
    executedAt: moment,
    recordedAt: moment,
  })
  .meta({ id: 'Execution' });
export type Execution = z.infer<typeof execution>;

/** An order with what belongs to it. */
export const orderDetail = order
  .extend({
    legs: z.array(order).meta({ description: 'Its stop and its target' }),
    executions: z.array(execution).meta({ description: 'Its fills and those of its legs, oldest first' }),
    events: z.array(event).meta({ description: 'Its life and that of its legs, oldest first; at most 500' }),
  })
  .meta({ id: 'OrderDetail' });
export type OrderDetail = z.infer<typeof orderDetail>;

/** Above zero. */
export const positiveText = z
  .string()
  .max(40)
  .regex(/^(?=.*[1-9])\d+(\.\d{1,9})?$/, 'expected a positive decimal as text')
  .meta({ example: '148.5' });

/** What a person wants to be different about a working order. */
export const orderChange = z
  .object({
    limitPrice: positiveText.optional(),
    stopPrice: positiveText.optional(),
    quantity: positiveText.optional().meta({ description: 'Only lower than it is: more needs an alert of its own' }),
  })
  .strict()
  .meta({ id: 'OrderChange' });
export type OrderChangeWish = z.infer<typeof orderChange>;
