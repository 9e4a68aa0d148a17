import type { Quantity } from '../../core/decimal.ts';
import { canTransition, isTerminal, type OrderStatus } from '../../core/model/order.ts';

/** What we know of an order when the broker's word on it comes in. */
export interface KnownOrder {
  readonly status: OrderStatus;
  readonly quantity: Quantity;
  /** The sum of the fills we have recorded. */
  readonly filledQuantity: Quantity;
  /** The broker's last word that was taken over; null before the first. */
  readonly brokerStatus: string | null;
  readonly brokerUpdatedAt: Date | null;
}

/** The parts of the broker's word that decide about the status. */
export interface BrokerWord {
  readonly status: OrderStatus;
  readonly brokerStatus: string;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  readonly updatedAt: Date | null;
}

/** What follows for the status: a step, nothing, or a step that the table forbids and that is to be recorded. */
export type Step =
  | { readonly kind: 'move'; readonly to: Exclude<OrderStatus, 'approved'> }
  | { readonly kind: 'stay' }
  | { readonly kind: 'refuse'; readonly to: OrderStatus };

const stay: Step = { kind: 'stay' };

/** Whether the word is older than one we took over already: a slow poll, or a stream that was overtaken. */
export const isStale = (known: KnownOrder, word: BrokerWord): boolean =>
  (known.brokerUpdatedAt !== null && word.updatedAt !== null && word.updatedAt < known.brokerUpdatedAt) ||
  word.filledQuantity.lt(known.filledQuantity);

/** Whether it says what the last one said. A change of ours since then (a cancel that was asked) is not undone by it. */
const isRepeated = (known: KnownOrder, word: BrokerWord): boolean =>
  known.brokerStatus === word.brokerStatus && known.brokerUpdatedAt?.getTime() === word.updatedAt?.getTime();

/**
 * The step that the broker's word leads to. `filled` and `partially_filled` are taken on the fills we have recorded, never on the
 * word alone: an order stays open, and is asked about again, until every fill is in the ledger.
 */
export function stepOfBrokerWord(known: KnownOrder, word: BrokerWord): Step {
  if (isStale(known, word) || isRepeated(known, word)) return stay;
  return stepTo(known.status, statusByRecordedFills(known, word));
}

function statusByRecordedFills(known: KnownOrder, word: BrokerWord): OrderStatus {
  // That it works says nothing of the replacement that is on its way: whoever asked for that hears its end.
  if (known.status === 'pending_replace' && works(word.status)) return known.status;
  if (word.status !== 'filled' && word.status !== 'partially_filled') return word.status;
  if (known.filledQuantity.gte(word.quantity)) return 'filled';
  if (isTerminal(known.status)) return known.status;
  if (known.filledQuantity.gt('0')) return stillOpen(known.status) ? known.status : 'partially_filled';
  // It lives at the broker, and its fills are on their way to us.
  return known.status === 'submitting' || known.status === 'submit_unknown' || known.status === 'held'
    ? 'accepted'
    : known.status;
}

const works = (status: OrderStatus): boolean =>
  status === 'accepted' || status === 'held' || status === 'partially_filled';

/** The status a leg gets when it is first heard of, none of its fills being recorded yet. */
export const statusOfNewLeg = (word: BrokerWord): Exclude<OrderStatus, 'approved'> =>
  word.status === 'filled' || word.status === 'partially_filled' || word.status === 'approved'
    ? 'accepted'
    : word.status;

/**
 * The step after a fill that brought the filled quantity to `total`. A partial fill does not undo a cancel that was asked, and one
 * that was on the wire when the order ended leaves it ended.
 */
export function stepOfFill(status: OrderStatus, quantity: Quantity, total: Quantity): Step {
  if (total.gte(quantity)) return stepTo(status, 'filled');
  if (status === 'partially_filled' || stillOpen(status)) return stay;
  return canTransition(status, 'partially_filled') ? { kind: 'move', to: 'partially_filled' } : stay;
}

/** A step by the one table. */
export function stepTo(from: OrderStatus, to: OrderStatus): Step {
  if (from === to) return stay;
  if (to === 'approved' || !canTransition(from, to)) return { kind: 'refuse', to };
  return { kind: 'move', to };
}

const stillOpen = (status: OrderStatus): boolean =>
  status === 'pending_cancel' || status === 'pending_replace' || status === 'partially_filled';
