import { type Big, decimal, type Quantity, quantity, rounding, text, wholeShares } from '../../core/decimal.ts';
import { isPair } from '../../core/pairs.ts';
import type { SizingContext } from './context.ts';

/** The smallest part that brokers count shares and coins in. */
export const smallestLot = quantity('0.000000001');
const one = quantity('1');

/**
 * What the quantity of an entry is a multiple of. Parts of a share where the strategy and the broker have them, and not for shorts or under
 * a stop that trails, which venues take in whole shares only. Of coins what the venue says, or nine decimals.
 */
export function lotOf({ signal, strategy, asset }: SizingContext, side: 'buy' | 'sell'): Quantity {
  const { shares, lot } = strategy.bounds;
  if (isPair(signal.ticker)) return asset?.minTradeIncrement ?? smallestLot;
  const trails = signal.trailAmount !== null || signal.trailPercent !== null;
  const parts = shares === 'fractional' && asset?.fractionable === true && side === 'buy' && !trails;
  if (lot === null) return parts ? smallestLot : one;
  const wanted = decimal(lot);
  return quantity(parts ? wanted : wanted.round(0, rounding.awayFromZero));
}

/** What a part of a position is a multiple of: whole shares of a position in whole shares, nine decimals of one that is not. */
export const lotOfHeld = (held: Quantity): Quantity => (wholeShares(held).eq(held) ? one : smallestLot);

/** The largest multiple of the lot that takes no more than the amount, at `per` a share; never rounds up. */
export function lotsIn(amount: Big, per: Big, lot: Quantity): Quantity {
  if (per.lte('0') || amount.lte('0')) return quantity('0');
  const each = per.times(lot);
  const lots = amount.div(each).round(0, rounding.towardZero);
  // A quotient is kept to 20 decimals: one that was rounded up to a whole number is a lot too many.
  return quantity((lots.times(each).gt(amount) ? lots.minus('1') : lots).times(lot));
}

/** "one share", "one lot of 100". */
export const lotInWords = (lot: Quantity): string => (lot.eq('1') ? 'one share' : `one lot of ${text(lot)}`);
