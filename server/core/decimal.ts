import { Big, type RoundingMode } from 'big.js';

// Strict: a JS number never becomes money, not even by accident (`Big(0.1)` throws, `Big('0.1')` does not).
Big.strict = true;
// Division keeps 20 decimals; every amount that is stored is rounded explicitly, by a named mode, at the call.
Big.DP = 20;

declare const unit: unique symbol;

/** A price per share, in the account's currency. */
export type Price = Big & { readonly [unit]: 'price' };
/** A number of shares; negative for a short position. */
export type Quantity = Big & { readonly [unit]: 'quantity' };
/** An amount in the account's currency. */
export type Money = Big & { readonly [unit]: 'money' };

/** What may become a decimal: a decimal string, a Big, or a bigint. Never a JS number. */
export type DecimalInput = string | Big | bigint;

const decimalText = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Parses a decimal; throws a `RangeError` that quotes the text when it is none. */
export function decimal(value: DecimalInput): Big {
  if (typeof value === 'bigint') return new Big(value.toString());
  if (typeof value === 'string') {
    const text = value.trim();
    if (!decimalText.test(text)) throw new RangeError(`not a decimal number: ${JSON.stringify(value)}`);
    return new Big(text);
  }
  return value;
}

/** Parses a decimal or answers null; for text that comes from outside. */
export function tryDecimal(value: string): Big | null {
  const text = value.trim();
  return decimalText.test(text) ? new Big(text) : null;
}

export const price = (value: DecimalInput): Price => decimal(value) as Price;
export const quantity = (value: DecimalInput): Quantity => decimal(value) as Quantity;
export const money = (value: DecimalInput): Money => decimal(value) as Money;

export const zeroMoney: Money = money('0');
export const zeroQuantity: Quantity = quantity('0');

/** price x quantity, exact. */
export const notional = (p: Price, q: Quantity): Money => p.times(q) as Money;

/** A decimal's digits as a whole number, without its sign; NaN where they are more than a double holds for sure. */
export function digitsOf({ c }: Big): number {
  if (c.length > 15) return Number.NaN;
  let whole = 0;
  for (let i = 0; i < c.length; i++) whole = whole * 10 + c[i]!;
  return whole;
}

/** How many decimals it has; below zero for a whole number that ends in zeros. */
export const decimalsOf = ({ c, e }: Big): number => c.length - 1 - e;

/** The canonical text: no exponent, no trailing zeros, no minus zero. Equal amounts have equal text. */
export function text(value: Big): string {
  const { c, e } = value;
  // As nearly all are: fewer digits than a double holds. Verdicts are made of texts, a hundred for a decision.
  if (c.length <= 15 && e >= -7 && e < 21 && (c[c.length - 1] !== 0 || c.length === 1)) {
    if (c[0] === 0) return '0';
    const digits = String(digitsOf(value));
    const sign = value.s === -1 ? '-' : '';
    if (e < 0) return `${sign}0.${'0'.repeat(-e - 1)}${digits}`;
    if (e >= c.length - 1) return `${sign}${digits}${'0'.repeat(e - c.length + 1)}`;
    return `${sign}${digits.slice(0, e + 1)}.${digits.slice(e + 1)}`;
  }
  const s = value.toFixed();
  const trimmed = s.includes('.') ? s.replace(/0+$/, '').replace(/\.$/, '') : s;
  return trimmed === '-0' ? '0' : trimmed;
}

/** Rounding, by the names desks use. Half away from zero is what statements show. */
export const rounding = {
  towardZero: 0 as RoundingMode,
  halfAwayFromZero: 1 as RoundingMode,
  halfEven: 2 as RoundingMode,
  awayFromZero: 3 as RoundingMode,
};

/** Whole shares, never more than asked for: rounds toward zero. */
export const wholeShares = (value: Big): Quantity => value.round(0, rounding.towardZero) as Quantity;

/** To the cent, half away from zero. */
export const toCents = (value: Big): Money => value.round(2, rounding.halfAwayFromZero) as Money;

export const minimum = <T extends Big>(a: T, b: T): T => (a.lte(b) ? a : b);
export const maximum = <T extends Big>(a: T, b: T): T => (a.gte(b) ? a : b);

export { Big, type RoundingMode };
