import type { Random } from './ports/random.ts';

/**
 * The pause before another try: anything up to `firstMs`, doubled with each failure, never over `longestMs`. All of it is drawn, so that what
 * failed together does not come back together ("full jitter": Marc Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015).
 * `failures` counts from 1. At least a millisecond.
 */
export function fullJitterMs(
  random: Pick<Random, 'fraction'>,
  failures: number,
  bounds: { readonly firstMs: number; readonly longestMs: number },
): number {
  const ceiling = Math.min(bounds.longestMs, bounds.firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.max(1, Math.round(random.fraction() * ceiling));
}

/** A pause that must not be cut short, such as one that was asked for, with up to a tenth more of it, and at least `spreadMs`, drawn on top. */
export const spreadMs = (random: Pick<Random, 'fraction'>, askedMs: number, leastSpreadMs = 100): number =>
  Math.round(askedMs + random.fraction() * Math.max(leastSpreadMs, askedMs / 10));
