import { Big, text } from '../../core/decimal.ts';
import { ticksPerDollar } from '../market/market.ts';
import type { Ticks } from './model.ts';
import { finestLotsPerLotOf, type Lots, unitsOf } from './quantity.ts';

/**
 * An amount of money: ten-trillionths of a dollar, which is a tick times the finest lot. Every price times every quantity is a whole number
 * of them, so the books are exact however many fills they are the sum of; only what is shown is rounded.
 */
export type Money = bigint;

export const moneyPerDollar: Money = 10n ** 13n;
const inDollar = new Big(String(moneyPerDollar));

/** Price x quantity, exact; signed as the quantity is. */
export const costOf = (symbol: string, lots: Lots, price: Ticks): Money =>
  BigInt(lots) * BigInt(price) * BigInt(finestLotsPerLotOf(symbol));

/** Most lots that an amount pays for at a price, rounded down: it never costs more than the amount. */
export const lotsFor = (symbol: string, amount: Money, price: Ticks): Lots =>
  amount <= 0n ? 0 : Number(amount / (BigInt(price) * BigInt(finestLotsPerLotOf(symbol))));

/** amount x part / whole, rounded half away from zero to a ten-trillionth of a dollar; `whole` is above zero. */
export function shareOf(amount: Money, part: bigint, whole: bigint): Money {
  const product = amount * part;
  const half = product < 0n ? -whole : whole;
  return (2n * product + half) / (2n * whole);
}

export const absolute = (amount: Money): Money => (amount < 0n ? -amount : amount);
export const larger = (a: Money, b: Money): Money => (a > b ? a : b);
export const smaller = (a: Money, b: Money): Money => (a < b ? a : b);

/** Whole dollars. */
export const wholeDollars = (dollars: number): Money => BigInt(dollars) * moneyPerDollar;

/** Dollars in the books' unit; null when that is finer than they count. */
export function moneyOf(dollars: Big): Money | null {
  const amount = dollars.times(inDollar);
  return amount.mod('1').eq('0') ? BigInt(amount.toFixed()) : null;
}

/** Exact dollars. */
export const dollarsOf = (amount: Money): Big => new Big(String(amount)).div(inDollar);

/** Exact dollars, as text. */
export const exactText = (amount: Money): string => text(dollarsOf(amount));

/** An amount as the API shows it: to the cent, half away from zero. */
export const centsText = (amount: Money): string => text(dollarsOf(amount).round(2, 1));

/** What may be spent, to the cent below, so that what is shown can be spent. */
export const spendableText = (amount: Money): string => text(dollarsOf(amount).round(2, 0));

/** An average price in dollars with up to six decimals, as Alpaca shows them, nine of crypto; null of nothing. */
export function averageText(symbol: string, cost: Money, lots: Lots): string | null {
  if (lots === 0) return null;
  return text(
    dollarsOf(cost)
      .div(unitsOf(symbol, lots))
      .round(symbol.includes('/') ? 9 : 6, 1),
  );
}

/** Ticks as Alpaca writes a price: "150.25", "0.1234". */
export function dollars(ticks: Ticks): string {
  return text(new Big(String(ticks)).div(String(ticksPerDollar)));
}
