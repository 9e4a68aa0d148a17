// Series of several symbols on the same days. Closes are matched first and returns made after: where a coin trades on a weekend and a
// stock does not, both have one return from Friday to Monday, and neither has days of zero that nobody traded.
import { type CloseSeries, dateOf, dayOf, isWeekend } from './close-series.ts';
import { type ReturnTable, returnTable } from './return-table.ts';
import { requireCount } from './series.ts';

/** Simple returns of two symbols between the days that both have; `a[t]` and `b[t]` end on the same day. */
export interface PairOfReturns {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** Matches two series on the days that both have, the last `days` returns at most (all, without it). Null with no return in common. */
export function pairOfReturns(a: CloseSeries, b: CloseSeries, days?: number): PairOfReturns | null {
  if (days !== undefined) requireCount(days, 1, 'days');
  const most = Math.min(a.days.length, b.days.length, days === undefined ? Number.POSITIVE_INFINITY : days + 1) - 1;
  if (most < 1) return null;
  const [returnsA, returnsB] = [new Float64Array(most), new Float64Array(most)];
  // From the newest back, filling from the end: how many days they share is only known afterwards.
  let start = most;
  let [afterA, afterB] = [0, 0];
  let i = a.days.length - 1;
  let j = b.days.length - 1;
  while (i >= 0 && j >= 0 && start > 0) {
    const ahead = a.days[i]! - b.days[j]!;
    if (ahead === 0) {
      const [closeA, closeB] = [a.closes[i]!, b.closes[j]!];
      if (afterA > 0) {
        start--;
        returnsA[start] = afterA / closeA - 1;
        returnsB[start] = afterB / closeB - 1;
      }
      afterA = closeA;
      afterB = closeB;
    }
    if (ahead >= 0) i--;
    if (ahead <= 0) j--;
  }
  return start === most ? null : { a: returnsA.subarray(start), b: returnsB.subarray(start) };
}

/** A table whose rows are days of history. */
export interface DailyReturns extends ReturnTable {
  /** The day that a row's return ends on, as `2026-11-20`; as long as the table has rows. */
  readonly dates: readonly string[];
}

/** A symbol that has no column: too few closes for `atLeast`, or none since `notOlderThan`. */
export interface Excluded {
  readonly symbol: string;
  readonly reason: 'short' | 'stale';
  readonly closes: number;
}

/** What a table of common days must hold. */
export interface CommonDays {
  /** Returns wanted; the newest are taken. */
  readonly days: number;
  /** Returns needed; a symbol that would leave the table with fewer gets no column. */
  readonly atLeast: number;
  /** A symbol whose last close is older than this date gets no column, where it would hold everybody's table back. */
  readonly notOlderThan?: string;
}

/**
 * Simple returns of many symbols between the days that all of them have: complete, so that a covariance from it is positive
 * semi-definite. Symbols that would cut everybody's history below `atLeast`, a young listing or one that is no longer traded, are
 * excluded and named, the one with the fewest recent closes first. `table` is null when no symbol is left. 100 symbols x 250 days take
 * milliseconds: make it when closes arrive, not when an order does.
 *
 * Throws a `RangeError` for a symbol that comes twice, and for counts that are none.
 */
export function commonReturns(
  series: readonly CloseSeries[],
  { days, atLeast, notOlderThan }: CommonDays,
): { readonly table: DailyReturns | null; readonly excluded: readonly Excluded[] } {
  requireCount(atLeast, 1, 'atLeast');
  requireCount(days, atLeast, 'days');
  if (new Set(series.map(({ symbol }) => symbol)).size !== series.length) {
    throw new RangeError('a symbol comes twice among the series');
  }
  const oldest = notOlderThan === undefined ? Number.NEGATIVE_INFINITY : dayOf(notOlderThan);
  const fresh = series.filter((one) => one.days.length > 0 && one.days.at(-1)! >= oldest);
  const excluded: Excluded[] = series.filter((one) => !fresh.includes(one)).map((one) => exclusion(one, 'stale'));

  const recent = recentCloses(fresh, days + 1);
  // The best covered first, so that the last is the next to go.
  const kept = [...fresh].sort((a, b) => recent.get(b)! - recent.get(a)! || (a.symbol < b.symbol ? -1 : 1));
  let common = commonDays(kept);
  while (kept.length > 0 && common.length <= atLeast) {
    excluded.push(exclusion(kept.pop()!, 'short'));
    common = commonDays(kept);
  }
  const rows = common.slice(-(days + 1));
  const columns = series.filter((one) => kept.includes(one));
  return { table: columns.length === 0 ? null : tableOf(columns, rows), excluded };
}

const exclusion = ({ symbol, days }: CloseSeries, reason: Excluded['reason']): Excluded => ({
  symbol,
  reason,
  closes: days.length,
});

/** How many closes each series has on the last `count` days of the calendar they share: weekends only count when all trade on them. */
function recentCloses(series: readonly CloseSeries[], count: number): Map<CloseSeries, number> {
  const onWeekends = series.every((one) => one.days.some(isWeekend));
  const calendar = new Set<number>();
  for (const one of series) for (const day of one.days) if (onWeekends || !isWeekend(day)) calendar.add(day);
  const last = new Set([...calendar].sort((a, b) => a - b).slice(-count));
  return new Map(series.map((one) => [one, one.days.reduce((sum, day) => sum + (last.has(day) ? 1 : 0), 0)]));
}

/** The days that every series has, in order. */
function commonDays(series: readonly CloseSeries[]): number[] {
  const [first, ...others] = series;
  if (first === undefined) return [];
  const seen = new Map<number, number>();
  for (const one of others) for (const day of one.days) seen.set(day, (seen.get(day) ?? 0) + 1);
  return [...first.days].filter((day) => (seen.get(day) ?? 0) === others.length);
}

function tableOf(series: readonly CloseSeries[], days: readonly number[]): DailyReturns {
  const rows = days.length - 1;
  const values = new Float64Array(series.length * rows);
  series.forEach((one, i) => {
    let at = 0;
    let before = 0;
    for (let row = 0; row <= rows; row++) {
      while (one.days[at] !== days[row]) at++;
      const close = one.closes[at]!;
      if (row > 0) values[i * rows + row - 1] = close / before - 1;
      before = close;
    }
  });
  const symbols = series.map(({ symbol }) => symbol);
  return { ...returnTable(symbols, rows, values), dates: days.slice(1).map(dateOf) };
}
