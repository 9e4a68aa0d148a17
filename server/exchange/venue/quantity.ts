import { Big, text } from '../../core/decimal.ts';
import { largestLots } from '../book/terms.ts';
import { lotsPerUnit } from '../market/instruments.ts';

/**
 * A quantity of the books: whole lots. A lot is a thousand-millionth of a share or a coin, the finest fraction that Alpaca takes, or a
 * millionth of a coin that costs so little that larger numbers of it are traded: an order has at most 2^50 lots.
 */
export type Lots = number;

const finest = 1_000_000_000;
/** Coins below a dollar; a table and no rule, as the books of a restart are in the lots of the day before. */
const cheapCoins = new Set('ADA ALGO BONK DOGE GRT HBAR PEPE SHIB TRX XLM XRP'.split(' '));

export const isCrypto = (symbol: string): boolean => symbol.includes('/');

/** Lots to a share or a coin. */
export const lotsPerUnitOf = (symbol: string): Lots =>
  isCrypto(symbol) && cheapCoins.has(symbol.slice(0, symbol.indexOf('/'))) ? 1_000_000 : finest;

/** Finest lots to a lot of the symbol: 1, or 1000 for a cheap coin. */
export const finestLotsPerLotOf = (symbol: string): number => finest / lotsPerUnitOf(symbol);

/** Most of a symbol that one order may be for, in whole shares or coins: below the 2^50 lots that the matching core counts to. */
export const mostUnitsOf = (symbol: string): number => (lotsPerUnitOf(symbol) === finest ? 1_000_000 : 1_000_000_000);

/** Most that a position and what may be added to it come to: beyond it sums would not be exact. */
export const mostLots: Lots = 2 ** 52;

/** Shares or coins. */
export const unitsOf = (symbol: string, lots: Lots): Big =>
  new Big(String(lots)).div(new Big(String(lotsPerUnitOf(symbol))));

/** A quantity as the API writes it: "1.5". */
export const qtyText = (symbol: string, lots: Lots): string => text(unitsOf(symbol, lots));

/** Shares or coins in the books' lots; null when that is finer than they count. */
export function lotsOf(symbol: string, units: Big): Lots | null {
  const lots = units.times(String(lotsPerUnitOf(symbol)));
  return lots.mod('1').eq('0') ? Number(lots.toFixed()) : null;
}

/** A size that the market shows, in its own coarser lots, in the books'; no more than the core counts to. */
export function shownLots(symbol: string, size: number): Lots {
  const perUnit = lotsPerUnit({ assetClass: isCrypto(symbol) ? 'crypto' : 'us_equity' });
  return Math.min(largestLots, size * (lotsPerUnitOf(symbol) / perUnit));
}

/** Whether it is a whole number of shares or coins. */
export const isWhole = (symbol: string, lots: Lots): boolean => lots % lotsPerUnitOf(symbol) === 0;
