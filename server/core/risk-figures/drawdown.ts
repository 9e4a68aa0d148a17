// How far an account is below its best. Equity is money and stays decimal: whether a drawdown has reached a step is decided exactly, and
// 10,000 lost of 100,000 is 0.1, not a little less. Equity must be free of transfers: take deposits out and put withdrawals back before
// (or use a profit index), or a withdrawal looks like a loss.
import type { Big, Money } from '../decimal.ts';

/** Where equity stands below the highest it had been. */
export interface Drawdown {
  readonly peak: Money;
  readonly equity: Money;
  /** peak - equity; zero at a new peak. */
  readonly amount: Money;
  /** amount / peak, 20 places: 0.1 is ten percent; more than 1 when equity is below zero. */
  readonly fraction: Big;
}

/** The drawdown from a known peak. Null when the peak is not above zero: a share of nothing is not known. A new peak is its own. */
export function drawdownFrom(peak: Money, equity: Money): Drawdown | null {
  const highest = equity.gt(peak) ? equity : peak;
  if (highest.lte('0')) return null;
  const amount = highest.minus(equity) as Money;
  return { peak: highest, equity, amount, fraction: amount.div(highest) };
}

/**
 * The drawdown at each value of an equity series, in order of time, from the highest value up to there. Null where no value up to there
 * was above zero. As long as the series; of an empty one, empty.
 */
export function drawdowns(equity: readonly Money[]): readonly (Drawdown | null)[] {
  let peak: Money | undefined;
  return equity.map((value) => {
    const drawdown = drawdownFrom(peak ?? value, value);
    peak = drawdown?.peak ?? value;
    return drawdown;
  });
}

/** The drawdown at the last value of an equity series; null of an empty series, or one that was never above zero. */
export const currentDrawdown = (equity: readonly Money[]): Drawdown | null => drawdowns(equity).at(-1) ?? null;

/** The deepest drawdown of a series, by fraction, and where in the series it was. */
export interface MaximumDrawdown extends Drawdown {
  readonly peakIndex: number;
  readonly troughIndex: number;
  /** Where equity was first back at the peak; null: it is not yet, or there was nothing to recover from. */
  readonly recoveredIndex: number | null;
}

/** The maximum drawdown, the earliest of equal ones; null of an empty series, or one that was never above zero. */
export function maximumDrawdown(equity: readonly Money[]): MaximumDrawdown | null {
  let deepest: { readonly drawdown: Drawdown; readonly at: number } | null = null;
  for (const [at, drawdown] of drawdowns(equity).entries()) {
    if (drawdown !== null && (deepest === null || drawdown.fraction.gt(deepest.drawdown.fraction)))
      deepest = { drawdown, at };
  }
  if (deepest === null) return null;
  const { drawdown, at } = deepest;
  const peakIndex = equity.findIndex((value) => value.eq(drawdown.peak));
  const recovered = equity.findIndex((value, i) => i > at && value.gte(drawdown.peak));
  const nothingLost = drawdown.amount.eq('0');
  return { ...drawdown, peakIndex, troughIndex: at, recoveredIndex: nothingLost || recovered < 0 ? null : recovered };
}
