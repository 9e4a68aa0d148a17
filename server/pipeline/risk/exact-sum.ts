import { Big, decimalsOf, digitsOf, type Money, money, zeroMoney } from '../../core/decimal.ts';

/** Decimals that are kept as a whole number: prices of the venue have four, and so has what whole shares are worth. */
const places = 6;
const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
const largest = Number.MAX_SAFE_INTEGER;

/** In millionths; NaN unless that is a whole number which a double holds exactly. */
function scaled(whole: number, decimals: number): number {
  const shift = places - decimals;
  if (shift < 0 || shift > 15) return whole === 0 ? 0 : Number.NaN;
  const value = whole * powers[shift]!;
  return value <= largest ? value : Number.NaN;
}

/** The magnitude of a decimal in millionths, exact; NaN where it cannot be, and the decimal itself must be counted. */
export const millionths = (value: Big): number => scaled(digitsOf(value), decimalsOf(value));

/** The magnitude of a product in millionths, exact; NaN where it cannot be. */
export function productInMillionths(a: Big, b: Big): number {
  const whole = digitsOf(a) * digitsOf(b);
  if (!(whole <= largest)) return Number.NaN;
  return scaled(whole, decimalsOf(a) + decimalsOf(b));
}

/** The decimal of so many millionths. */
export function fromMillionths(value: number): Money {
  if (value === 0) return zeroMoney;
  const result = new Big(String(value));
  result.e -= places;
  return result as Money;
}

/**
 * An exact sum of many amounts, at the speed of whole numbers: a decimal is counted in millionths, one that does not fit as what it is. Rules
 * add up a hundred positions for every order; with decimals alone that would be most of the gate's time.
 */
export class ExactSum {
  #whole = 0;
  #rest: Big = zeroMoney;

  /** Adds so many millionths, which may be below zero. */
  addMillionths(value: number): void {
    const sum = this.#whole + value;
    if (Math.abs(sum) <= largest) {
      this.#whole = sum;
      return;
    }
    this.#rest = this.#rest.plus(signedMillionths(this.#whole));
    this.#whole = value;
  }

  add(value: Big): void {
    const whole = millionths(value);
    if (Number.isNaN(whole)) this.#rest = this.#rest.plus(value);
    else this.addMillionths(value.s * whole);
  }

  /** Adds `a x b`, or takes it off. */
  addProduct(a: Big, b: Big, sign: 1 | -1 = 1): void {
    const whole = productInMillionths(a, b);
    if (Number.isNaN(whole)) {
      const product = a.times(b);
      this.#rest = sign === 1 ? this.#rest.plus(product) : this.#rest.minus(product);
    } else this.addMillionths(sign * a.s * b.s * whole);
  }

  get value(): Money {
    const whole = signedMillionths(this.#whole);
    return this.#rest.eq(zeroMoney) ? whole : money(whole.plus(this.#rest));
  }
}

function signedMillionths(value: number): Money {
  const magnitude = fromMillionths(Math.abs(value));
  return value < 0 ? money(magnitude.neg()) : magnitude;
}

/** For a figure that is shown or compared as a statistic: an amount of so many millionths as the nearest double. */
export const asDouble = (value: number): number => value / 10 ** places;
