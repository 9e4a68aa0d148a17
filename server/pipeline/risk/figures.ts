import {
  type Big,
  type Money,
  money,
  type Quantity,
  quantity,
  type RoundingMode,
  rounding,
  text,
  toCents,
  zeroMoney,
} from '../../core/decimal.ts';
import type { OpenOrderView } from '../../core/model/account-view.ts';
import { toAmount } from '../../core/risk-figures/amounts.ts';
import { ExactSum } from './exact-sum.ts';
import type { RiskContext } from './rule.ts';

/** "20 %" of a fraction, with at most one decimal. */
export function percent(fraction: Big): string {
  const tenths = roundedDigits(fraction, 3);
  if (Number.isNaN(tenths)) return `${text(fraction.times('100').round(1, rounding.halfAwayFromZero))} %`;
  const rest = tenths % 10;
  return `${signOf(fraction, tenths)}${(tenths - rest) / 10}${rest === 0 ? '' : `.${rest}`} %`;
}

/** A share that is above a limit, with as many decimals as it takes to look so: "20.04 %" when the limit is 20 %. */
export function percentAbove(fraction: Big, limit: Big): string {
  for (let decimals = 1; decimals < 8; decimals += 1) {
    const shown = `${text(fraction.times('100').round(decimals, rounding.halfAwayFromZero))} %`;
    if (shown !== percent(limit)) return shown;
  }
  return `over ${percent(limit)}`;
}

/** Cents, as a person writes an amount. */
export function amount(value: Big): string {
  const cents = roundedDigits(value, 2);
  if (Number.isNaN(cents)) return toCents(value).toFixed(2);
  const rest = cents % 100;
  return `${signOf(value, cents)}${(cents - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
}

/** A statistic in money, as a person writes it. */
export function amountOf(value: number): string {
  const cents = Math.abs(value) * 100;
  const rounded = Math.round(cents);
  // Where neither the product nor the double itself could be mistaken for the other side of half a cent.
  const sure = cents < 1e12 && Math.abs(cents - Math.floor(cents) - 0.5) > 1e-3;
  if (!sure) return amount(toAmount(value));
  const rest = rounded % 100;
  return `${value < 0 && rounded !== 0 ? '-' : ''}${(rounded - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
}

/** The text of `a / b`, rounded by name: what a person is shown of a proportion, or a receipt keeps. */
export function quotientText(a: Big, b: Big, places: number, mode: RoundingMode): string {
  const scaled = (roughly(a) / roughly(b)) * 10 ** places;
  const [below, rest] = [Math.floor(scaled), scaled % 1];
  // Where no error of a double could be mistaken for the other side: a division of decimals takes longer than a rule.
  const sure = a.s === 1 && b.s === 1 && scaled < 1e9 && rest > 1e-4 && rest < 1 - 1e-4 && Math.abs(rest - 0.5) > 1e-4;
  if (!sure || (mode !== rounding.towardZero && mode !== rounding.halfAwayFromZero))
    return text(a.div(b).round(places, mode));
  const rounded = mode === rounding.halfAwayFromZero && rest > 0.5 ? below + 1 : below;
  const digits = String(rounded).padStart(places + 1, '0');
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  return `${digits.slice(0, digits.length - places)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A decimal above zero as a double, by its first digits. */
function roughly({ c, e }: Big): number {
  let value = 0;
  const digits = Math.min(c.length, 15);
  for (let i = 0; i < digits; i++) value = value * 10 + c[i]!;
  return value * 10 ** (e + 1 - digits);
}

const signOf = ({ s }: Big, rounded: number): string => (s === -1 && rounded !== 0 ? '-' : '');

/** The digits of a decimal, without its sign, to so many places, half away from zero; NaN where a double does not hold them exactly. */
function roundedDigits({ c, e }: Big, places: number): number {
  const kept = e + 1 + places;
  if (kept > 15) return Number.NaN;
  let whole = 0;
  for (let i = 0; i < kept; i++) whole = whole * 10 + (c[i] ?? 0);
  return kept >= 0 && (c[kept] ?? 0) >= 5 ? whole + 1 : whole;
}

/** What one share is counted at: the price it is expected near. */
export const priceOf = (context: RiskContext): Money => money(context.sized.referencePrice ?? zeroMoney);

/** What the order adds, in money. */
export const orderValue = (context: RiskContext): Money => money(context.sized.quantity.times(priceOf(context)));

/** Said by a rule that adds the order to what is held, of one that has no price: what is not known never counts as nothing. */
export const valueNotKnown = 'what the order would add is not known: it has no price.';

/** How many shares, not whole ones, an amount buys at what one is counted at; null: a share has no price. */
export function sharesWorth(context: RiskContext, value: Big): Quantity | null {
  const each = priceOf(context);
  return each.gt('0') ? quantity(value.gt('0') ? value.div(each) : '0') : null;
}

/** What open entries may still add; of all of them, or of those that count. */
export function openEntryValue(context: RiskContext, counts: (order: OpenOrderView) => boolean = () => true): Money {
  const sum = new ExactSum();
  for (const order of context.account?.openOrders ?? [])
    if (order.role === 'entry' && counts(order)) sum.addProduct(order.remaining, order.referencePrice);
  return sum.value;
}
