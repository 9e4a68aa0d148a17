// Figures of returns and trades against numpy's (golden/performance.py), and what they say where the data settle nothing.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Money, money, quantity, text, zeroMoney } from '../decimal.ts';
import type { Side } from '../model/signal.ts';
import { fromAmount } from '../risk-figures/amounts.ts';
import { expectAllNear, expectNear } from '../risk-figures/testing/golden.ts';
import { type DayClose, dailyReturns, totalReturn } from './day-close.ts';
import { resultBins } from './distribution.ts';
import { exposureTime } from './exposure-time.ts';
import { type Grouping, groupings, groupTrades } from './groups.ts';
import { monthlyReturns } from './monthly.ts';
import {
  calmarRatio,
  datedDrawdown,
  sharpeRatio,
  sortinoRatio,
  underWater,
  yearlyGrowth,
  yearlyVolatility,
} from './ratios.ts';
import { type Trade, tradeFigures } from './trade-figures.ts';

interface GoldenReturns {
  readonly closes: readonly (readonly [string, string, string])[];
  readonly days: readonly string[];
  readonly returns: readonly number[];
  readonly index: readonly number[];
  readonly periods: number;
  readonly total: number;
  readonly volatility: number;
  readonly sharpe: number;
  readonly sortino: number;
  readonly growth: number;
  readonly calmar: number;
  readonly drawdown: { fraction: number; peakDay: string; troughDay: string; recoveredDay: string | null };
  readonly underWater: { longestDays: number; currentDays: number; share: number };
  readonly months: Readonly<Record<string, number>>;
  readonly years: Readonly<Record<string, number>>;
}
interface GoldenTrade {
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly openedAt: string;
  readonly closedAt: string;
  readonly quantity: string;
  readonly profit: string;
  readonly risk: string | null;
}
interface Golden {
  readonly stocks: GoldenReturns;
  readonly coins: GoldenReturns;
  readonly trades: readonly GoldenTrade[];
  readonly figures: Readonly<Record<string, number>> & { readonly current: { kind: string; length: number } };
  readonly groups: Readonly<Record<Grouping, Readonly<Record<string, { trades: number; profit: number }>>>>;
  readonly bins: { readonly width: number; readonly from: readonly number[]; readonly counts: readonly number[] };
  readonly exposure: number;
}

const golden = JSON.parse(
  readFileSync(new URL('./golden/performance.golden.json', import.meta.url), 'utf8'),
) as unknown as Golden;
const closesOf = (rows: GoldenReturns['closes']): DayClose[] =>
  rows.map(([day, equity, paidIn]) => ({ day, equity: money(equity), paidIn: money(paidIn) }));
const trades: readonly Trade[] = golden.trades.map((one) => ({
  ...one,
  openedAt: new Date(one.openedAt),
  closedAt: new Date(one.closedAt),
  quantity: quantity(one.quantity),
  profit: money(one.profit),
  risk: one.risk === null ? null : money(one.risk),
}));
const close = (day: string, equity: string, paidIn = '0'): DayClose => ({
  day,
  equity: money(equity),
  paidIn: money(paidIn),
});
const number = (value: Money | null): number | null => value && fromAmount(value);

describe.each(['stocks', 'coins'] as const)('returns of an account with %s', (kind) => {
  const expected = golden[kind];
  const series = dailyReturns(closesOf(expected.closes))!;

  it('are those of numpy, payments left out', () => {
    expect(series.days).toEqual(expected.days);
    expectAllNear(series.returns, expected.returns);
    expectAllNear(series.index.map(fromAmount), expected.index);
    expect(series.periods).toBe(expected.periods);
    expectNear(fromAmount(totalReturn(series)), expected.total);
  });

  it('have the ratios of numpy', () => {
    expectNear(yearlyVolatility(series), expected.volatility);
    expectNear(sharpeRatio(series), expected.sharpe);
    expectNear(sortinoRatio(series), expected.sortino);
    expectNear(yearlyGrowth(series), expected.growth);
    expectNear(calmarRatio(series), expected.calmar);
  });

  it('have its deepest drawdown with its days, and the time below the highest close', () => {
    const { deepest, peakDay, troughDay, recoveredDay } = datedDrawdown(series)!;
    const { fraction, ...days } = expected.drawdown;
    expectNear(fromAmount(deepest.fraction), fraction);
    expect({ peakDay, troughDay, recoveredDay }).toEqual(days);
    const { share, ...spans } = underWater(series);
    expect(spans).toEqual({
      longestDays: expected.underWater.longestDays,
      currentDays: expected.underWater.currentDays,
    });
    expectNear(share, expected.underWater.share);
  });

  it('are linked into months and years', () => {
    const { months, years } = monthlyReturns(series);
    const keys = months.map(({ year, month }) => `${year}-${String(month).padStart(2, '0')}`);
    expect(keys).toEqual(Object.keys(expected.months));
    expectAllNear(
      months.map(({ value }) => value),
      Object.values(expected.months),
    );
    expect(years.map(({ year }) => String(year))).toEqual(Object.keys(expected.years));
    expectAllNear(
      years.map(({ value }) => value),
      Object.values(expected.years),
    );
  });
});

