import { type Big, decimal, type Price } from '../../../core/decimal.ts';
import type { Side } from '../../../core/model/signal.ts';

/** Basis points kept: a hundredth of one is far below what a tick of any stock comes to. */
const decimals = 2;

/**
 * What a price was worse than another, in basis points of that other: positive when money was lost by it, whichever side was traded.
 * Against the price at the moment of the decision this is the implementation shortfall of what was filled (Perold, "The Implementation
 * Shortfall: Paper versus Reality", Journal of Portfolio Management 14(3), 1988); against a fill on paper it is drift.
 */
export function slippageBps(side: Side, price: Price, reference: Price): Big {
  if (!reference.gt('0')) throw new RangeError(`a price cannot be compared with ${reference}`);
  const worse = side === 'buy' ? price.minus(reference) : reference.minus(price);
  return worse.times('10000').div(reference).round(decimals);
}

/** The middle value; of an even number of them the mean of the two in the middle. Null of none. */
export function median(values: readonly Big[]): Big | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a.cmp(b));
  const upper = sorted[Math.floor(sorted.length / 2)]!;
  if (sorted.length % 2 === 1) return upper;
  return upper.plus(sorted[sorted.length / 2 - 1]!).div('2');
}

/** The smallest value that at least this share of all does not exceed: the nearest-rank percentile (NIST handbook, 7.2.6.2, without interpolation). */
export function percentile(values: readonly Big[], share: number): Big | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a.cmp(b));
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export const sumOf = (values: readonly Big[]): Big => values.reduce((sum, value) => sum.plus(value), decimal('0'));
