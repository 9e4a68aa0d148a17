import { expect, it } from 'vitest';
import { expectedBy } from './expected-by.ts';

const unknown = { session: () => null };
const by = (since: string, minutes: number, market: Parameters<typeof expectedBy>[3] = unknown) =>
  expectedBy(new Date(since), minutes, 'market_hours', market).toISOString();

it('counts every minute where it is told to', () => {
  expect(expectedBy(new Date('2026-11-21T12:00:00Z'), 90, 'always', unknown).toISOString()).toBe(
    '2026-11-21T13:30:00.000Z',
  );
});

it('counts minutes of sessions alone: over the night, the weekend, and a change of clocks', () => {
  // 15:00 in New York on a Friday, and an hour of it is left.
  expect(by('2026-11-20T20:00:00Z', 60)).toBe('2026-11-20T21:00:00.000Z');
  expect(by('2026-11-20T20:00:00Z', 61)).toBe('2026-11-23T14:31:00.000Z');
  expect(by('2026-11-21T12:00:00Z', 30)).toBe('2026-11-23T15:00:00.000Z');
  // Before the opening, and after the close.
  expect(by('2026-11-20T08:00:00Z', 10)).toBe('2026-11-20T14:40:00.000Z');
  expect(by('2026-11-19T23:00:00Z', 10)).toBe('2026-11-20T14:40:00.000Z');
  // Clocks went forward on 8 March 2026: on Monday the session opens at 13:30.
  expect(by('2026-03-06T20:59:00Z', 31)).toBe('2026-03-09T14:00:00.000Z');
});

it('goes by the calendar where that reaches', () => {
  const session = (at: Date) => {
    const day = at.toISOString().slice(0, 10);
    if (day === '2026-11-26') return 'closed' as const;
    if (day === '2026-11-27')
      return { opensAt: new Date('2026-11-27T14:30:00Z'), closesAt: new Date('2026-11-27T18:00:00Z') };
    return null;
  };
  // Thanksgiving, and the half day after it.
  expect(by('2026-11-25T20:30:00Z', 60, { session })).toBe('2026-11-27T15:00:00.000Z');
  expect(by('2026-11-27T17:00:00Z', 90, { session })).toBe('2026-11-30T15:00:00.000Z');
});
