import type { Order, Position } from '../api/contract.ts';
import { add, multiply, signOf, subtract } from '../format/decimal.ts';
import { finalStates } from '../format/states.ts';

/** What a line at a price stands for. */
export type LineKind = 'average' | 'stop' | 'target' | 'entry' | 'exit';

/** A price that something stands at. */
export interface PriceLine {
  readonly id: string;
  readonly kind: LineKind;
  readonly price: string;
  readonly quantity: string;
  /** Null: it is no order. */
  readonly order: Order | null;
  /** Which of its prices the line is. */
  readonly term: 'stopPrice' | 'limitPrice' | null;
  /** Whether the order works at the broker in a way that lets its price be changed. */
  readonly changeable: boolean;
  /** Whether another order is about to take its place. */
  readonly beingMoved: boolean;
}

const changeable: readonly string[] = ['held', 'accepted', 'partially_filled'];

const kindOf = (order: Order): LineKind =>
  order.role === 'stop_loss'
    ? 'stop'
    : order.role === 'take_profit'
      ? 'target'
      : order.role === 'entry'
        ? 'entry'
        : 'exit';

/** What is left of an order. */
export const restOf = (order: Order): string => subtract(order.quantity, order.filledQuantity);

function linesOfOrder(order: Order): PriceLine[] {
  const trails = order.trailPrice !== null || order.trailPercent !== null;
  // A stop with a limit is shown where it begins to work.
  const term = order.stopPrice !== null ? 'stopPrice' : order.limitPrice !== null ? 'limitPrice' : null;
  const price = term && order[term];
  if (term === null || price === null) return [];
  return [
    {
      id: order.id,
      kind: kindOf(order),
      price,
      quantity: restOf(order),
      order,
      term,
      changeable: !trails && changeable.includes(order.status),
      beingMoved: order.status === 'pending_replace',
    },
  ];
}

/** Every price of an account at which something stands in a symbol: what was paid, and the orders that work. */
export function priceLines(
  symbol: string,
  accountId: string | null,
  positions: readonly Position[],
  orders: readonly Order[],
): readonly PriceLine[] {
  const here = (row: { symbol: string; accountId: string }): boolean =>
    row.symbol === symbol && (accountId === null || row.accountId === accountId);
  const averages = positions
    .filter((row) => here(row) && signOf(row.quantity) !== 0)
    .map(
      (row): PriceLine => ({
        ...{ id: `average ${row.accountId}`, kind: 'average', price: row.averagePrice, quantity: row.quantity },
        ...{ order: null, term: null, changeable: false, beingMoved: false },
      }),
    );
  const working = orders.filter((order) => here(order) && !finalStates.includes(order.status));
  return [...averages, ...working.flatMap(linesOfOrder)];
}

/** What an order at another price is asked to become. */
export function changeTo({ order, term }: PriceLine, price: string): Record<string, string> {
  if (!order || !term) return {};
  if (term === 'limitPrice' || order.limitPrice === null || order.stopPrice === null) return { [term]: price };
  // The limit of a stop keeps its distance: else a stop that is moved far would not fill.
  return { stopPrice: price, limitPrice: add(order.limitPrice, subtract(price, order.stopPrice)) };
}

/** What closing at a price would bring against what was paid, below zero a loss; null: it closes nothing, or nobody knows what was paid. */
export function resultAt(line: PriceLine, price: string, average: string | null): string | null {
  if (!line.order || average === null || line.kind === 'entry') return null;
  const gain = multiply(subtract(price, average), line.quantity);
  return line.order.side === 'sell' ? gain : multiply(gain, '-1');
}
