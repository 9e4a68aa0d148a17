// What a symbol trades in a bar; of daily bars, average daily volume. Give it bars that are over: today's would count as a thin day.
import { Big, type Money, type Quantity } from '../decimal.ts';
import { type Bar, requireBars, requirePeriod } from './bar.ts';

/**
 * The mean volume of the last `period` bars, in shares, not rounded to whole ones (20 places). Null with fewer bars. Throws a `RangeError` for a
 * period that is none, and for bars that `requireBars` refuses.
 */
export const averageVolume = (bars: readonly Bar[], period: number): Quantity | null =>
  meanOfLast(bars, period, ({ volume }) => volume) as Quantity | null;

/** The mean of close x volume of the last `period` bars, in the currency of the prices; otherwise as `averageVolume`. */
export const averageDollarVolume = (bars: readonly Bar[], period: number): Money | null =>
  meanOfLast(bars, period, ({ close, volume }) => close.times(volume)) as Money | null;

function meanOfLast(bars: readonly Bar[], period: number, of: (bar: Bar) => Big): Big | null {
  requirePeriod(period);
  requireBars(bars);
  if (bars.length < period) return null;
  const sum = bars.slice(-period).reduce((total, bar) => total.plus(of(bar)), new Big('0'));
  return sum.div(new Big(String(period)));
}
