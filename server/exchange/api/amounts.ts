import { Big, text } from '../../core/decimal.ts';
import { ticksPerDollar } from '../market/market.ts';
import type { Ticks } from '../venue/model.ts';

/** What the books count a quantity in. */
const lotsPerShare = 1;
const [ticksInDollar, lotsInShare] = [new Big(String(ticksPerDollar)), new Big(String(lotsPerShare))];

/** A quantity of the books as the API writes it. */
export const qtyText = (lots: number): string => text(new Big(String(lots)).div(lotsInShare));

/** Sum of price x quantity of the books, in dollars. */
export const costDollars = (cost: Ticks): Big => new Big(String(cost)).div(ticksInDollar).div(lotsInShare);

/** An average price in dollars with up to six decimals, as Alpaca shows them; null of nothing. */
export function averageText(cost: Ticks, lots: number): string | null {
  if (lots === 0) return null;
  return text(
    new Big(String(cost))
      .div(ticksInDollar)
      .div(new Big(String(lots)))
      .round(6, 1),
  );
}

/** An amount of money, to the cent. */
export const moneyText = (amount: Big): string => text(amount.round(2, 1));

/** part / |whole| with up to eight decimals; 0 of nothing. */
export const ratioText = (part: Big, whole: Big): string =>
  whole.eq('0') ? '0' : text(part.div(whole.abs()).round(8, 1));

/** A decimal that a query gave: plain digits, at most nine decimals; null when it is none. */
export function plainDecimal(value: string): Big | null {
  return /^\d{1,12}(\.\d{1,9})?$/.test(value) ? new Big(value) : null;
}

/** A quantity in the books' lots; null when it is finer than they count. */
export function lotsOf(shares: Big): number | null {
  const lots = shares.times(lotsInShare);
  return lots.mod('1').eq('0') ? Number(lots.toFixed()) : null;
}
