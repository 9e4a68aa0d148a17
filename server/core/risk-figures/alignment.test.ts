import { describe, expect, it } from 'vitest';
import { price } from '../decimal.ts';
import { commonReturns, pairOfReturns } from './alignment.ts';
import { type CloseSeries, closeSeries, dateOf, dayOf, isWeekend } from './close-series.ts';
import { column } from './return-table.ts';
import { expectAllNear, golden, goldenSeries, goldenTable } from './testing/golden.ts';

const first = dayOf('2026-01-01');
/** Closes of 1, 2, 3 ... on the chosen days among `count` from 2026-01-01, a Thursday. */
function series(symbol: string, count: number, on: (day: number) => boolean = () => true): CloseSeries {
  const days = Array.from({ length: count }, (_, n) => first + n).filter(on);
  return closeSeries(
    symbol,
    days.map((day) => ({ date: dateOf(day), close: price(String(day - first + 1)) })),
  );
}
const weekday = (day: number) => !isWeekend(day);

describe('a stock beside a coin', () => {
  it('has one return from Friday to Monday, and so has the coin', () => {
    const { table } = commonReturns([series('COIN', 6), series('STOCK', 6, weekday)], { days: 3, atLeast: 2 });
    expect(table!.dates).toEqual(['2026-01-02', '2026-01-05', '2026-01-06']);
    expect([...column(table!, 0)]).toEqual([2 / 1 - 1, 5 / 2 - 1, 6 / 5 - 1]);
    expect(column(table!, 0)).toEqual(column(table!, 1));
    expect(pairOfReturns(series('COIN', 6), series('STOCK', 6, weekday))!.a).toEqual(column(table!, 0));
  });
  it('leaves weekends to coins among themselves', () => {
    expect(commonReturns([series('A', 6), series('B', 6)], { days: 9, atLeast: 2 }).table!.rows).toBe(5);
  });
});

describe('common days', () => {
  it('are those of numpy', () => {
    const table = goldenTable();
    expect(table.dates).toEqual(golden.table.dates);
    expect(table.symbols).toEqual(golden.table.symbols);
    golden.table.returns.forEach((returns, i) => {
      expectAllNear(column(table, i), returns, 1e-15);
    });
  });
  it('are the newest of those asked for', () => {
    expect(commonReturns([series('A', 10)], { days: 2, atLeast: 1 }).table!.dates).toEqual([
      '2026-01-09',
      '2026-01-10',
    ]);
  });
  it('leave out a young listing that would cut the history of all, and say so', () => {
    const all = [series('YOUNG', 40, (day) => day >= first + 35), series('A', 40), series('B', 40)];
    const { table, excluded } = commonReturns(all, { days: 30, atLeast: 20 });
    expect(table!.symbols).toEqual(['A', 'B']);
    expect(table!.rows).toBe(30);
    expect(excluded).toEqual([{ symbol: 'YOUNG', reason: 'short', closes: 5 }]);
  });
  it('leave out what is no longer traded, and not the stocks for having no weekends', () => {
    const gone = series('GONE', 30);
    const stocks = ['A', 'B'].map((symbol) => series(symbol, 120, weekday));
    const found = commonReturns([gone, series('COIN', 120), ...stocks], { days: 60, atLeast: 40 });
    expect(found.table!.symbols).toEqual(['COIN', 'A', 'B']);
    expect(found.excluded).toEqual([{ symbol: 'GONE', reason: 'short', closes: 30 }]);
  });
  it('leave out a young coin rather than stocks, though it has more closes than they in the same weeks', () => {
    const stocks = ['A', 'B'].map((symbol) => series(symbol, 120, weekday));
    const young = series('YOUNG', 120, (day) => day >= first + 70);
    const found = commonReturns([young, ...stocks], { days: 60, atLeast: 40 });
    expect(found.table!.symbols).toEqual(['A', 'B']);
    expect(found.excluded).toEqual([{ symbol: 'YOUNG', reason: 'short', closes: 50 }]);
  });
  it('leave out what has many closes, but old ones', () => {
    const newer = ['A', 'B'].map((symbol) => series(symbol, 200, (day) => weekday(day) && day >= first + 100));
    const found = commonReturns([series('OLD', 140, weekday), ...newer], { days: 60, atLeast: 40 });
    expect(found.table!.symbols).toEqual(['A', 'B']);
  });
  it('leave out a series that stopped, where it would make all of them old', () => {
    const stopped = series('STOPPED', 35);
    const all = [stopped, series('A', 40)];
    expect(commonReturns(all, { days: 20, atLeast: 20 }).table!.dates.at(-1)).toBe('2026-02-04');
    const { table, excluded } = commonReturns(all, { days: 20, atLeast: 20, notOlderThan: '2026-02-09' });
    expect(table!.dates.at(-1)).toBe('2026-02-09');
    expect(excluded).toEqual([{ symbol: 'STOPPED', reason: 'stale', closes: 35 }]);
  });
  it('need exactly as many returns as are asked for', () => {
    expect(commonReturns([series('A', 6)], { days: 5, atLeast: 5 }).table!.rows).toBe(5);
    const short = commonReturns([series('A', 5)], { days: 5, atLeast: 5 });
    expect(short).toEqual({ table: null, excluded: [{ symbol: 'A', reason: 'short', closes: 5 }] });
  });
  it('of nothing are none', () => {
    expect(commonReturns([], { days: 5, atLeast: 2 })).toEqual({ table: null, excluded: [] });
    const empty = commonReturns([series('A', 0)], { days: 5, atLeast: 2 });
    expect(empty).toEqual({ table: null, excluded: [{ symbol: 'A', reason: 'stale', closes: 0 }] });
  });
  it('are refused for what cannot be meant', () => {
    expect(() => commonReturns([series('A', 5), series('A', 5)], { days: 3, atLeast: 2 })).toThrow(/twice/);
    expect(() => commonReturns([], { days: 2, atLeast: 3 })).toThrow(RangeError);
    expect(() => commonReturns([], { days: 2.5, atLeast: 1 })).toThrow(RangeError);
    expect(() => pairOfReturns(series('A', 5), series('B', 5), 0)).toThrow(RangeError);
  });
});

describe('a pair', () => {
  it('takes the newest days both have', () => {
    const pair = pairOfReturns(goldenSeries('LATE'), goldenSeries('ETH/USD'), 60)!;
    expect(pair.a).toHaveLength(60);
    expect(pair.b).toHaveLength(60);
    const whole = pairOfReturns(goldenSeries('LATE'), goldenSeries('ETH/USD'))!;
    expect(pair.a).toEqual(whole.a.slice(-60));
    expect(whole.a).toHaveLength(goldenSeries('LATE').days.length - 1);
  });
  it('without two days in common has no returns', () => {
    const odd = series('ODD', 10, (day) => day % 2 === 1);
    const even = series('EVEN', 10, (day) => day % 2 === 0);
    expect(pairOfReturns(odd, even)).toBeNull();
    expect(pairOfReturns(series('A', 1), series('B', 9))).toBeNull();
    expect(pairOfReturns(series('A', 0), series('B', 9))).toBeNull();
  });
});
