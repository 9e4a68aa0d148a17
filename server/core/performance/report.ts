// The figures of a period as they are shown: decimal text, and for each figure that the data do not settle, why.
import { type Big, type Money, money, rounding, text, toCents, zeroMoney } from '../decimal.ts';
import type { AccountCloses } from '../ports/performance-books.ts';
import { toAmount } from '../risk-figures/amounts.ts';
import { dateOf, dayOf, isWeekend } from '../risk-figures/close-series.ts';
import { drawdowns } from '../risk-figures/drawdown.ts';
import { dateIn, marketZone } from '../zoned-day.ts';
import { type DailyReturnSeries, type DayClose, dailyReturns, totalReturn } from './day-close.ts';
import { monthlyReturns } from './monthly.ts';
import {
  calendarDays,
  calmarRatio,
  datedDrawdown,
  fewestDaysForAYear,
  fewestReturns,
  sharpeRatio,
  sortinoRatio,
  underWater,
  yearlyGrowth,
  yearlyVolatility,
} from './ratios.ts';
import type { Trade } from './trade-figures.ts';

/** Why a figure is not shown. */
export const missingReasons = ['one_strategy', 'worthless', 'few_returns', 'few_days', 'constant', 'no_loss'] as const;
export type MissingReason = (typeof missingReasons)[number];

/** A figure, or why there is none; `has` and `needs` count what there is too little of. */
export interface Figure {
  readonly value: string | null;
  readonly missing: { readonly why: MissingReason; readonly has: number; readonly needs: number } | null;
}

export interface CurvePoint {
  readonly day: string;
  readonly value: string;
  /** Of equity a fraction of the highest before, of profit money below it. */
  readonly drawdown: string;
}

/** What equity says of a period. */
export interface EquityReport {
  readonly curve: readonly CurvePoint[];
  /** Null: nothing was recorded. `profit` is what was earned, payments left out. */
  readonly equity: {
    readonly first: string;
    readonly last: string;
    readonly paidIn: string;
    readonly profit: string;
  } | null;
  readonly figures: Readonly<Record<ReturnFigure, Figure>>;
  readonly drawdown: {
    readonly fraction: string;
    readonly peakDay: string;
    readonly troughDay: string;
    readonly recoveredDay: string | null;
    readonly days: number;
  } | null;
  readonly underWater: { readonly longestDays: number; readonly currentDays: number; readonly share: string } | null;
  readonly months: readonly { readonly year: number; readonly month: number; readonly value: string }[];
  readonly years: readonly { readonly year: number; readonly value: string }[];
}

export const returnFigures = ['total', 'yearly', 'volatility', 'sharpe', 'sortino', 'calmar'] as const;
export type ReturnFigure = (typeof returnFigures)[number];

/** A ratio as text: six places are more than it is worth. */
export const ratioText = (value: number | Big): string =>
  text((typeof value === 'number' ? toAmount(value) : value).round(6, rounding.halfEven));
export const centsText = (value: Money | null): string | null => value && text(toCents(value));

/**
 * An account's recorded closes as those of its days. Where nothing was recorded before, what it was first worth stands for the close of the
 * weekday before, so that its first day has a return.
 */
export function dayCloses({ before, closes, payments }: AccountCloses): DayClose[] {
  if (before === null) return [];
  const known = closes.some(({ day, at }) => day <= before.day && at > before.at);
  let day = dayOf(before.day);
  if (known)
    do day--;
    while (isWeekend(day));
  let [since, paid] = [before.at, 0];
  const found: DayClose[] = [{ day: dateOf(day), equity: before.equity, paidIn: zeroMoney }];
  for (const close of closes) {
    if (close.at <= since) continue;
    let paidIn = zeroMoney;
    for (; paid < payments.length && payments[paid]!.at <= close.at; paid++)
      paidIn = money(paidIn.plus(payments[paid]!.amount));
    found.push({ day: close.day, equity: close.equity, paidIn });
    since = close.at;
  }
  return found;
}

const none = (why: MissingReason, has = 0, needs = 0): Figure => ({ value: null, missing: { why, has, needs } });
const figure = (value: number | Big | null, why: MissingReason): Figure =>
  value === null ? none(why) : { value: ratioText(value), missing: null };
