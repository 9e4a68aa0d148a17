import { type Big, decimal, type Money, money, rounding } from '../decimal.ts';
import { fromAmount, toAmount } from '../risk-figures/amounts.ts';

/** Results from one amount up to, but not including, another. */
export interface ResultBin {
  readonly from: Money;
  readonly to: Money;
  readonly count: number;
}

/** More bins than these are no longer read. */
const mostBins = 40;

/**
 * How results are spread, in bins of one width between the smallest and the largest. The width is that of D. Freedman and P. Diaconis (1981, "On
 * the histogram as a density estimator"), 2 IQR / n^(1/3), brought down to 1, 2 or 5 times a power of ten, and larger where there would be more than
 * forty bins. Edges are multiples of it: zero is one of them, and no bin holds wins and losses both. Of no results, empty.
 */
export function resultBins(results: readonly Money[]): ResultBin[] {
  if (results.length === 0) return [];
  const sorted = [...results].sort((a, b) => a.cmp(b));
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  let width = niceWidth(sorted.map(fromAmount));
  while (
    most
      .div(width)
      .minus(least.div(width))
      .gt(String(mostBins - 1))
  )
    width = nextWidth(width);
  const placeOf = (value: Big): Big => floor(value.div(width));
  const first = placeOf(least);
  const bins = Number(placeOf(most).minus(first).toFixed()) + 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) counts[Number(placeOf(value).minus(first).toFixed())]!++;
  return counts.map((count, i) => {
    const from = first.plus(String(i)).times(width);
    return { from: money(from), to: money(from.plus(width)), count };
  });
}

/** At least a cent. */
function niceWidth(sorted: readonly number[]): Big {
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25) || sorted.at(-1)! - sorted[0]!;
  const wanted = (2 * spread) / Math.cbrt(sorted.length);
  let width: Big = decimal('0.01');
  while (nextWidth(width).lte(toAmount(wanted))) width = nextWidth(width);
  return width;
}

/** 1, 2, 5, 10, 20, 50 … */
const nextWidth = (width: Big): Big => (width.c[0] === 2 ? width.times('2.5') : width.times('2'));

/** Linear between the two nearest (R. J. Hyndman and Y. Fan 1996, type 7), as numpy has it. */
function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (at - below);
}

function floor(value: Big): Big {
  const whole = value.round(0, rounding.towardZero);
  return whole.gt(value) ? whole.minus('1') : whole;
}
