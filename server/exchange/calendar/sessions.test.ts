import { expect, it } from 'vitest';
import { dateIn } from '../../core/zoned-day.ts';
import { chicago, civilDay, dayText, momentOf, newYork, wallTime, zonedText } from './civil-day.ts';
import { createSessions } from './sessions.ts';

const sessions = createSessions();
const at = (text: string): Date => new Date(text);

it.each([newYork, chicago])('knows $name as the time zone database does, every day of 2000 to 2035', (zone) => {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone.name, hour: '2-digit', minute: '2-digit' });
  for (let day = civilDay(2000, 1, 1); day <= civilDay(2035, 12, 31); day++) {
    for (const minute of [0, 90, 240, 570, 1380]) {
      const moment = momentOf(day, minute, zone);
      expect(dateIn(new Date(moment), zone.name)).toBe(dayText(day));
      expect(clock.format(moment)).toBe(
        `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
      );
      expect(wallTime(moment, zone)).toEqual({ day, minute });
    }
  }
});

it('writes the offset that holds then', () => {
  expect(zonedText(Date.parse('2026-03-08T06:59:59Z'), newYork)).toBe('2026-03-08T01:59:59-05:00');
  expect(zonedText(Date.parse('2026-03-08T07:00:00Z'), newYork)).toBe('2026-03-08T03:00:00-04:00');
  expect(zonedText(Date.parse('2026-11-01T05:59:59Z'), newYork)).toBe('2026-11-01T01:59:59-04:00');
  expect(zonedText(Date.parse('2026-11-01T06:00:00Z'), newYork)).toBe('2026-11-01T01:00:00-05:00');
});

it.each([
  ['2026-11-20T08:59:59Z', 'overnight'],
  ['2026-11-20T09:00:00Z', 'pre'],
  ['2026-11-20T14:29:59Z', 'pre'],
  ['2026-11-20T14:30:00Z', 'regular'],
  ['2026-11-20T20:59:59Z', 'regular'],
  ['2026-11-20T21:00:00Z', 'after'],
  ['2026-11-21T00:59:59Z', 'after'],
  ['2026-11-21T01:00:00Z', 'closed'], // Friday evening
  ['2026-11-22T20:00:00Z', 'closed'],
  ['2026-11-23T01:00:00Z', 'overnight'], // Sunday evening
  ['2026-11-26T01:00:00Z', 'closed'], // the evening before Thanksgiving
  ['2026-11-26T15:00:00Z', 'closed'],
  ['2026-11-27T01:00:00Z', 'overnight'],
  ['2026-11-27T17:59:59Z', 'regular'],
  ['2026-11-27T18:00:00Z', 'after'], // half-day
  ['2026-11-27T22:00:00Z', 'closed'],
  ['2026-07-06T13:30:00Z', 'regular'], // summer
])('at %s equities are in %s', (time, phase) => {
  expect(sessions.phase(at(time))).toBe(phase);
  expect(sessions.isOpen(at(time), 'us_equity')).toBe(phase === 'regular');
  expect(sessions.isOpen(at(time), 'us_equity', true)).toBe(phase !== 'closed');
  expect(sessions.isOpen(at(time), 'crypto')).toBe(true);
  expect(createSessions({ alwaysOpen: true }).isOpen(at(time), 'us_equity')).toBe(true);
});

it('opens and closes next over weekends, holidays and half-days', () => {
  expect(sessions.nextOpen(at('2026-11-25T22:00:00Z'), 'us_equity')).toEqual(at('2026-11-27T14:30:00Z'));
  expect(sessions.nextClose(at('2026-11-25T22:00:00Z'), 'us_equity')).toEqual(at('2026-11-27T18:00:00Z'));
  expect(sessions.nextOpen(at('2026-11-27T14:30:00Z'), 'us_equity')).toEqual(at('2026-11-30T14:30:00Z'));
  expect(sessions.nextClose(at('2026-11-27T18:00:00Z'), 'us_equity', true)).toEqual(at('2026-11-27T22:00:00Z'));
  expect(sessions.nextClose(at('2026-11-27T18:00:00Z'), 'crypto')).toBeNull();
});
