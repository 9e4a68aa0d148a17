import { type Big, type Price, price, rounding } from '../../core/decimal.ts';

/**
 * An alert's price on the venue's grid, as it is sent. Scripts compute prices to many decimals, which venues refuse. A stop or target is
 * rounded toward the entry, by less than a tick: the stop then costs no more than it was sized for.
 */
export const protectionOnGrid = (buy: boolean, kind: 'stop' | 'target', value: Price): Price =>
  toTick(value, buy === (kind === 'stop') ? 'up' : 'down');

/** A limit on the venue's grid: never paying more, never selling for less than the alert said. */
export const limitOnGrid = (buy: boolean, value: Price): Price => toTick(value, buy ? 'down' : 'up');

/** What triggers an entry, on the venue's grid: never before the market is where the alert said. */
export const triggerOnGrid = (buy: boolean, value: Price): Price => toTick(value, buy ? 'up' : 'down');

/** Cents from a dollar up, hundredths of a cent below (SEC Rule 612). */
export function toTick(value: Big, direction: 'up' | 'down'): Price {
  const decimals = value.gte('1') ? 2 : 4;
  return price(value.round(decimals, direction === 'up' ? rounding.awayFromZero : rounding.towardZero));
}
