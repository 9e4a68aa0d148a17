import { Big, text } from '../../core/decimal.ts';

/** An amount of money, to the cent. */
export const moneyText = (amount: Big): string => text(amount.round(2, 1));

/** part / |whole| with up to eight decimals; 0 of nothing. */
export const ratioText = (part: Big, whole: Big): string =>
  whole.eq('0') ? '0' : text(part.div(whole.abs()).round(8, 1));

/** A decimal that a query gave: plain digits, at most nine decimals; null when it is none. */
export function plainDecimal(value: string): Big | null {
  return /^\d{1,12}(\.\d{1,9})?$/.test(value) ? new Big(value) : null;
}