const allOf = (of: Figure): Record<ReturnFigure, Figure> =>
  Object.fromEntries(returnFigures.map((key) => [key, of])) as Record<ReturnFigure, Figure>;

const nothing = { drawdown: null, underWater: null, months: [], years: [] } as const;

/** What the closes of a period say, the first of them from before it. */
export function equityReport(closes: readonly DayClose[]): EquityReport {
  const series = dailyReturns(closes);
  const curve = curveOf(closes, series);
  const equity = sumsOf(closes);
  if (series === null) {
    const worthless = closes.length >= 2 && closes.some((close) => close.equity.lte('0'));
    const why = worthless ? none('worthless') : none('few_returns', Math.max(closes.length - 1, 0), 1);
    return { ...nothing, curve, equity, figures: allOf(why) };
  }
  const deepest = datedDrawdown(series);
  const below = underWater(series);
  const { months, years } = monthlyReturns(series);
  return {
    ...{ curve, equity, figures: figuresOf(series) },
    drawdown: deepest && {
      fraction: ratioText(deepest.deepest.fraction),
      ...{ peakDay: deepest.peakDay, troughDay: deepest.troughDay },
      ...{ recoveredDay: deepest.recoveredDay, days: deepest.days },
    },
    underWater: { ...below, share: ratioText(below.share) },
    months: months.map((one) => ({ ...one, value: ratioText(one.value) })),
    years: years.map((one) => ({ ...one, value: ratioText(one.value) })),
  };
}

function figuresOf(series: DailyReturnSeries): Record<ReturnFigure, Figure> {
  const [has, days] = [series.returns.length, calendarDays(series)];
  const few = has < fewestReturns ? none('few_returns', has, fewestReturns) : null;
  const short = days < fewestDaysForAYear ? none('few_days', days, fewestDaysForAYear) : null;
  return {
    total: figure(totalReturn(series), 'few_returns'),
    yearly: short ?? figure(yearlyGrowth(series), 'few_days'),
    volatility: few ?? figure(yearlyVolatility(series), 'few_returns'),
    sharpe: few ?? figure(sharpeRatio(series), 'constant'),
    sortino: few ?? figure(sortinoRatio(series), 'no_loss'),
    calmar: short ?? figure(calmarRatio(series), 'no_loss'),
  };
}

/** Equity as it was, with the drawdown of the index, that no payment changes; of days that are left out of the returns, the one before. */
function curveOf(closes: readonly DayClose[], series: DailyReturnSeries | null): CurvePoint[] {
  const fractions = series ? drawdowns(series.index).map((one) => ratioText(one?.fraction ?? zeroMoney)) : [];
  const byDay = new Map(series?.closes.map(({ day }, i) => [day, fractions[i]!]));
  let drawdown = '0';
  return closes.map(({ day, equity }) => {
    drawdown = byDay.get(day) ?? drawdown;
    return { day, value: text(toCents(equity)), drawdown };
  });
}

function sumsOf(closes: readonly DayClose[]): EquityReport['equity'] {
  const [first, last] = [closes[0], closes.at(-1)];
  if (!first || !last) return null;
  const paidIn = closes.slice(1).reduce((sum, one) => money(sum.plus(one.paidIn)), zeroMoney);
  const profit = money(last.equity.minus(first.equity).minus(paidIn));
  return {
    ...{ first: text(toCents(first.equity)), last: text(toCents(last.equity)) },
    ...{ paidIn: text(toCents(paidIn)), profit: text(toCents(profit)) },
  };
}

/** Of one strategy: equity is the account's, so that all there is to draw is what its closed trades have earned, by the days of their close. */
export function profitReport(trades: readonly Trade[]): EquityReport {
  const byDay = new Map<string, Money>();
  for (const { closedAt, profit } of trades) {
    const day = dateIn(closedAt, marketZone);
    byDay.set(day, money((byDay.get(day) ?? zeroMoney).plus(profit)));
  }
  let [sum, highest] = [zeroMoney, zeroMoney];
  const curve = [...byDay.keys()].sort().map((day) => {
    sum = money(sum.plus(byDay.get(day)!));
    if (sum.gt(highest)) highest = sum;
    return { day, value: text(toCents(sum)), drawdown: text(toCents(highest.minus(sum))) };
  });
  return { ...nothing, curve, equity: null, figures: allOf(none('one_strategy')) };
}
