import { z } from 'zod';
import { positiveText } from './orders.ts';
import { decimalText, moment, side } from './primitives.ts';

/** What a fault of the embedded exchange strikes; what is left out matches all. */
export const faultMatch = z
  .object({
    method: z.string().optional(),
    path: z.string().optional().meta({ description: 'Of the request; * stands for anything' }),
    symbol: z.string().optional(),
    account: z.string().optional().meta({ description: 'The exchange’s id of the account, or its key id' }),
    stream: z.enum(['trade_updates', 'market_data', 'events']).optional(),
    event: z.string().optional(),
  })
  .meta({ id: 'FaultMatch' });

/** A fault that is on, or was. Beside these it has the parameters of its kind. */
export const fault = z
  .looseObject({
    id: z.uuid(),
    kind: z.string(),
    match: faultMatch,
    probability: z.number(),
    count: z.number().int().nullable(),
    seed: z.number().int(),
    since: moment,
    until: moment.nullable(),
    seen: z.number().int().meta({ description: 'Requests or events it matched' }),
    hits: z.number().int().meta({ description: 'Those of them it struck' }),
    ended: z.enum(['count', 'time', 'removed']).nullable(),
  })
  .meta({ id: 'Fault' });
export type FaultJson = z.infer<typeof fault>;

/** A fault to turn on; the exchange itself says what is wrong with one. */
export const faultRequest = z
  .looseObject({
    kind: z.string().max(64),
    match: faultMatch.optional(),
    probability: z.number().optional(),
    count: z.number().optional(),
    seconds: z.number().optional(),
    seed: z.number().optional(),
  })
  .meta({ id: 'FaultRequest' });
export type FaultRequestJson = z.infer<typeof faultRequest>;

export const faultKind = z
  .object({
    name: z.string(),
    place: z.enum(['request', 'stream', 'market']),
    says: z.string(),
    symbol: z.enum(['required']).nullable(),
    parameters: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        type: z.enum(['integer', 'number', 'text']),
        min: z.number().optional(),
        max: z.number().optional(),
        initial: z.union([z.number(), z.string()]).nullable(),
      }),
    ),
  })
  .meta({ id: 'FaultKind' });
export type FaultKindJson = z.infer<typeof faultKind>;

/** The embedded paper exchange: what it is, and how it is made to misbehave. */
export const exchangeView = z
  .object({
    venue: z.object({
      url: z.string(),
      streamUrl: z.string(),
      dataStreamUrl: z.string(),
      symbols: z.number().int(),
      pace: z.number().meta({ description: 'Quotes of each symbol per second' }),
      seed: z.number().int(),
      alwaysOpen: z.boolean(),
      requestsPerMinute: z.number().int().nullable(),
    }),
    faults: z.array(fault),
    ended: z.array(fault),
    kinds: z.array(faultKind),
  })
  .meta({ id: 'Exchange' });
export type ExchangeJson = z.infer<typeof exchangeView>;

/** A trade at the embedded exchange, of whichever account, and what has become of it. */
export const exchangeTrade = z
  .object({
    id: z.uuid().meta({ description: 'The exchange’s id of the execution' }),
    accountNumber: z.string().nullable(),
    orderId: z.uuid().meta({ description: 'The exchange’s id of the order' }),
    symbol: z.string(),
    side,
    quantity: decimalText,
    price: decimalText,
    at: moment,
    replaces: z.uuid().nullable().meta({ description: 'The trade in whose place it was put' }),
    state: z.enum(['stands', 'taken_back', 'changed']),
    correctable: z.boolean().meta({
      description: 'Whether it can be taken back or changed: once each, and not of orders by dollars or of long ago',
    }),
  })
  .meta({ id: 'ExchangeTrade' });
export type ExchangeTradeJson = z.infer<typeof exchangeTrade>;

/** The newest trades, newest first. */
export const exchangeTrades = z.object({ items: z.array(exchangeTrade) }).meta({ id: 'ExchangeTrades' });
export type ExchangeTradesJson = z.infer<typeof exchangeTrades>;

/** An order of an account in the embedded exchange's book. */
export const bookOrder = z
  .object({
    id: z.uuid().meta({ description: 'The exchange’s id of the order' }),
    accountNumber: z.string().nullable(),
    side,
    type: z.enum(['market', 'limit', 'stop', 'stop_limit', 'trailing_stop']),
    quantity: decimalText.meta({ description: 'What is still to be filled' }),
    limit: decimalText.nullable(),
    stop: decimalText.nullable(),
  })
  .meta({ id: 'BookOrder' });
export type BookOrderJson = z.infer<typeof bookOrder>;

const bookLevel = z
  .object({
    price: decimalText,
    quantity: decimalText.nullable().meta({ description: 'All that is there at this price; null: without end' }),
    market: z.boolean().meta({ description: 'Whether the simulated market’s own quote is part of it' }),
    orders: z.array(bookOrder).meta({ description: 'Those of accounts, in the order in which they would be filled' }),
  })
  .meta({ id: 'BookLevel' });
export type BookLevelJson = z.infer<typeof bookLevel>;

/** The order book of a symbol at the embedded exchange. */
export const exchangeBook = z
  .object({
    symbol: z.string(),
    at: moment,
    phase: z.enum(['pre', 'regular', 'after', 'overnight', 'closed']).meta({ description: 'Of New York’s day' }),
    open: z.boolean().meta({ description: 'Whether it trades now' }),
    halted: z.boolean(),
    tradable: z.boolean().meta({ description: 'Whether new orders are taken' }),
    last: decimalText.nullable().meta({ description: 'The price of the last trade' }),
    bids: z.array(bookLevel).meta({ description: 'The best first' }),
    asks: z.array(bookLevel).meta({ description: 'The best first' }),
    waiting: z.array(bookOrder).meta({
      description: 'Orders that are not in the book: they wait for a price, for their hours or for their entry',
    }),
  })
  .meta({ id: 'ExchangeBook' });
export type ExchangeBookJson = z.infer<typeof exchangeBook>;

/** The terms that a trade is to have; what is left out stays. */
export const tradeTerms = z
  .object({ quantity: positiveText.optional(), price: positiveText.optional() })
  .strict()
  .refine((terms) => terms.quantity !== undefined || terms.price !== undefined, {
    error: 'expected a quantity, a price or both',
    path: ['price'],
  })
  .meta({ id: 'TradeTerms' });
export type TradeTermsJson = z.infer<typeof tradeTerms>;
