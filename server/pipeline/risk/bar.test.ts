import { describe, expect, it } from 'vitest';
import { barOf, barSecondsOf } from './bar.ts';

const bar = (at: string, timeframe: string) => {
  const { start, end } = barOf(new Date(at), barSecondsOf(timeframe)!);
  return `${start.toISOString().slice(0, 16)} ${end.toISOString().slice(0, 16)}`;
};

describe('a timeframe', () => {
  it.each([
    ['5m', 300],
    ['5', 300],
    ['60', 3600],
    ['1h', 3600],
    ['4H', 14_400],
    ['30s', 30],
    ['15S', 15],
    ['90 min', 5400],
    ['D', 86_400],
    ['1D', 86_400],
    ['1W', 604_800],
    ['1M', 2_592_000],
  ])('%s is %d seconds', (timeframe, seconds) => {
    expect(barSecondsOf(timeframe)).toBe(seconds);
  });

  it.each([null, '', 'soon', '0', '0m', '5x', '-5', '5m5', '99999'])('is not %s', (timeframe) => {
    expect(barSecondsOf(timeframe)).toBeNull();
  });
});

describe('a bar', () => {
  it('begins with its first moment, and ends before the next one’s', () => {
    expect(bar('2026-11-20T15:05:00.000Z', '5m')).toBe('2026-11-20T15:05 2026-11-20T15:10');
    expect(bar('2026-11-20T15:04:59.999Z', '5m')).toBe('2026-11-20T15:00 2026-11-20T15:05');
  });

  it('of an hour is counted from the opening, in winter and in summer', () => {
    expect(bar('2026-11-20T15:05:00Z', '1h')).toBe('2026-11-20T14:30 2026-11-20T15:30');
    expect(bar('2026-07-20T15:05:00Z', '4h')).toBe('2026-07-20T13:30 2026-07-20T17:30');
    expect(bar('2026-11-20T14:10:00Z', '1h')).toBe('2026-11-20T13:30 2026-11-20T14:30');
  });

  it('of a day is New York’s, and of a week begins on Monday', () => {
    expect(bar('2026-11-21T00:30:00Z', '1D')).toBe('2026-11-20T05:00 2026-11-21T05:00');
    // 16 November 2026 is a Monday.
    expect(bar('2026-11-20T15:00:00Z', '1W')).toBe('2026-11-16T05:00 2026-11-23T05:00');
    expect(bar('2026-11-16T05:00:00Z', 'W')).toBe('2026-11-16T05:00 2026-11-23T05:00');
    expect(bar('2026-11-16T04:59:59Z', 'W')).toBe('2026-11-09T05:00 2026-11-16T05:00');
  });

  it('that the clocks change in is as long as it is', () => {
    expect(bar('2026-11-01T12:00:00Z', 'D')).toBe('2026-11-01T04:00 2026-11-02T05:00');
  });
});
