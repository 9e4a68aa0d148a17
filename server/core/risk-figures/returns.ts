// Returns of one series of closes. Simple returns add up over the positions of a portfolio on one day, so the portfolio uses them; log
// returns add up over the days of one symbol. (J.P. Morgan/Reuters 1996, RiskMetrics Technical Document, 4th edition, section 4.1.)
import type { Price } from '../decimal.ts';
import { fromAmount } from './amounts.ts';

/**
 * `close[t] / close[t-1] - 1`, one fewer than there are closes, as fractions (0.01 is one percent). Null with fewer than two closes.
 * Throws a `RangeError` for a close that is not above zero. The closes must be adjusted for splits: a split is no loss.
 */
export const simpleReturns = (closes: readonly Price[]): Float64Array | null =>
  changes(closes, (now, before) => now / before - 1);

/** `ln(close[t] / close[t-1])`; otherwise as `simpleReturns`. */
export const logReturns = (closes: readonly Price[]): Float64Array | null =>
  changes(closes, (now, before) => Math.log(now / before));

function changes(closes: readonly Price[], change: (now: number, before: number) => number): Float64Array | null {
  const values = closesAsNumbers(closes);
  if (values.length < 2) return null;
  const returns = new Float64Array(values.length - 1);
  for (let i = 1; i < values.length; i++) returns[i - 1] = change(values[i]!, values[i - 1]!);
  return returns;
}

/** Closes as doubles. Throws a `RangeError` for one that is not above zero, or whose ratio to another could overflow. */
export function closesAsNumbers(closes: readonly Price[]): Float64Array {
  return Float64Array.from(closes, (close, i) => {
    const value = fromAmount(close);
    if (!(value >= 1e-30 && value <= 1e30)) throw new RangeError(`close[${i}] is not a usable price: ${value}`);
    return value;
  });
}
