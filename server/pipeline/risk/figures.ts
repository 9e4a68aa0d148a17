import { type Big, type Money, money, text, toCents, zeroMoney } from '../../core/decimal.ts';
import type { RiskContext } from './rule.ts';

/** "20 %" of a fraction, with at most one decimal. */
export const percent = (fraction: Big): string => `${text(fraction.times('100').round(1, 1))} %`;

/** Cents, as a person writes an amount. */
export const amount = (value: Big): string => toCents(value).toFixed(2);

/** What one share is counted at: the price it is expected near. */
export const priceOf = (context: RiskContext): Money => money(context.sized.referencePrice ?? zeroMoney);

/** What the order adds, in money. */
export const orderValue = (context: RiskContext): Money => money(context.sized.quantity.times(priceOf(context)));

/** What is held in a symbol at its latest price, without sign. */
export function positionValue(context: RiskContext, symbol: string): Money {
  const position = context.account?.positions.find((held) => held.symbol === symbol);
  if (!position || position.quantity.eq('0')) return zeroMoney;
  const last = context.prices.get(symbol);
  return money(last ? position.quantity.times(last).abs() : position.cost.abs());
}

/** What open entries may still add, in one symbol or in all. */
export function openEntryValue(context: RiskContext, symbol?: string): Money {
  let sum: Big = zeroMoney;
  for (const order of context.account?.openOrders ?? []) {
    if (order.role !== 'entry' || (symbol !== undefined && order.symbol !== symbol)) continue;
    sum = sum.plus(order.remaining.times(order.referencePrice));
  }
  return money(sum);
}
