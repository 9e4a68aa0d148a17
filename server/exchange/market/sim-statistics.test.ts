// What the simulated prices promise, measured on twenty years of days and weeks of minutes of fixed seeds. Each bound is several standard
// errors wide of what was promised, and far from what a plain random walk, independent symbols or an even day would measure.
import { describe, expect, it } from 'vitest';
import { civilDay, newYork } from '../calendar/civil-day.ts';
import { createSessions } from '../calendar/sessions.ts';
import { isTradingDay } from '../calendar/us-equities.ts';
import type { Bar } from './bars.ts';
import { cryptoPairs, instruments as stocks } from './instruments.ts';
import { ticksPerDollar } from './market.ts';
import { volatilityOf } from './price-path.ts';
import { SimMarket } from './sim.ts';

const instruments = [...stocks, ...cryptoPairs];
const market = new SimMarket({ instruments, sessions: createSessions(), seed: 2026, pace: 1 });
const now = new Date('2026-11-20T21:00:00Z');

const daysOf = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i).filter((day) => isTradingDay(day));
const daily = (symbol: string, days: readonly number[]): Bar[] =>
  days.map((day) => market.history.dayBar(symbol, day, now)!);
/** The regular session's minutes. */
const session = (symbol: string, day: number): Bar[] => {
  const bars = market.history.minuteBars(symbol, day, now);
  const open = bars.findIndex(({ at }) => at.getTime() === createSessions().tradingDay(day)!.open);
  return bars.slice(open, open + 390);
};
const returnsOf = (bars: readonly Bar[]): number[] =>
  bars.slice(1).map((bar, i) => Math.log(bar.close / bars[i]!.close));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const covariance = (a: readonly number[], b: readonly number[]): number => {
  const [meanA, meanB] = [mean(a), mean(b)];
  return mean(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
};
const correlation = (a: readonly number[], b: readonly number[]): number =>
  covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));

const years = daysOf(civilDay(2006, 1, 1), civilDay(2026, 1, 1));
const weeks = daysOf(civilDay(2026, 9, 9), civilDay(2026, 11, 20));
const chosen = ['AAPL', 'MSFT', 'JPM', 'BAC', 'XOM', 'KO', 'JNJ', 'CAT', 'SPY', 'F'];
const closes = new Map(chosen.map((symbol) => [symbol, daily(symbol, years)]));

describe('from day to day', () => {
  it('prices come back: what is left of a distance from the anchor halves in about three weeks', () => {
    // A day is drawn back by 0.033, weekends too: a half-life of 20.7 calendar days, which are 14.2 trading days.
    const halfLives = chosen.map((symbol) => {
      const anchor = instruments.find((one) => one.symbol === symbol)!.anchor * ticksPerDollar;
      const level = closes.get(symbol)!.map(({ close }) => Math.log(close / anchor));
      // Over five days, so that the noise of closes is small beside the drawing.
      const rho = correlation(level.slice(0, -5), level.slice(5));
      return (5 * Math.log(0.5)) / Math.log(rho);
    });
    const middle = [...halfLives].sort((a, b) => a - b)[5]!;
    expect(middle).toBeGreaterThan(11);
    expect(middle).toBeLessThan(18);
    for (const halfLife of halfLives) expect(halfLife).toBeLessThan(25);
  });

  it('prices stay around their anchors', () => {
    for (const symbol of chosen) {
      const instrument = instruments.find((one) => one.symbol === symbol)!;
      const levels = closes.get(symbol)!.map(({ close }) => Math.log(close / ticksPerDollar / instrument.anchor));
      // The deviation of such a walk is its day's over the root of twice the pull.
      const expected = volatilityOf(instrument) / Math.sqrt(2 * 0.033);
      expect(Math.sqrt(covariance(levels, levels)) / expected).toBeGreaterThan(0.75);
      expect(Math.sqrt(covariance(levels, levels)) / expected).toBeLessThan(1.15);
      expect(Math.abs(mean(levels))).toBeLessThan(expected / 3);
    }
  });

  it.each(chosen)('%s is as volatile as its sector', (symbol) => {
    const returns = returnsOf(closes.get(symbol)!);
    const deviation = Math.sqrt(covariance(returns, returns));
    const ratio = deviation / volatilityOf(instruments.find((one) => one.symbol === symbol)!);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.2);
  });

  it.each([
    ['AAPL', 'MSFT', 0.55],
    ['JPM', 'BAC', 0.55],
    ['AAPL', 'JPM', 0.3],
    ['XOM', 'KO', 0.3],
    ['JNJ', 'CAT', 0.3],
  ])('%s and %s move together by %d', (one, other, expected) => {
    const found = correlation(returnsOf(closes.get(one)!), returnsOf(closes.get(other)!));
    expect(Math.abs(found - expected)).toBeLessThan(0.06);
  });
});

describe('within the day', () => {
  it.each([
    ['AAPL', 'MSFT', 0.55],
    ['AAPL', 'JPM', 0.3],
  ])('the minutes of %s and %s move together by %d', (one, other, expected) => {
    const minutes = (symbol: string): number[] => weeks.flatMap((day) => returnsOf(session(symbol, day)));
    expect(Math.abs(correlation(minutes(one), minutes(other)) - expected)).toBeLessThan(0.06);
  });

  it.each(['AAPL', 'JPM', 'SPY'])(
    '%s has the U: volatility and volume are high at the open and the close',
    (symbol) => {
      const days = weeks.map((day) => session(symbol, day));
      const part = (from: number, to: number) => {
        const bars = days.flatMap((day) => day.slice(from, to));
        const moves = days.flatMap((day) => day.slice(from, to).map((bar) => Math.log(bar.close / bar.open)));
        return { variance: covariance(moves, moves), volume: mean(bars.map(({ volume }) => volume)) };
      };
      const [open, noon, close] = [part(0, 30), part(165, 225), part(360, 390)];
      // The mean of 1 + 2x^4 over the first half hour is 2.4, and 1 at noon.
      for (const edge of [open, close]) {
        expect(edge.variance / noon.variance).toBeGreaterThan(1.9);
        expect(edge.variance / noon.variance).toBeLessThan(2.9);
        expect(edge.volume / noon.volume).toBeGreaterThan(2);
        expect(edge.volume / noon.volume).toBeLessThan(2.8);
      }
    },
  );

  it('at night little moves and little is traded', () => {
    const night = weeks.flatMap((day) => market.history.minuteBars('AAPL', day, now).slice(0, 180));
    const noon = weeks.flatMap((day) => session('AAPL', day).slice(165, 225));
    expect(mean(night.map(({ volume }) => volume)) / mean(noon.map(({ volume }) => volume))).toBeLessThan(0.2);
    const moves = (bars: readonly Bar[]): number => mean(bars.map(({ open, close }) => Math.log(close / open) ** 2));
    expect(moves(night) / moves(noon)).toBeLessThan(0.3);
  });

  it('a day that is over opens and closes with its session’s minutes', () => {
    for (const day of weeks.slice(-3)) {
      const minutes = session('SPY', day);
      expect(market.history.dayBar('SPY', day, now)).toMatchObject({
        open: minutes[0]!.open,
        close: minutes.at(-1)!.close,
      });
      expect(market.history.zoneOf('SPY')).toBe(newYork);
    }
  });
});
