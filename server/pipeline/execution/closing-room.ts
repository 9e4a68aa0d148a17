import { maximum, type Quantity, quantity, zeroQuantity } from '../../core/decimal.ts';
import type { Side } from '../../core/model/signal.ts';
import type { OrderRecord } from '../../core/ports/order-store.ts';

/** An exit that is about to be sent, as far as the others need to know it. */
export interface ExitToPlace {
  readonly orderId: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly createdAt: Date;
}

/** What stands between an exit and its shares. */
export interface ClosingRoom {
  /** The quantity that is left to close; zero or less: nothing. */
  readonly left: Quantity;
  /** What nothing that closes holds yet; less than nothing: more is being closed than is held. */
  readonly free: Quantity;
  /** To be cancelled first, oldest first: they hold shares that the exit needs, or would buy back what it sells. */
  readonly toCancel: readonly OrderRecord[];
  /** Being on their way to the broker or to their end, they can only be waited for. */
  readonly toAwait: readonly OrderRecord[];
}

/**
 * Works out the room for an exit among the open orders of its symbol. `held` is the position by our ledger, negative when short.
 * Protective legs of one entry share their shares: one of them ending ends the other. Only older exits stand in the way, so that
 * never do two wait for each other.
 */
export function closingRoom(exit: ExitToPlace, held: Quantity, open: readonly OrderRecord[]): ClosingRoom {
  const position = exit.side === 'sell' ? held : quantity(held.neg());
  const here = new Set(open.map((order) => order.orderId));
  // One that was never sent and waits for an order that has not ended holds nothing; once that one has, it sees this exit.
  const others = open.filter((order) => order.orderId !== exit.orderId && !waitsFor(order, here));
  const byId = new Map(others.map((order) => [order.orderId, order]));
  const entries = others.filter((order) => order.role === 'entry' && order.side !== exit.side && isOlder(order, exit));
  const groups = new Map<string, OrderRecord[]>();
  for (const order of others) {
    if (order.side !== exit.side || !isOlder(order, exit)) continue;
    if (order.role === 'entry') continue;
    // Legs of an entry that still works hold nothing yet, and end with it.
    if (order.parentId !== null && byId.get(order.parentId)?.role === 'entry') continue;
    const key = order.parentId ?? order.orderId;
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  const holding = [...groups.values()].map((orders) => ({
    orders,
    quantity: orders.map((order) => quantity(order.quantity.minus(order.filledQuantity))).reduce(maximum, zeroQuantity),
  }));
  const wanted = exit.quantity.lt(position) ? exit.quantity : position;
  const unheld = holding.reduce((rest, group) => quantity(rest.minus(group.quantity)), position);
  let free = unheld;
  const inTheWay: OrderRecord[] = [...entries];
  for (const group of holding) {
    if (free.gte(wanted)) break;
    inTheWay.push(...group.orders);
    free = quantity(free.plus(group.quantity));
  }
  const cancellable = (order: OrderRecord): boolean =>
    order.status === 'held' ||
    order.status === 'accepted' ||
    order.status === 'partially_filled' ||
    (order.status === 'approved' && order.role !== 'exit');
  return {
    left: wanted,
    free: unheld,
    toCancel: inTheWay.filter(cancellable),
    toAwait: inTheWay.filter((order) => !cancellable(order)),
  };
}

/** What no other order that closes holds of a position: all that a stop may be for. `side` is the stop's. */
export function freeToProtect(
  stop: { readonly orderId: string; readonly side: Side },
  held: Quantity,
  open: readonly OrderRecord[],
): Quantity {
  const latest = new Date(8.64e15);
  const room = closingRoom({ ...stop, quantity: zeroQuantity, createdAt: latest }, held, open);
  return room.free;
}

const waitsFor = (order: OrderRecord, open: ReadonlySet<string>): boolean =>
  order.role !== 'entry' && order.status === 'approved' && order.afterOrderId != null && open.has(order.afterOrderId);

function isOlder(order: OrderRecord, exit: ExitToPlace): boolean {
  // Legs are made by the broker whenever it likes, and a stop takes what is free and waits for nobody: they are never newer in any sense
  // that matters.
  if (order.parentId !== null || order.role === 'stop_loss') return true;
  const difference = order.createdAt.getTime() - exit.createdAt.getTime();
  return difference < 0 || (difference === 0 && order.orderId < exit.orderId);
}
