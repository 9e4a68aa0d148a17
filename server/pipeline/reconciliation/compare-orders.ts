import { type Price, type Quantity, text } from '../../core/decimal.ts';
import type { BrokerFill, BrokerOrder } from '../../core/model/broker-order.ts';
import { isTerminal } from '../../core/model/order.ts';
import type { FillInBooks, OrderInBooks } from '../../core/ports/broker-facts.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';
import type { Difference } from '../../core/ports/reconciliation-store.ts';

/** An activity list may lag behind the stream by so long; a fill that is missing there counts from then on. */
const listedWithinMs = 60_000;

const samePrice = (a: Price | null, b: Price | null): boolean => (a === null || b === null ? a === b : a.eq(b));

/**
 * Compares orders of ours with the broker's word on them, after that was taken over: what is left differs for good. Both ways: those that the
 * broker does not know, and those that have ended here and not there.
 */
export function compareOrders(
  ours: readonly OrderInBooks[],
  told: readonly BrokerOrder[],
  lost: readonly OrderRecord[],
): { readonly compared: number; readonly differences: Difference[] } {
  const word = new Map(told.flatMap((order) => [order, ...order.legs]).map((order) => [order.brokerOrderId, order]));
  const differences: Difference[] = lost.map((order) => ({
    id: `order:${order.brokerOrderId}`,
    kind: 'order',
    state: 'open',
    symbol: order.symbol,
    ours: order.status,
    brokers: null,
    orderId: order.orderId,
    sentence: `The broker does not know our order to ${order.side} ${text(order.quantity)} ${order.symbol} (${order.brokerOrderId}), which is ${order.status} here.`,
  }));
  let compared = lost.length;
  for (const order of ours) {
    const theirs = word.get(order.brokerOrderId);
    if (theirs === undefined) continue;
    compared++;
    const what = unlike(order, theirs);
    if (what === null) continue;
    differences.push({
      id: `order:${order.brokerOrderId}`,
      kind: 'order',
      state: 'open',
      symbol: order.symbol,
      ours: what.ours,
      brokers: what.brokers,
      orderId: order.orderId,
      sentence: `An order in ${order.symbol} differs in its ${what.name}: the broker says ${what.brokers}, our books ${what.ours}.`,
    });
  }
  return { compared, differences };
}

/** The first thing in which an order differs; null: none. */
function unlike(ours: OrderInBooks, theirs: BrokerOrder): { name: string; ours: string; brokers: string } | null {
  const differ = (name: string, mine: string, brokers: string) => ({ name, ours: mine, brokers });
  const ended = isTerminal(ours.status) || isTerminal(theirs.status);
  if (ended && ours.status !== theirs.status) return differ('status', ours.status, theirs.brokerStatus);
  const sizes: [string, Quantity, Quantity][] = [
    ['filled quantity', ours.filledQuantity, theirs.filledQuantity],
    // An order over an amount of money has no quantity of its own, and one that ended is what it was filled.
    ...(isTerminal(ours.status) ? [] : [['quantity', ours.quantity, theirs.quantity] as [string, Quantity, Quantity]]),
  ];
  for (const [name, mine, brokers] of sizes) if (!mine.eq(brokers)) return differ(name, text(mine), text(brokers));
  if (isTerminal(ours.status)) return null;
  const show = (price: Price | null) => (price === null ? 'none' : text(price));
  if (!samePrice(ours.limitPrice, theirs.limitPrice)) {
    return differ('limit price', show(ours.limitPrice), show(theirs.limitPrice));
  }
  if (theirs.type !== 'trailing_stop' && !samePrice(ours.stopPrice, theirs.stopPrice)) {
    return differ('stop price', show(ours.stopPrice), show(theirs.stopPrice));
  }
  return null;
}

/**
 * Compares fills over the window that was asked for: by execution id, else by the order and its cumulative quantity, as two ways of telling
 * may name one fill differently. Fills of others are booked before, and are none of these.
 */
export function compareFills(
  ours: readonly FillInBooks[],
  listed: readonly BrokerFill[],
  { since, now }: { readonly since: Date; readonly now: Date },
): { readonly compared: number; readonly differences: Difference[] } {
  const key = (orderId: string | null, cumulative: Quantity) => `${orderId} ${text(cumulative)}`;
  const byId = new Map(listed.map((fill) => [fill.executionId, fill]));
  const byCumulative = new Map(listed.map((fill) => [key(fill.brokerOrderId, fill.cumulativeQuantity), fill]));
  const differences: Difference[] = [];
  let compared = 0;
  for (const fill of ours) {
    const theirs = byId.get(fill.executionId) ?? byCumulative.get(key(fill.brokerOrderId, fill.cumulativeQuantity));
    const mine = `${text(fill.quantity)} at ${text(fill.price)}`;
    const about = { id: `fill:${fill.executionId}`, kind: 'fill', state: 'open', symbol: fill.symbol } as const;
    if (theirs === undefined) {
      const asked = fill.at >= since && now.getTime() - fill.at.getTime() > listedWithinMs;
      if (!asked) continue;
      compared++;
      differences.push({
        ...about,
        ours: mine,
        brokers: null,
        orderId: fill.orderId,
        sentence: `Our books have a fill that the broker does not list: ${mine} of ${fill.symbol} (${fill.executionId}).`,
      });
      continue;
    }
    compared++;
    if (theirs.quantity.eq(fill.quantity) && theirs.price.eq(fill.price)) continue;
    const brokers = `${text(theirs.quantity)} at ${text(theirs.price)}`;
    differences.push({
      ...about,
      ours: mine,
      brokers,
      orderId: fill.orderId,
      sentence: `A fill of ${fill.symbol} differs: the broker says ${brokers}, our books ${mine} (${fill.executionId}).`,
    });
  }
  return { compared, differences };
}
