import { decimal, type Money, type Quantity, text, toCents, zeroQuantity } from '../../core/decimal.ts';
import type { BrokerAccount, BrokerFill, BrokerOrder, BrokerPosition } from '../../core/model/broker-order.ts';
import type { Difference } from '../../core/ports/reconciliation-store.ts';

/** What our ledger says an account holds. */
export interface Books {
  readonly cash: Money;
  /** Negative when short. */
  readonly positions: readonly { readonly symbol: string; readonly quantity: Quantity }[];
}

/** What the broker says an account holds. */
export interface BrokersView {
  readonly account: BrokerAccount;
  readonly positions: readonly BrokerPosition[];
}

/** Compares positions, to the share, and cash, to the cent. */
export function compareHoldings(ours: Books, brokers: BrokersView): Difference[] {
  const differences: Difference[] = [];
  const symbols = new Set([...ours.positions.map((p) => p.symbol), ...brokers.positions.map((p) => p.symbol)]);
  for (const symbol of [...symbols].sort()) {
    const mine = ours.positions.find((p) => p.symbol === symbol)?.quantity ?? zeroQuantity;
    const theirs = brokers.positions.find((p) => p.symbol === symbol)?.quantity ?? zeroQuantity;
    if (mine.eq(theirs)) continue;
    differences.push({
      kind: 'position',
      symbol,
      ours: text(mine),
      brokers: text(theirs),
      sentence: `The broker holds ${text(theirs)} ${symbol}, our ledger ${text(mine)}.`,
    });
  }
  const cash = toCents(ours.cash);
  const theirCash = toCents(brokers.account.cash);
  if (!cash.eq(theirCash)) {
    differences.push({
      kind: 'cash',
      symbol: null,
      ours: text(ours.cash),
      brokers: text(brokers.account.cash),
      sentence: `The broker says cash is ${theirCash.toFixed(2)}, our ledger ${cash.toFixed(2)}.`,
    });
  }
  return differences;
}

/** Those of `now` that were there `before` by the same amount; the others are trades on their way through. */
export function lasting(before: readonly Difference[], now: readonly Difference[]): Difference[] {
  const gap = (one: Difference) =>
    `${one.kind} ${one.symbol} ${text(decimal(one.brokers ?? '0').minus(decimal(one.ours ?? '0')))}`;
  const known = new Set(before.map(gap));
  return now.filter((one) => known.has(gap(one)));
}

/** What is at the broker and not ours: somebody trades the account by hand, or another program does. */
export function listForeign(orders: readonly BrokerOrder[], fills: readonly BrokerFill[]): Difference[] {
  return [
    ...orders.map((order): Difference => {
      const size = `${order.side} ${text(order.quantity)} ${order.symbol}`;
      return {
        kind: 'foreign_order',
        symbol: order.symbol,
        ours: null,
        brokers: `${size}, ${order.brokerStatus}`,
        sentence: `The broker has an order that is not ours: ${size} (${order.brokerStatus}, ${order.brokerOrderId}).`,
      };
    }),
    ...fills.map((fill): Difference => {
      const size = `${fill.side} ${text(fill.quantity)} ${fill.symbol} at ${text(fill.price)}`;
      return {
        kind: 'foreign_fill',
        symbol: fill.symbol,
        ours: null,
        brokers: size,
        sentence: `The broker has a fill that is not ours: ${size} (order ${fill.brokerOrderId}).`,
      };
    }),
  ];
}
