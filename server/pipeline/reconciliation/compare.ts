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

/** From here on cash differs. Brokers show whole cents, and books have what trades came to exactly. */
const cashTolerance = '0.01';

/** Compares positions, to the share, and cash, to the cent. */
export function compareHoldings(ours: Books, brokers: BrokersView): Difference[] {
  const differences: Difference[] = [];
  const symbols = new Set([...ours.positions.map((p) => p.symbol), ...brokers.positions.map((p) => p.symbol)]);
  for (const symbol of [...symbols].sort()) {
    const mine = ours.positions.find((p) => p.symbol === symbol)?.quantity ?? zeroQuantity;
    const told = brokers.positions.find((p) => p.symbol === symbol);
    const theirs = told?.quantity ?? zeroQuantity;
    if (mine.eq(theirs)) continue;
    differences.push({
      id: `position:${symbol}`,
      kind: 'position',
      state: 'open',
      symbol,
      ours: text(mine),
      brokers: text(theirs),
      ...(told ? { price: text(told.averageEntryPrice) } : {}),
      sentence: `The broker holds ${text(theirs)} ${symbol}, our ledger ${text(mine)}.`,
    });
  }
  if (ours.cash.minus(brokers.account.cash).abs().gte(cashTolerance)) {
    differences.push({
      id: 'cash',
      kind: 'cash',
      state: 'open',
      symbol: null,
      ours: text(ours.cash),
      brokers: text(brokers.account.cash),
      sentence: `The broker says cash is ${toCents(brokers.account.cash).toFixed(2)}, our ledger ${toCents(ours.cash).toFixed(2)}.`,
    });
  }
  return differences;
}

/** Those of `now` that were there `before` by the same amount; the others are trades on their way through. */
export function lasting(before: readonly Difference[], now: readonly Difference[]): Difference[] {
  const known = new Set(before.map(gap));
  return now.filter((one) => known.has(gap(one)));
}

/** Of cash and shares only the amount counts: both sides go on trading. Of the rest, what it is about. */
function gap(one: Difference): string {
  if (one.kind !== 'cash' && one.kind !== 'position') return one.id;
  return `${one.id} ${text(decimal(one.brokers ?? '0').minus(decimal(one.ours ?? '0')))}`;
}

/** Whether the broker lets the account trade, by its own word. */
export function compareAccount(account: BrokerAccount): Difference[] {
  const found: Difference[] = [];
  const about = { state: 'open', symbol: null, ours: null } as const;
  if (account.tradingBlocked) {
    found.push({
      ...about,
      id: 'trading_blocked',
      kind: 'trading_blocked',
      brokers: null,
      sentence: 'The broker has blocked trading for this account.',
    });
  }
  if (account.status !== undefined && account.status !== 'ACTIVE') {
    found.push({
      ...about,
      id: 'account_status',
      kind: 'account_status',
      brokers: account.status,
      sentence: `The broker says that the account is ${account.status}, not ACTIVE.`,
    });
  }
  return found;
}

/** What rests at the broker and is not ours: somebody trades the account by hand, or another program does. It is left alone. */
export const listForeign = (orders: readonly BrokerOrder[]): Difference[] =>
  orders.map((order): Difference => {
    const size = `${order.side} ${text(order.quantity)} ${order.symbol}`;
    return {
      id: `foreign_order:${order.brokerOrderId}`,
      kind: 'foreign_order',
      state: 'information',
      symbol: order.symbol,
      ours: null,
      brokers: `${size}, ${order.brokerStatus}`,
      sentence: `The broker has an order that is not ours: ${size} (${order.brokerStatus}, ${order.brokerOrderId}).`,
    };
  });

/** What had been missed and was taken over, order by order and fill by fill. */
export function listTaken(orders: readonly BrokerOrder[], fills: readonly BrokerFill[]): Difference[] {
  return [
    ...orders.map((order): Difference => {
      const size = `${order.side} ${text(order.quantity)} ${order.symbol}`;
      return {
        id: `order:${order.brokerOrderId}`,
        kind: 'order',
        state: 'corrected',
        symbol: order.symbol,
        ours: null,
        brokers: order.brokerStatus,
        sentence: `The broker's word on an order was taken over: ${size} is ${order.brokerStatus}.`,
      };
    }),
    ...fills.map((fill): Difference => {
      const size = `${fill.side} ${text(fill.quantity)} ${fill.symbol} at ${text(fill.price)}`;
      return {
        id: `fill:${fill.executionId}`,
        kind: 'fill',
        state: 'corrected',
        symbol: fill.symbol,
        ours: null,
        brokers: size,
        sentence: `A fill that had been missed was taken over: ${size}.`,
      };
    }),
  ];
}
