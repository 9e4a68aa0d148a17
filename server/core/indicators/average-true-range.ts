// Average true range: how far a symbol moves in one bar, gaps included. (J. W. Wilder 1978, "New Concepts in Technical Trading Systems",
// section III, the Volatility Index.) A price distance, decimal; divisions keep 20 places, and who makes an order of it rounds to the tick.
import { Big, maximum, type Price, price } from '../decimal.ts';
import { fromAmount } from '../risk-figures/amounts.ts';
import { type Bar, requireBars, requirePeriod } from './bar.ts';

/** Wilder's: each bar weighs 1 / period, and old ones fade. Simple: the mean of the last `period` bars. */
export type Smoothing = 'wilder' | 'simple';

/**
 * The largest of high - low, |high - previous close| and |low - previous close|, of each bar but the first, which has no previous close: one
 * fewer than bars. Throws a `RangeError` for bars that `requireBars` refuses.
 */
export function trueRanges(bars: readonly Bar[]): readonly Price[] {
  requireBars(bars);
  return bars.slice(1).map(({ high, low }, i) => {
    const { close } = bars[i]!;
    return maximum(high, close).minus(low.lt(close) ? low : close) as Price;
  });
}

/**
 * The average true range at the last bar. Wilder's starts with the mean of the first `period` true ranges, then is
 * (before x (period - 1) + range) / period, as TA-Lib has it; what it started from has faded to a tenth after 2.3 periods, so give it
 * several. Wilder's is smoothed in doubles and kept to 14 digits, the simple one is exact to 20 places. It only changes when a bar
 * ends: keep it with the bars, rather than make it for each order.
 *
 * Null with fewer than period + 1 bars. Throws a `RangeError` for a period that is none, and for bars that `requireBars` refuses.
 */
export function averageTrueRange(bars: readonly Bar[], period: number, smoothing: Smoothing = 'wilder'): Price | null {
  requirePeriod(period);
  const ranges = trueRanges(bars);
  if (ranges.length < period) return null;
  if (smoothing === 'simple') {
    const sum = ranges.slice(-period).reduce((total, range) => total.plus(range), new Big('0'));
    return sum.div(new Big(String(period))) as Price;
  }
  const values = ranges.map(fromAmount);
  let average = values.slice(0, period).reduce((total, range) => total + range, 0) / period;
  for (const range of values.slice(period)) average = (average * (period - 1) + range) / period;
  // The last two digits of a double are what rounding has left: without them, 4.5 is 4.5, and a stop falls on its tick.
  return price(average.toPrecision(14));
}
