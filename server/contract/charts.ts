import { z } from 'zod';
import { timeframes } from '../core/model/timeframe.ts';
import { decimalText, moment, orNull } from './primitives.ts';
import { quote } from './socket.ts';

export const timeframe = z.enum(timeframes);

export const chartBar = z
  .object({
    at: moment.meta({ description: 'Where it begins' }),
    open: decimalText,
    high: decimalText,
    low: decimalText,
    close: decimalText,
    volume: decimalText,
  })
  .meta({ id: 'ChartBar' });
export type ChartBarJson = z.infer<typeof chartBar>;

/** An indicator that charts can show. Its codes have their words on the page. */
export const indicator = z
  .object({
    key: z.string().meta({ example: 'bollinger' }),
    place: z.enum(['overlay', 'pane']).meta({ description: 'Over the prices, or in a pane of its own' }),
    parameters: z
      .array(
        z.object({
          name: z.string(),
          default: z.number(),
          min: z.number(),
          max: z.number(),
          whole: z.boolean().meta({ description: 'Whether it counts bars; else it has up to two decimals' }),
        }),
      )
      .meta({ description: 'In the order in which they are written: bollinger:20:2' }),
    lines: z.array(z.object({ name: z.string(), kind: z.enum(['line', 'histogram']) })),
    levels: z.array(z.number()).meta({ description: 'Heights that mean something: 30 and 70' }),
  })
  .meta({ id: 'Indicator' });
export type IndicatorJson = z.infer<typeof indicator>;

const computed = z
  .object({
    name: z.string().meta({ description: 'As it was asked for, with every parameter', example: 'bollinger:20:2' }),
    key: z.string(),
    values: z
      .array(z.array(z.number().nullable()))
      .meta({ description: 'A list for each line, a value for each bar; for drawing: nothing is traded on them' }),
  })
  .meta({ id: 'ComputedIndicator' });
export type ComputedIndicatorJson = z.infer<typeof computed>;

/** Bars of a symbol, oldest first. */
export const bars = z
  .object({
    symbol: z.string(),
    timeframe,
    items: z.array(chartBar),
    older: orNull(moment).meta({ description: 'What to send as `to` for the page before; null: there are none' }),
    feed: z.enum(['embedded', 'iex', 'sip', 'crypto']).meta({
      description: '`iex` is one exchange’s part of what is traded, `sip` is all of it, a quarter of an hour late',
    }),
    delaySeconds: z.number().int().meta({ description: 'By how much the feed is late by its nature' }),
    account: z.string().meta({ description: 'Through whose market it was asked' }),
    readAt: moment,
    quote: orNull(quote).meta({ description: 'The newest; null: nobody quotes it' }),
    indicators: z.array(computed),
  })
  .meta({ id: 'Bars' });
export type BarsJson = z.infer<typeof bars>;
