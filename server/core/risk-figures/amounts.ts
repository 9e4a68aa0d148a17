// The border between money, which is decimal, and statistics, which are binary: an amount enters here, and a figure leaves here.
import { type Big, type Money, money } from '../decimal.ts';

/** Powers of ten that a double holds exactly. */
const powers = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * The double nearest to a decimal. Throws a `RangeError` beyond what a double holds.
 *
 * Up to 15 digits and 22 places both parts are exact doubles, so that one rounding is the correct one (Clinger 1990, "How to read
 * floating point numbers accurately"); longer decimals go through their text, which is slower by an order of magnitude.
 */
export function fromAmount(amount: Big): number {
  const { c: digits, e: exponent, s: sign } = amount;
  const places = digits.length - 1 - exponent;
  if (digits.length <= 15 && places <= 22 && places >= -22) {
    let whole = 0;
    for (let i = 0; i < digits.length; i++) whole = whole * 10 + digits[i]!;
    if (whole === 0) return 0;
    return sign * (places > 0 ? whole / powers[places]! : whole * powers[-places]!);
  }
  const value = Number(amount.toFixed());
  if (!Number.isFinite(value)) throw new RangeError('an amount is too large for a statistic');
  return value;
}

/**
 * A statistic in the account's currency as money: the double's shortest decimal text, not rounded; who shows or stores it rounds it by
 * name. Throws a `RangeError` for what is not finite.
 */
export function toAmount(value: number): Money {
  if (!Number.isFinite(value)) throw new RangeError(`a figure that is not finite is no amount: ${value}`);
  return money(String(value === 0 ? 0 : value));
}
