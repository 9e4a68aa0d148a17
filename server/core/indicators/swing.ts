// The recent swing: how high and how low the last bars went. Stops are put beyond it.
import { maximum, minimum, type Price } from '../decimal.ts';
import { type Bar, requireBars, requirePeriod } from './bar.ts';

/**
 * The highest high of the last `period` bars, the last one included. Null with fewer bars. Throws a `RangeError` for a period that is none,
 * and for bars that `requireBars` refuses.
 */
export function highestHigh(bars: readonly Bar[], period: number): Price | null {
  return (
    lastOf(bars, period)
      ?.map(({ high }) => high)
      .reduce(maximum) ?? null
  );
}

/** The lowest low of the last `period` bars; otherwise as `highestHigh`. */
export function lowestLow(bars: readonly Bar[], period: number): Price | null {
  return (
    lastOf(bars, period)
      ?.map(({ low }) => low)
      .reduce(minimum) ?? null
  );
}

function lastOf(bars: readonly Bar[], period: number): readonly Bar[] | null {
  requirePeriod(period);
  requireBars(bars);
  return bars.length < period ? null : bars.slice(-period);
}
