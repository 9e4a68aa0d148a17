import { describe, expect, it } from 'vitest';
import { dateIn, marketZone, startOfDay, wallClock } from './zoned-day.ts';

const start = (at: string, zone = marketZone) => startOfDay(new Date(at), zone).toISOString();

describe("the market's day", () => {
  it.each([
    ['2026-01-15T12:00:00Z', '2026-01-15T05:00:00.000Z'],
    ['2026-07-15T12:00:00Z', '2026-07-15T04:00:00.000Z'],
    ['2026-07-15T03:59:59.999Z', '2026-07-14T04:00:00.000Z'],
    ['2026-07-15T04:00:00Z', '2026-07-15T04:00:00.000Z'],
    // Clocks go forward on 8 March and back on 1 November 2026, at 02:00: the day began under the offset before.
    ['2026-03-08T20:00:00Z', '2026-03-08T05:00:00.000Z'],
    ['2026-03-09T20:00:00Z', '2026-03-09T04:00:00.000Z'],
    ['2026-11-01T20:00:00Z', '2026-11-01T04:00:00.000Z'],
    ['2026-11-02T20:00:00Z', '2026-11-02T05:00:00.000Z'],
  ])('of %s began at %s', (at, began) => {
    expect(start(at)).toBe(began);
  });

  it('is found in zones far from UTC, and where midnight does not exist', () => {
    expect(start('2026-05-05T12:00:00Z', 'Pacific/Kiritimati')).toBe('2026-05-05T10:00:00.000Z');
    expect(start('2026-05-05T12:00:00Z', 'Pacific/Pago_Pago')).toBe('2026-05-05T11:00:00.000Z');
    // Beirut springs forward at midnight: the day begins at 01:00 local.
    expect(start('2026-03-29T12:00:00Z', 'Asia/Beirut')).toBe('2026-03-28T22:00:00.000Z');
  });

  it('begins at the same moment however often it is asked, and whatever was asked between', () => {
    const asked = Array.from({ length: 600 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day, 12)));
    const once = asked.map((at) => startOfDay(at, marketZone).toISOString());
    expect(asked.map((at) => startOfDay(at, marketZone).toISOString())).toEqual(once);
    expect(new Set(once).size).toBe(600);
  });

  it.each([
    ['2026-11-20T14:29:59Z', 'Fri', 569],
    ['2026-11-20T14:30:00Z', 'Fri', 570],
    ['2026-07-17T13:30:00Z', 'Fri', 570],
    ['2026-11-21T04:59:59Z', 'Fri', 1439],
    ['2026-11-21T05:00:00Z', 'Sat', 0],
    // By the hands of the clock, on a day of 23 hours too.
    ['2026-03-08T13:30:00Z', 'Sun', 570],
  ] as const)('at %s a clock on the wall shows %s, %i minutes', (at, weekday, minutes) => {
    expect(wallClock(new Date(at), marketZone)).toEqual({ weekday, minutes });
  });

  it('has a date', () => {
    expect(dateIn(new Date('2026-07-15T03:00:00Z'), marketZone)).toBe('2026-07-14');
  });
});
