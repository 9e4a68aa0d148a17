import type { Order, OrderChangeWish } from '../contract/index.ts';
import { decimal, text } from '../core/decimal.ts';
import { isTerminal } from '../core/model/order.ts';
import type { OrderChangeText } from '../core/ports/job-queue.ts';
import { HttpProblem } from '../http/problems.ts';

const refused = (detail: string): HttpProblem =>
  new HttpProblem(422, 'ORDER_CHANGE_REFUSED', 'Not changed', `${detail} Nothing was changed.`);

/** What of a person's wish differs from the order as it works. Throws an `HttpProblem` where the wish is none that may be asked of a broker. */
export function changeOf(order: Order, wish: OrderChangeWish): OrderChangeText {
  if (isTerminal(order.status)) {
    throw new HttpProblem(409, 'ORDER_FINAL', 'Too late', 'The order has ended already. Nothing was changed.');
  }
  if (order.status !== 'accepted' && order.status !== 'partially_filled' && order.status !== 'held') {
    const status = order.status.replaceAll('_', ' ');
    throw new HttpProblem(
      409,
      'ORDER_NOT_WORKING',
      'Not now',
      `The order is ${status}: only one that works can be changed.`,
    );
  }
  const { type } = order;
  if (wish.limitPrice !== undefined && type !== 'limit' && type !== 'stop_limit')
    throw refused('It has no limit price.');
  if (wish.stopPrice !== undefined && type !== 'stop' && type !== 'stop_limit') throw refused('It has no stop price.');
  if (wish.quantity !== undefined) checkQuantity(order, wish.quantity);
  const change: OrderChangeText = {
    ...differing('quantity', wish.quantity, order.quantity),
    ...differing('limitPrice', wish.limitPrice, order.limitPrice),
    ...differing('stopPrice', wish.stopPrice, order.stopPrice),
  };
  if (Object.keys(change).length === 0) throw refused('The order is like that already.');
  return change;
}

function checkQuantity(order: Order, wanted: string): void {
  if (decimal(wanted).eq(decimal(order.quantity))) return;
  if (order.parentId !== null || order.orderClass !== 'simple') {
    throw refused('Venues change the prices of orders that belong together, not their quantities.');
  }
  if (decimal(wanted).lte(decimal(order.filledQuantity))) {
    throw refused(`${order.filledQuantity} of it are filled already: cancel the rest instead.`);
  }
  // The risk gate approved so much, and nobody else may approve more.
  if (decimal(wanted).gt(decimal(order.quantity))) throw refused('More than was approved needs an alert of its own.');
}

function differing(term: keyof OrderChangeText, wanted: string | undefined, now: string | null): OrderChangeText {
  if (wanted === undefined || (now !== null && decimal(wanted).eq(decimal(now)))) return {};
  return { [term]: text(decimal(wanted)) };
}
