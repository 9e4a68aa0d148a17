import { z } from 'zod';
import { missingReasons, returnFigures } from '../core/performance/report.ts';
import { decimalText, id, mode, moment, plainText, side } from './primitives.ts';

const fraction = decimalText.meta({ description: 'A fraction as decimal text: 0.2 is 20 %', example: '0.2' });
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'expected a day, such as 2026-11-20', abort: true })
  .refine((text) => !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text), {
    error: 'expected a day that exists, such as 2026-11-20',
  });

/** What performance is asked of. Paper and production are never added up. */
export const performanceQuery = z.object({
  mode: mode
    .optional()
    .meta({ description: 'All accounts of it; left out: that of the account, or of the master switch' }),
  account: id.optional(),
  strategy: plainText(64).optional(),
  from: day.optional().meta({ description: 'A day in New York; left out: a year before `to`' }),
  to: day.optional().meta({ description: 'The last day; left out: today' }),
});
export type PerformanceQuery = z.infer<typeof performanceQuery>;

export const figure = z
  .object({
    value: decimalText.nullable(),
    missing: z
      .object({
        why: z.enum(missingReasons).meta({
          description:
            '`one_strategy`: equity is the account’s; `worthless`: equity was not above zero; `constant`: nothing moved; `no_loss`: there is nothing to divide by',
        }),
        has: z.number().int(),
        needs: z.number().int(),
      })
      .nullable(),
  })
  .meta({ id: 'PerformanceFigure' });
export type FigureJson = z.infer<typeof figure>;

export const tradeFigures = z
  .object({
    trades: z.number().int(),
    wins: z.number().int(),
    losses: z.number().int(),
    profit: decimalText.meta({ description: 'After fees' }),
    won: decimalText,
    lost: decimalText.meta({ description: 'Without sign' }),
    winRate: fraction.nullable(),
    averageWin: decimalText.nullable(),
    averageLoss: decimalText.nullable().meta({ description: 'Without sign' }),
    payoffRatio: decimalText.nullable(),
    profitFactor: decimalText.nullable().meta({ description: 'Null: no trade has lost' }),
    expectancy: decimalText.nullable(),
    expectancyR: decimalText.nullable().meta({ description: 'In multiples of what was at risk' }),
    withRisk: z.number().int().meta({ description: 'Trades with a known risk' }),
    largestWin: decimalText.nullable(),
    largestLoss: decimalText.nullable().meta({ description: 'Without sign' }),
    longestWins: z.number().int(),
    longestLosses: z.number().int(),
    current: z.object({ kind: z.enum(['wins', 'losses', 'none']), length: z.number().int() }),
    heldMs: z.number().nullable().meta({ description: 'Mean time from the opening to the close' }),
  })
  .meta({ id: 'TradeFigures' });
export type TradeFiguresJson = z.infer<typeof tradeFigures>;

export const tradeGroup = z.object({ key: z.string(), figures: tradeFigures }).meta({ id: 'TradeGroup' });
export type TradeGroupJson = z.infer<typeof tradeGroup>;

export const listedTrade = z
  .object({
    accountId: id,
    signalId: id.nullable(),
    strategy: z.string(),
    symbol: z.string(),
    side,
    quantity: decimalText,
    profit: decimalText,
    risk: decimalText.nullable().meta({ description: 'What would have been lost at its stop; null: not known' }),
    openedAt: moment,
    closedAt: moment,
  })
  .meta({ id: 'ListedTrade' });
export type ListedTradeJson = z.infer<typeof listedTrade>;

/** The figures of a period. */
export const performance = z
  .object({
    at: moment,
    from: day,
    to: day,
    mode,
    accountId: id.nullable().meta({ description: 'Null: all accounts of the mode' }),
    strategy: z.string().nullable(),
    accounts: z.array(z.object({ id, name: z.string(), mode })).meta({ description: 'That can be chosen' }),
    strategies: z.array(z.string()).meta({ description: 'That have traded in them' }),
    curveOf: z
      .enum(['equity', 'profit'])
      .meta({ description: '`profit`: of one strategy, what its closed trades earned' }),
    curve: z.array(
      z.object({
        day,
        value: decimalText,
        drawdown: decimalText.meta({ description: 'Of equity a fraction of its highest, of profit money' }),
      }),
    ),
    equity: z.object({ first: decimalText, last: decimalText, paidIn: decimalText, profit: decimalText }).nullable(),
    figures: z.object(
      Object.fromEntries(returnFigures.map((key) => [key, figure])) as Record<
        (typeof returnFigures)[number],
        typeof figure
      >,
    ),
    drawdown: z
      .object({ fraction, peakDay: day, troughDay: day, recoveredDay: day.nullable(), days: z.number().int() })
      .nullable()
      .meta({ description: 'The deepest; null: none, or not known' }),
    underWater: z.object({ longestDays: z.number().int(), currentDays: z.number().int(), share: fraction }).nullable(),
    months: z.array(z.object({ year: z.number().int(), month: z.number().int(), value: fraction })),
    years: z.array(z.object({ year: z.number().int(), value: fraction })),
    trades: tradeFigures,
    exposure: fraction.nullable().meta({ description: 'The part of the period in which anything was held' }),
    bins: z.array(z.object({ from: decimalText, to: decimalText, count: z.number().int() })),
    groups: z.object({
      strategy: z.array(tradeGroup),
      symbol: z.array(tradeGroup),
      hour: z.array(tradeGroup),
      weekday: z.array(tradeGroup),
    }),
    newest: z.array(listedTrade).meta({ description: 'The trades that closed last' }),
    leftOut: z.boolean().meta({ description: 'Whether there are more trades than are counted' }),
  })
  .meta({ id: 'Performance' });
export type PerformanceJson = z.infer<typeof performance>;
