import { minimum, type Quantity, quantity, text } from '../../core/decimal.ts';
import type { ApprovedOrder } from '../../core/model/approved-order.ts';
import { isTerminal } from '../../core/model/order.ts';
import type { RefusalCode } from '../../core/model/refusals.ts';
import type { AwaitedOrder, OrderRecord } from '../../core/ports/order-store.ts';
import type { Cancels } from './cancel.ts';
import { freeToProtect } from './closing-room.ts';
import type { Context } from './context.ts';

/** Whether an order's turn has come. */
export type Turn =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'never'; readonly code: RefusalCode; readonly sentence: string };

const go: Turn = { kind: 'go' };
const wait: Turn = { kind: 'wait' };

/** Whether the order that this one waits for has come to what it must have; an order that waits for none goes at once. */
export async function turnOf({ orders }: Context, order: ApprovedOrder, record: OrderRecord): Promise<Turn> {
  const { after } = order;
  if (!after || !record.afterOrderId) return go;
  const awaited = await orders.awaited(record.afterOrderId);
  if (awaited === null) throw new Error(`order ${order.orderId} waits for ${record.afterOrderId}, which is not there`);
  if (after.when === 'cleared') return (await entriesBefore(orders, order, record)) ? wait : go;
  if (after.when === 'sent') return awaited.status === 'approved' || awaited.status === 'waiting' ? wait : go;
  if (!isTerminal(awaited.status)) return wait;
  if (after.when === 'filled') {
    return awaited.filledQuantity.gt('0') ? go : never(`the entry was not filled: it is ${inWords(awaited)}.`);
  }
  // Whatever closed it, the exit or a stop that was quicker: the books say whether anything is left on the other side.
  const held = await orders.positionQuantity(order.accountId, order.symbol, order.strategy);
  const left = order.side === 'buy' ? held.neg() : held;
  if (left.lte('0')) return go;
  return never(`${text(left)} ${order.symbol} are still held on the other side, as the exit is ${inWords(awaited)}.`);
}

/** Whether an entry of the strategy in the ticker is open that was there before this one's decision. */
async function entriesBefore(
  orders: Context['orders'],
  { accountId, symbol, strategy, signalId }: ApprovedOrder,
  { createdAt }: OrderRecord,
): Promise<boolean> {
  const open = await orders.open(accountId, symbol, strategy);
  return open.some((other) => other.role === 'entry' && other.signalId !== signalId && other.createdAt < createdAt);
}

const never = (why: string): Turn => ({
  kind: 'never',
  code: 'EXECUTION_AFTER_FAILED',
  sentence: `Not sent: ${why}`,
});

const inWords = ({ status, problem }: AwaitedOrder): string => (problem ? `${status} (${problem})` : status);

/** What a stop that takes the place of its entry's own may hold now. */
export type Room =
  | { readonly kind: 'clear'; readonly quantity: Quantity }
  /** The entry's legs are being cancelled. */
  | { readonly kind: 'clearing'; readonly names: string }
  | { readonly kind: 'nothing'; readonly sentence: string };

/**
 * Makes room for a stop that follows an entry's fill: the entry's own legs hold the shares until here, so they are cancelled and their
 * end waited for; only then can the venue take another stop for the same shares. What the legs have closed meanwhile is not its to hold.
 */
export async function roomAfterEntry(
  context: Context,
  cancels: Cancels,
  order: ApprovedOrder,
  record: OrderRecord,
): Promise<Room> {
  const { orders } = context;
  const [awaited, held, open] = await Promise.all([
    orders.awaited(record.afterOrderId!),
    orders.positionQuantity(order.accountId, order.symbol, order.strategy),
    orders.open(order.accountId, order.symbol, order.strategy),
  ]);
  const position = order.side === 'sell' ? held : quantity(held.neg());
  const bought = quantity((awaited?.filledQuantity ?? position).minus(awaited?.closedQuantity ?? '0'));
  const wanted = minimum(minimum(order.quantity, bought), position);
  const nothing = (why: string): Room => ({ kind: 'nothing', sentence: `Nothing was left to protect: ${why}` });
  if (wanted.lte('0')) return nothing(`what the entry bought of ${order.symbol} is closed.`);
  // The fill may be told before the legs are: they hold the shares all the same. A venue that makes none has told so by then.
  if (awaited?.lacksLegs && isRecent(context, awaited))
    return { kind: 'clearing', names: 'legs that were not told yet' };
  const legs = open.filter((other) => other.parentId !== null && awaited?.orderIds.includes(other.parentId));
  const [first] = legs;
  if (first) {
    // One leg of a bracket takes the other with it.
    await cancels.cancel(first.orderId, 'A stop that trails takes its place.');
    return { kind: 'clearing', names: legs.map((leg) => leg.role.replace('_', ' ')).join(', ') };
  }
  const free = minimum(wanted, freeToProtect(order, held, open));
  // The watch over protection may have been quicker with a stop that stands still: it gives way as a leg does.
  const placed = open.findLast(
    (other) =>
      other.origin === 'protection' &&
      other.role === 'stop_loss' &&
      other.type !== 'trailing_stop' &&
      other.side === order.side,
  );
  if (placed && free.lt(wanted)) {
    await cancels.cancel(placed.orderId, 'A stop that trails takes its place.');
    return { kind: 'clearing', names: 'the stop that was placed meanwhile' };
  }
  return free.gt('0') ? { kind: 'clear', quantity: free } : nothing(`other orders hold all of ${order.symbol}.`);
}

const isRecent = ({ clock, timings }: Context, { closedAt }: AwaitedOrder): boolean =>
  closedAt === null || clock.now().getTime() - closedAt.getTime() < timings.stuckMs / 2;
