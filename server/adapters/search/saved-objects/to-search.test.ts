import { describe, expect, it } from 'vitest';
import { intervalFor } from './interval.ts';

describe('the step of time for a range', () => {
  const to = '2026-11-21T00:00:00.000Z';
  it.each([
    ['an hour', '2026-11-20T23:00:00.000Z', { calendar_interval: '1m' }],
    ['a day', '2026-11-20T00:00:00.000Z', { fixed_interval: '30m' }],
    ['a week', '2026-11-14T00:00:00.000Z', { fixed_interval: '3h' }],
    ['a month', '2026-10-21T00:00:00.000Z', { fixed_interval: '12h' }],
    ['three months', '2026-08-21T00:00:00.000Z', { calendar_interval: '1d' }],
    ['five years', '2021-11-21T00:00:00.000Z', { calendar_interval: '1M' }],
  ])('%s is the one that Dashboards takes', (_, from, interval) => {
    expect(intervalFor({ from, to })).toEqual(interval);
  });
});
