// The rules against days that were: the weekdays without a bar of five stocks (fixtures/closed-weekdays.txt, with the script that made
// it), and the holidays and half-days that NYSE has published.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { civilDay, dayText, readDay, weekdayOf } from './civil-day.ts';
import { closeMinute, isTradingDay, regularSession, settlementDay } from './us-equities.ts';

const isHalfDay = (day: number): boolean => {
  const session = regularSession(day);
  return session !== null && session.close < closeMinute;
};
const weekdays = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((day) => weekdayOf(day) % 6 !== 0);
const ofYear = (year: number, wanted: (day: number) => boolean): string =>
  weekdays(civilDay(year, 1, 1), civilDay(year, 12, 31))
    .filter(wanted)
    .map((day) => dayText(day).slice(5))
    .join(' ');

it('closes on the weekdays on which nothing was traded from March 2000 to March 2013, and on no other', () => {
  const golden = readFileSync(new URL('./fixtures/closed-weekdays.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const closed = weekdays(civilDay(2000, 3, 1), civilDay(2013, 3, 1)).filter((day) => !isTradingDay(day));
  expect(closed.map(dayText)).toEqual(golden);
});

it.each([
  [2018, '01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25', '07-03 11-23 12-24'],
  [2020, '01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25', '11-27 12-24'],
  [2021, '01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24', '11-26'],
  [2022, '01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26', '11-25'],
  [2023, '01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25', '07-03 11-24'],
  [2024, '01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25', '07-03 11-29 12-24'],
  [2025, '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25', '07-03 11-28 12-24'],
  [2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25', '11-27 12-24'],
  [2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24', '11-26'],
  [2028, '01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25', '07-03 11-24'],
])('keeps the holidays and half-days of %i as published', (year, holidays, halfDays) => {
  expect(ofYear(year, (day) => !isTradingDay(day))).toBe(holidays);
  expect(ofYear(year, isHalfDay)).toBe(halfDays);
});

it.each([
  [2002, '07-05 11-29 12-24'],
  [2003, '07-03 11-28 12-24 12-26'],
  [2012, '07-03 11-23 12-24'],
  [2013, '07-03 11-29 12-24'],
])('keeps the half-days of %i', (year, halfDays) => {
  expect(ofYear(year, isHalfDay)).toBe(halfDays);
});

it.each([
  ['2012-10-26', '2012-11-02'],
  ['2017-09-01', '2017-09-07'],
  ['2024-05-24', '2024-05-29'],
  ['2024-05-28', '2024-05-29'],
  ['2026-10-09', '2026-10-13'],
  ['2026-11-20', '2026-11-23'],
])('settles a trade of %s on %s', (traded, settled) => {
  expect(dayText(settlementDay(readDay(traded)!))).toBe(settled);
});
