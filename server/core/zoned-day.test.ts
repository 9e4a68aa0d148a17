import { describe, expect, it } from 'vitest';
import { dateIn, marketZone, momentIn, startOfDay, wallClock } from './zoned-day.ts';

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

  it.each([
    ['2026-11-20', '09:30', marketZone, '2026-11-20T14:30:00.000Z'],
    ['2026-07-17', '00:00', marketZone, '2026-07-17T04:00:00.000Z'],
    // From UTC+12 on, noon of UTC is in the next day.
    ['2026-06-10', '07:00', 'Pacific/Auckland', '2026-06-09T19:00:00.000Z'],
    ['2026-01-10', '07:00', 'Pacific/Auckland', '2026-01-09T18:00:00.000Z'],
    ['2026-05-05', '23:59', 'Pacific/Kiritimati', '2026-05-05T09:59:00.000Z'],
    ['2026-05-05', '00:00', 'Pacific/Pago_Pago', '2026-05-05T11:00:00.000Z'],
    // After clocks went forward, and after they went back, on that day.
    ['2026-03-08', '09:30', marketZone, '2026-03-08T13:30:00.000Z'],
    ['2026-11-01', '09:30', marketZone, '2026-11-01T14:30:00.000Z'],
    // Twice, and never: the first of the two, and the first after it.
    ['2026-11-01', '01:30', marketZone, '2026-11-01T05:30:00.000Z'],
    ['2026-03-08', '02:30', marketZone, '2026-03-08T07:00:00.000Z'],
    // Beirut's day begins at 01:00 when clocks go forward.
    ['2026-03-29', '00:30', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
    ['2026-03-29', '07:00', 'Asia/Beirut', '2026-03-29T04:00:00.000Z'],
  ])('on %s at %s in %s it is %s', (date, time, zone, at) => {
    expect(momentIn(date, time, zone).toISOString()).toBe(at);
  });
});
