import { describe, expect, it } from 'vitest';
import { price } from '../decimal.ts';
import { marketZone } from '../zoned-day.ts';
import { closeSeries, dailyCloses, dateOf, dayOf, isWeekend } from './close-series.ts';

const at = (date: string) => ({ date, close: price('1') });

describe('a day', () => {
  it.each(['1970-01-01', '1969-12-31', '2024-02-29', '2026-11-20', '9999-12-31'])('%s is counted and named', (date) => {
    expect(dateOf(dayOf(date))).toBe(date);
    expect(dayOf(date)).toBe(Date.parse(date) / 86_400_000);
  });
  it.each(['2026-02-30', '2026-13-01', '2026-1-1', '2026/11/20', '2026-11-20T00:00', '0020-01-01', '', 'today'])(
    '%s is none',
    (date) => {
      expect(() => dayOf(date)).toThrow(RangeError);
    },
  );
  it('is on a weekend twice a week', () => {
    const week = ['16', '17', '18', '19', '20', '21', '22'].map((day) => isWeekend(dayOf(`2026-11-${day}`)));
    expect(week).toEqual([false, false, false, false, false, true, true]);
    expect(['1969-12-26', '1969-12-27', '1969-12-28'].map((date) => isWeekend(dayOf(date)))).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('a series of closes', () => {
  it('comes from daily bars, of stocks from New York and of coins from Chicago, in winter and summer', () => {
    const of = (...starts: string[]) =>
      dailyCloses(
        starts.map((start) => ({ at: new Date(start), close: price('7') })),
        marketZone,
      ).map(({ date }) => date);
    expect(of('2026-01-15T05:00:00Z', '2026-07-15T04:00:00Z')).toEqual(['2026-01-15', '2026-07-15']);
    expect(of('2026-01-15T06:00:00Z', '2026-07-15T05:00:00Z')).toEqual(['2026-01-15', '2026-07-15']);
  });
  it('may be empty', () => {
    expect(closeSeries('A', []).closes).toHaveLength(0);
  });
  it.each([
    ['a day twice', [at('2026-01-02'), at('2026-01-02')]],
    ['days backward', [at('2026-01-03'), at('2026-01-02')]],
    ['a day that does not exist', [at('2026-02-30')]],
    ['a close of zero', [{ date: '2026-01-02', close: price('0') }]],
  ])('with %s is refused', (_, daily) => {
    expect(() => closeSeries('A', daily)).toThrow(RangeError);
  });
});
