import { type CivilDay, civilDay, dayText, nthWeekday, weekdayOf, yearOf } from './civil-day.ts';

/**
 * The trading days of the US equities exchanges (NYSE's rule 7.2 and its list of special closings), from 2000 on. What is to come
 * follows the rules of today; a closing that nobody has announced yet cannot be known.
 */

/** Days on which there was no trading for a reason of their own. */
const specialClosings: ReadonlySet<string> = new Set([
  '2001-09-11', // The attacks of 11 September, to the end of the week.
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11', // Days of mourning: Ronald Reagan,
  '2007-01-02', // Gerald Ford,
  '2012-10-29', // Hurricane Sandy.
  '2012-10-30',
  '2018-12-05', // George H. W. Bush,
  '2025-01-09', // Jimmy Carter.
]);

/** Minutes of the day, New York. */
export const openMinute = 570;
export const closeMinute = 960;
export const earlyCloseMinute = 780;
const noon = 720;

/** 2002-09-11 began at noon, for the first anniversary's memorial. */
const lateOpens: ReadonlyMap<string, number> = new Map([['2002-09-11', noon]]);
/** 2003-12-26, a Friday between Christmas and the weekend. */
const specialEarlyCloses: ReadonlySet<string> = new Set(['2003-12-26']);

/** Easter Sunday, Gregorian (the anonymous algorithm of Nature, 1876). */
export function easter(year: number): CivilDay {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return civilDay(year, Math.floor(n / 31), (n % 31) + 1);
}

/** A fixed holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
function observed(day: CivilDay): CivilDay {
  const weekday = weekdayOf(day);
  return weekday === 6 ? day - 1 : weekday === 0 ? day + 1 : day;
}

interface Year {
  readonly holidays: ReadonlySet<CivilDay>;
  readonly halfDays: ReadonlySet<CivilDay>;
}
const years = new Map<number, Year>();

function ruleOf(year: number): Year {
  const known = years.get(year);
  if (known) return known;
  const newYear = civilDay(year, 1, 1);
  const thanksgiving = nthWeekday(year, 11, 4, 4);
  const independence = civilDay(year, 7, 4);
  const christmas = civilDay(year, 12, 25);
  const holidays = new Set([
    // On a Saturday it is not kept: the Friday before ends the accounting year.
    weekdayOf(newYear) === 0 ? newYear + 1 : newYear,
    nthWeekday(year, 1, 1, 3), // Martin Luther King
    nthWeekday(year, 2, 1, 3), // Washington
    easter(year) - 2, // Good Friday
    nthWeekday(year, 5, 1, -1), // Memorial Day
    ...(year >= 2022 ? [observed(civilDay(year, 6, 19))] : []), // Juneteenth
    observed(independence),
    nthWeekday(year, 9, 1, 1), // Labor Day
    thanksgiving,
    observed(christmas),
  ]);
  const halfDays = new Set([thanksgiving + 1]);
  if (weekdayOf(christmas - 1) >= 1 && weekdayOf(christmas - 1) <= 4) halfDays.add(christmas - 1);
  // The day before Independence Day; on a Thursday's holiday it was the Friday after until 2012.
  const weekday = weekdayOf(independence);
  if (weekday === 4 && year < 2013) halfDays.add(independence + 1);
  else if (weekday >= 2 && weekday <= 5) halfDays.add(independence - 1);
  const rule = { holidays, halfDays };
  years.set(year, rule);
  return rule;
}

/** Minutes of the day in New York between which the regular session trades; null on a day without one. */
export function regularSession(day: CivilDay): { readonly open: number; readonly close: number } | null {
  const weekday = weekdayOf(day);
  if (weekday === 0 || weekday === 6) return null;
  const rule = ruleOf(yearOf(day));
  const text = dayText(day);
  if (rule.holidays.has(day) || specialClosings.has(text)) return null;
  const early = rule.halfDays.has(day) || specialEarlyCloses.has(text);
  return { open: lateOpens.get(text) ?? openMinute, close: early ? earlyCloseMinute : closeMinute };
}

export const isTradingDay = (day: CivilDay): boolean => regularSession(day) !== null;

/**
 * The day a trade settles: the next business day since 2024-05-28, two after it since 2017-09-05, three before. The exchanges trade on
 * Columbus Day and Veterans Day, but banks are closed and nothing settles.
 */
export function settlementDay(day: CivilDay): CivilDay {
  let left = day >= civilDay(2024, 5, 28) ? 1 : day >= civilDay(2017, 9, 5) ? 2 : 3;
  let at = day;
  while (left > 0) {
    at += 1;
    if (isTradingDay(at) && !isBankHoliday(at)) left -= 1;
  }
  return at;
}

function isBankHoliday(day: CivilDay): boolean {
  const year = yearOf(day);
  const veterans = civilDay(year, 11, 11);
  return day === nthWeekday(year, 10, 1, 2) || day === (weekdayOf(veterans) === 0 ? veterans + 1 : veterans);
}