describe('returns that settle nothing', () => {
  it('are none of one close, and of an account that was worth nothing', () => {
    expect(dailyReturns([])).toBeNull();
    expect(dailyReturns([close('2026-11-20', '100')])).toBeNull();
    expect(dailyReturns([close('2026-11-19', '100'), close('2026-11-20', '0')])).toBeNull();
  });
  it('have no ratio where nothing varies or nothing is lost', () => {
    const flat = dailyReturns(['2026-11-16', '2026-11-17', '2026-11-18'].map((day) => close(day, '100')))!;
    expect(sharpeRatio(flat)).toBeNull();
    expect(sortinoRatio(flat)).toBeNull();
    expect(calmarRatio(flat)).toBeNull();
    expect(datedDrawdown(flat)).toBeNull();
    expect(underWater(flat)).toEqual({ longestDays: 0, currentDays: 0, share: 0 });
  });
  it('take a payment for no profit, on a weekend too', () => {
    const series = dailyReturns([
      close('2026-11-20', '1000'),
      close('2026-11-21', '1500', '500'),
      close('2026-11-23', '1510'),
    ])!;
    expect(series.periods).toBe(252);
    expect([...series.returns]).toEqual([0.01]);
  });
  it('count weekends of an account that moves on them', () => {
    const series = dailyReturns([close('2026-11-20', '1000'), close('2026-11-21', '990'), close('2026-11-23', '990')])!;
    expect(series.periods).toBe(365);
    expect([...series.returns]).toEqual([-0.01, 0]);
  });
});

describe('trades', () => {
  it('come to what numpy says', () => {
    const figures = tradeFigures(trades);
    expect(figures.current).toEqual(golden.figures.current);
    for (const [name, expected] of Object.entries(golden.figures)) {
      if (name === 'current') continue;
      const actual = figures[name as Exclude<keyof typeof figures, 'current'>];
      expectNear(actual !== null && typeof actual === 'object' ? number(actual as Money) : actual, expected as number);
    }
  });
  it.each(groupings)('are told apart by %s', (by) => {
    const found = groupTrades(trades, by);
    const expected = golden.groups[by];
    expect(found.map(({ key }) => key).sort()).toEqual(Object.keys(expected).sort());
    for (const { key, figures } of found) {
      expect(figures.trades).toBe(expected[key]!.trades);
      expectNear(fromAmount(figures.profit), expected[key]!.profit);
    }
  });
  it('are ordered by hour, by weekday and by profit', () => {
    const hours = groupTrades(trades, 'hour').map(({ key }) => Number(key));
    expect(hours).toEqual([...hours].sort((a, b) => a - b));
    expect(groupTrades(trades, 'weekday').map(({ key }) => key)[0]).toBe('Mon');
    const profits = groupTrades(trades, 'symbol').map(({ figures }) => fromAmount(figures.profit));
    expect(profits).toEqual([...profits].sort((a, b) => b - a));
  });
  it('are none: every average is not known, and nothing is divided by zero', () => {
    const figures = tradeFigures([]);
    expect(figures).toMatchObject({
      ...{ trades: 0, profit: zeroMoney, winRate: null, profitFactor: null, expectancy: null, expectancyR: null },
      ...{ averageWin: null, payoffRatio: null, heldMs: null, current: { kind: 'none', length: 0 } },
    });
  });
  it('without a loss have no profit factor, and what earned nothing ends no streak', () => {
    const [first] = trades;
    const made = (profit: string, minute: number): Trade => ({
      ...first!,
      profit: money(profit),
      closedAt: new Date(Date.UTC(2026, 10, 20, 15, minute)),
    });
    const figures = tradeFigures([made('5', 3), made('0', 2), made('4', 1)]);
    expect(figures.profitFactor).toBeNull();
    expect(figures.current).toEqual({ kind: 'wins', length: 2 });
    expect(text(figures.expectancy!)).toBe('3');
  });
});

describe('the spread of results', () => {
  it('is that of numpy, in bins that end at zero', () => {
    const bins = resultBins(trades.map(({ profit }) => profit));
    expect(bins.map(({ count }) => count)).toEqual(golden.bins.counts);
    expectAllNear(
      bins.map(({ from }) => fromAmount(from)),
      golden.bins.from,
    );
    expect(bins.every(({ from, to }) => !(from.lt('0') && to.gt('0')))).toBe(true);
  });
  it('of one result is one bin, of a wide spread no more than forty, and each result is in one', () => {
    expect(resultBins([])).toEqual([]);
    expect(resultBins([money('7')]).map(({ count }) => count)).toEqual([1]);
    const wide = ['0.01', '0.02', '0.03', '0.04', '1000000', '-250000'].map((one) => money(one));
    const bins = resultBins(wide);
    expect(bins.length).toBeLessThanOrEqual(40);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(wide.length);
  });
});

describe('the time something was held', () => {
  it('is that of numpy, overlapping trades once', () => {
    const period = { from: trades[0]!.openedAt, until: trades.at(-1)!.openedAt };
    const spans = trades.map(({ openedAt, closedAt }) => ({ from: openedAt, until: closedAt }));
    expectNear(exposureTime(spans, period), golden.exposure);
    expect(exposureTime([], period)).toBe(0);
    expect(exposureTime(spans, { from: period.until, until: period.from })).toBe(0);
  });
});
