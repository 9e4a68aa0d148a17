import { describe, expect, it } from 'vitest';
import { createSessions } from '../calendar/sessions.ts';
import { type EquityPoint, type PortfolioRequest, portfolioSeries } from './portfolio.ts';

const sessions = createSessions();
const at = (text: string) => new Date(text).getTime();
const points = (...rows: [string, number][]): EquityPoint[] => rows.map(([time, equity]) => ({ at: at(time), equity }));
const request = (more: Partial<PortfolioRequest>): PortfolioRequest => ({
  from: new Date('2026-11-16T12:00:00Z'),
  to: new Date('2026-11-20T22:00:00Z'),
  timeframe: '1D',
  reporting: 'market_hours',
  resetDaily: true,
  ...more,
});
const now = new Date('2026-11-20T22:00:00Z');
const times = (seconds: readonly number[]) => seconds.map((second) => new Date(second * 1000).toISOString());

describe('by days', () => {
  const known = points(
    ['2026-11-13T15:00:00Z', 100_000],
    ['2026-11-16T18:00:00Z', 101_000],
    ['2026-11-18T18:00:00Z', 100_500],
    ['2026-11-19T20:00:00Z', 102_500],
  );

  it('labels each trading day with the end of its session, and counts each day from the one before', () => {
    const series = portfolioSeries(request({}), known, sessions, now);
    // 20:00 in New York, which in winter is 1:00 in UTC of the next day.
    expect(times(series.timestamp)).toEqual(['17', '18', '19', '20', '21'].map((d) => `2026-11-${d}T01:00:00.000Z`));
    expect(series.equity).toEqual([101_000, 101_000, 100_500, 102_500, 102_500]);
    expect(series.profit_loss).toEqual([1000, 0, -500, 2000, 0]);
    expect(series.profit_loss_pct).toEqual([0.01, 0, -0.00495, 0.0199, 0]);
    expect([series.base_value, series.baseDay]).toEqual([100_000, at('2026-11-13T00:00:00Z') / 86_400_000]);
  });

  it('counts from the base where it is not reset', () => {
    const series = portfolioSeries(request({ resetDaily: false }), known, sessions, now);
    expect(series.profit_loss).toEqual([1000, 1000, 500, 2500, 2500]);
  });

  it('passes over weekends and holidays', () => {
    const thanksgiving = request({ from: new Date('2026-11-25T12:00:00Z'), to: new Date('2026-11-30T22:00:00Z') });
    const series = portfolioSeries(thanksgiving, known, sessions, new Date('2026-12-01T12:00:00Z'));
    // Wednesday, the half-day Friday until 17:00 in New York, Monday.
    expect(times(series.timestamp)).toEqual([
      '2026-11-26T01:00:00.000Z',
      '2026-11-27T22:00:00.000Z',
      '2026-12-01T01:00:00.000Z',
    ]);
  });

  it('has nothing but zeros before the account began, and takes its first value for the base', () => {
    const young = points(['2026-11-18T15:00:00Z', 100_000], ['2026-11-19T15:00:00Z', 100_010]);
    const series = portfolioSeries(request({}), young, sessions, now);
    expect(series.equity).toEqual([0, 0, 100_000, 100_010, 100_010]);
    expect(series.profit_loss).toEqual([0, 0, 0, 10, 0]);
    expect([series.base_value, series.baseDay]).toEqual([100_000, null]);
  });
});

describe('within the day', () => {
  const known = points(
    ['2026-11-18T15:00:00Z', 100_000],
    ['2026-11-19T20:59:00Z', 100_100],
    ['2026-11-19T23:00:00Z', 100_150],
    ['2026-11-20T15:07:00Z', 100_300],
  );
  const day = { from: new Date('2026-11-20T00:00:00Z'), timeframe: '15Min' as const };

  it('goes from the opening to the closing bell, both among the points, and counts from yesterday’s close', () => {
    const series = portfolioSeries(request(day), known, sessions, now);
    expect(times(series.timestamp)[0]).toBe('2026-11-20T14:30:00.000Z');
    expect(times(series.timestamp).at(-1)).toBe('2026-11-20T21:00:00.000Z');
    expect(series.timestamp).toHaveLength(27);
    // Equity is as of each window's end: the gain of 15:07 is in the window from 15:00.
    expect(series.equity.slice(0, 4)).toEqual([100_150, 100_150, 100_300, 100_300]);
    expect(series.profit_loss.slice(0, 3)).toEqual([50, 50, 200]);
    expect(series.base_value).toBe(100_100);
  });

  it('goes as far as it is known', () => {
    const early = new Date('2026-11-20T15:20:00Z');
    const series = portfolioSeries(request({ ...day, to: early }), known, sessions, early);
    expect(times(series.timestamp).at(-1)).toBe('2026-11-20T15:15:00.000Z');
  });

  it('covers the extended hours, or all of them, when it is asked to', () => {
    const extended = portfolioSeries(request({ ...day, reporting: 'extended_hours' }), known, sessions, now);
    // Midnight in UTC is 19:00 in New York: the last hour of the day before, its end included, then from 4:00 to 20:00.
    const [hour, bounds] = [5, ['2026-11-20T00:00:00.000Z', '2026-11-20T01:00:00.000Z', '2026-11-20T09:00:00.000Z']];
    expect([0, hour - 1, hour].map((index) => times(extended.timestamp)[index])).toEqual(bounds);
    const all = portfolioSeries(request({ ...day, reporting: 'continuous' }), known, sessions, now);
    expect(times(all.timestamp)[0]).toBe('2026-11-20T00:00:00.000Z');
    expect(all.timestamp).toHaveLength(22 * 4 + 1);
  });

  it('counts each day from its own beginning, or all from the first', () => {
    const two = { from: new Date('2026-11-19T12:00:00Z'), timeframe: '1H' as const };
    const reset = portfolioSeries(request(two), known, sessions, now);
    const kept = portfolioSeries(request({ ...two, resetDaily: false }), known, sessions, now);
    expect(reset.profit_loss.at(-1)).toBe(200);
    expect(kept.profit_loss.at(-1)).toBe(300);
  });
});
