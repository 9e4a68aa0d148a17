import { decimal, type Price, type Quantity, text } from '../../core/decimal.ts';
import { freeBuyingPower } from '../../core/model/account-view.ts';
import { isPair } from '../../core/pairs.ts';
import type { SizingContext } from './context.ts';
import { lotsIn } from './lots.ts';
import type { NoSize } from './method.ts';
import { noSize } from './method.ts';

/** Dollars that Alpaca asks of an order for a part of a share. */
const leastOfParts = decimal('1');
const one = decimal('1');

/** A quantity within its bounds; `said` is what they did to it, in sentences. */
export interface Bounded {
  readonly quantity: Quantity;
  readonly said: readonly string[];
}

/** Brings a quantity under the strategy's caps, always downwards. */
export function capped(wanted: Quantity, entry: Price | null, lot: Quantity, context: SizingContext): Bounded {
  const { maxQuantity, maxNotional, fitBuyingPower } = context.strategy.bounds;
  const power = fitBuyingPower && context.account ? freeBuyingPower(context.account) : null;
  const caps: { readonly most: Quantity; readonly why: string }[] = [];
  if (maxQuantity !== null) {
    caps.push({
      most: lotsIn(decimal(maxQuantity), one, lot),
      why: `the strategy enters at most ${maxQuantity} at once`,
    });
  }
  if (maxNotional !== null && entry) {
    const why = `the strategy’s entries are worth at most ${maxNotional}`;
    caps.push({ most: lotsIn(decimal(maxNotional), entry, lot), why });
  }
  if (power !== null && entry) {
    caps.push({ most: lotsIn(power, entry, lot), why: `buying power is ${text(power)}` });
  }
  let quantity = wanted;
  const said: string[] = [];
  for (const { most, why } of caps) {
    if (most.gte(quantity)) continue;
    quantity = most;
    said.push(`Capped at ${text(most)}: ${why}.`);
  }
  return { quantity, said };
}

/** Whether an entry is worth enough to be sent; null: it is. */
export function tooSmall(quantity: Quantity, entry: Price, lot: Quantity, context: SizingContext): NoSize | null {
  const { strategy, asset, signal } = context;
  const { minNotional } = strategy.bounds;
  const least =
    minNotional === null ? (lot.lt('1') && !isPair(signal.ticker) ? leastOfParts : null) : decimal(minNotional);
  const worth = quantity.times(entry);
  if (least && worth.lt(least)) {
    const sentence = `${text(quantity)} at ${text(entry)} are worth ${text(worth)}, and at least ${text(least)} is sent.`;
    return noSize('RISK_MIN_NOTIONAL', sentence);
  }
  if (asset?.minOrderSize && quantity.lt(asset.minOrderSize)) {
    const sentence = `${text(quantity)} ${signal.ticker} are less than the ${text(asset.minOrderSize)} that the venue takes.`;
    return noSize('RISK_MIN_NOTIONAL', sentence);
  }
  return null;
}
