import type { FigureJson, PerformanceJson, TradeGroupJson } from '../api/contract.ts';
import { multiply, rounded } from '../format/decimal.ts';
import { change, none } from '../format/number.ts';

/** "+1.23 %": a return, which always says its direction. */
export const returnWords = (fraction: string | null | undefined): string =>
  fraction == null ? none : `${change(multiply(fraction, '100'))} %`;

/** "12.3 %": a part of something. */
export const partWords = (fraction: string | null | undefined): string =>
  fraction == null ? none : `${rounded(multiply(fraction, '100'), 1)} %`;

/** "1.42", with a minus that is one. */
export const ratioWords = (value: string | null | undefined): string =>
  value == null ? none : rounded(value, 2).replace('-', '\u2212');

/** Why a figure is not shown. */
export function missingWords({ why, has, needs }: NonNullable<FigureJson['missing']>): string {
  switch (why) {
    case 'one_strategy':
      return 'Equity is the account’s, not one strategy’s.';
    case 'worthless':
      return 'Equity was not above zero all the time: a share of it is not known.';
    case 'few_returns':
      return `Shown from ${needs} daily returns on; so far ${has}.`;
    case 'few_days':
      return `Shown from ${needs} calendar days on; so far ${has}.`;
    case 'constant':
      return 'Equity has not moved.';
    case 'no_loss':
      return 'No day has ended lower: there is nothing to divide by.';
  }
}

export type FigureKey =
  | keyof PerformanceJson['figures']
  | 'drawdown'
  | 'underWater'
  | 'exposure'
  | 'winRate'
  | 'profitFactor'
  | 'expectancy'
  | 'expectancyR'
  | 'payoff'
  | 'streaks'
  | 'extremes'
  | 'held';

/** What each figure is, for whoever sees it for the first time. */
export function figureName(key: FigureKey): string {
  switch (key) {
    case 'total':
      return 'Return of the period';
    case 'yearly':
      return 'Growth a year';
    case 'volatility':
      return 'Volatility a year';
    case 'sharpe':
      return 'Sharpe ratio';
    case 'sortino':
      return 'Sortino ratio';
    case 'calmar':
      return 'Calmar ratio';
    case 'drawdown':
      return 'Deepest drawdown';
    case 'underWater':
      return 'Time under water';
    case 'exposure':
      return 'Time with something held';
    case 'winRate':
      return 'Trades won';
    case 'profitFactor':
      return 'Profit factor';
    case 'expectancy':
      return 'Expectancy, USD a trade';
    case 'expectancyR':
      return 'Expectancy, R a trade';
    case 'payoff':
      return 'Average win over average loss';
    case 'streaks':
      return 'Longest streaks';
    case 'extremes':
      return 'Largest win and loss, USD';
    case 'held':
      return 'Held on average';
  }
}

export function figureMeaning(key: FigureKey): string {
  switch (key) {
    case 'total':
      return 'What 1 USD would have earned from the first close to the last. Money paid in or out is left out, so that a deposit is no profit.';
    case 'yearly':
      return 'The growth of one year that would come to the same over the period (CAGR).';
    case 'volatility':
      return 'How much daily returns move, as a standard deviation of a year. Twice as much is twice as rough a ride.';
    case 'sharpe':
      return 'Average return for each unit of movement, a year. About 1 is good, 2 is rare; risk-free interest is taken as nothing.';
    case 'sortino':
      return 'As Sharpe, but only movement downwards counts as risk.';
    case 'calmar':
      return 'Growth a year over the deepest drawdown: how much pain the growth has cost.';
    case 'drawdown':
      return 'The furthest that equity, by daily closes and without payments, fell below its highest point before.';
    case 'underWater':
      return 'The longest time from a highest close until it was reached again, and the part of all days that ended below one.';
    case 'exposure':
      return 'The part of the period, by the clock, in which anything was held.';
    case 'winRate':
      return 'Trades that earned something after fees, of all closed ones.';
    case 'profitFactor':
      return 'What the wins have earned over what the losses have cost. Below 1 money was lost.';
    case 'expectancy':
      return 'What a closed trade has earned on average, after fees.';
    case 'expectancyR':
      return 'The same in multiples of what each trade had at risk up to its stop: 0.2 R earned a fifth of the risk.';
    case 'payoff':
      return 'How much larger a win is than a loss. With fewer wins than losses it must be above 1 to earn anything.';
    case 'streaks':
      return 'The most wins and the most losses in a row, by the time of their close, and the run that goes on now.';
    case 'extremes':
      return 'The best and the worst single trade: where one of them is most of the result, there is no edge in the rest.';
    case 'held':
      return 'From the first fill to the last, on average over closed trades.';
  }
}

/** "10:00 to 10:59" of "10", "Monday" of "Mon"; strategies and symbols as they are. */
export function groupName(by: keyof PerformanceJson['groups'], { key }: TradeGroupJson): string {
  if (by === 'hour') return `${key.padStart(2, '0')}:00 to ${key.padStart(2, '0')}:59`;
  return by === 'weekday' ? weekdayName(key) : key;
}

function weekdayName(key: string): string {
  switch (key) {
    case 'Mon':
      return 'Monday';
    case 'Tue':
      return 'Tuesday';
    case 'Wed':
      return 'Wednesday';
    case 'Thu':
      return 'Thursday';
    case 'Fri':
      return 'Friday';
    case 'Sat':
      return 'Saturday';
    default:
      return 'Sunday';
  }
}

export function groupingName(by: keyof PerformanceJson['groups']): string {
  switch (by) {
    case 'strategy':
      return 'Strategy';
    case 'symbol':
      return 'Symbol';
    case 'hour':
      return 'Hour of opening, New York';
    case 'weekday':
      return 'Weekday of opening, New York';
  }
}

/** The same in the head of a table whose title says the rest. */
export function groupingHead(by: keyof PerformanceJson['groups']): string {
  if (by === 'hour') return 'Hour';
  return by === 'weekday' ? 'Weekday' : groupingName(by);
}

/** The name of a month, from 1. */
export const monthName = (month: number): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, month - 1, 1));

/** "20 Nov 2026" of "2026-11-20". */
export const dayWords = (day: string): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
