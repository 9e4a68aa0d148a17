import { type Big, type Money, money, type Quantity, quantity } from '../../core/decimal.ts';
import { bookOf } from './exposure.ts';
import { orderValue, priceOf } from './figures.ts';
import type { EntryContext } from './rule.ts';

/** What a broker asks for: parts of what is long and of what is short. */
export interface MarginRates {
  readonly long: Big;
  readonly short: Big;
}

export interface MarginAfter {
  readonly before: Money;
  readonly after: Money;
  /** How many shares of the order leave no more asked for than this. */
  sharesFor(free: Money): Quantity;
}

/**
 * Margin for all positions, open entries and the order, by one rate a side (Regulation T and FINRA rule 4210 have 25 % to keep what is long,
 * 30 % what is short, and 50 % to open either). An order for what the venue does not lend on counts whole. Null: the order has no price.
 */
export function marginAfter(context: EntryContext, { long, short }: MarginRates): MarginAfter | null {
  const { sized, asset } = context;
  if (sized.referencePrice === null) return null;
  const { heldLong, heldShort, openLong, openShort } = bookOf(context).of('all');
  const before = money(heldLong.plus(openLong).times(long).plus(heldShort.plus(openShort).times(short)));
  const rate = sized.side === 'sell' ? short : long;
  const needs = asset?.marginable === false && rate.lt('1') ? null : rate;
  const value = orderValue(context);
  const each = needs === null ? priceOf(context) : priceOf(context).times(needs);
  return {
    before,
    after: money(before.plus(needs === null ? value : value.times(needs))),
    sharesFor(free) {
      const room = free.minus(before);
      return quantity(room.gt('0') && each.gt('0') ? room.div(each) : '0');
    },
  };
}
