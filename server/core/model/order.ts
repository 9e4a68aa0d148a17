import type { Price } from '../decimal.ts';

/**
 * The life of an order at Signalbox. `approved` is stored with its decision; `submitting` is committed before the
 * broker is called; `submit_unknown` means the answer was unclear and only the broker's word can end it.
 * `waiting` is an exit whose shares are still held by resting protective legs that are being cancelled.
 */
export type OrderStatus =
  | 'approved'
  | 'waiting'
  | 'submitting'
  | 'submit_unknown'
  | 'held'
  | 'accepted'
  | 'partially_filled'
  | 'pending_cancel'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'replaced';

/** The one table of transitions. What is not here is impossible: it is recorded as an event, never applied. */
export const orderTransitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  approved: ['waiting', 'submitting', 'canceled', 'rejected'],
  waiting: ['submitting', 'canceled', 'rejected'],
  // A stream event can arrive before the answer to the submission: any live or final status may follow.
  submitting: [
    'submit_unknown',
    'held',
    'accepted',
    'partially_filled',
    'pending_cancel',
    'filled',
    'canceled',
    'expired',
    'rejected',
  ],
  // Back to submitting only when the broker is sure that it never got the order.
  submit_unknown: [
    'submitting',
    'held',
    'accepted',
    'partially_filled',
    'pending_cancel',
    'filled',
    'canceled',
    'expired',
    'rejected',
  ],
  held: ['accepted', 'partially_filled', 'pending_cancel', 'filled', 'canceled', 'expired', 'rejected', 'replaced'],
  accepted: ['held', 'partially_filled', 'pending_cancel', 'filled', 'canceled', 'expired', 'rejected', 'replaced'],
  partially_filled: ['pending_cancel', 'filled', 'canceled', 'expired', 'replaced'],
  // A cancel can lose the race against a fill, or be refused by the venue.
  pending_cancel: ['accepted', 'partially_filled', 'filled', 'canceled', 'expired', 'rejected', 'replaced'],
  filled: [],
  // The fill that crossed our cancel on the wire: the venue's word on a fill always counts.
  canceled: ['filled'],
  expired: ['filled'],
  rejected: [],
  replaced: ['filled'],
};

export const orderStatuses = Object.keys(orderTransitions) as OrderStatus[];

/** Whether the table allows the step; staying in a status is always allowed and changes nothing. */
export const canTransition = (from: OrderStatus, to: OrderStatus): boolean =>
  from === to || orderTransitions[from].includes(to);

/** Statuses in which nothing more is expected of the broker. */
export const terminalStatuses = [
  'filled',
  'canceled',
  'expired',
  'rejected',
  'replaced',
] as const satisfies readonly OrderStatus[];
export const isTerminal = (status: OrderStatus): boolean => (terminalStatuses as readonly string[]).includes(status);

/** Statuses in which the order may exist at the broker or is about to. */
export const openStatuses: readonly OrderStatus[] = orderStatuses.filter((status) => !isTerminal(status));

export type OrderRole = 'entry' | 'exit' | 'take_profit' | 'stop_loss';
/**
 * Why there is an order. `decision`: the risk gate approved it; `venue`: a leg the broker made of it; `protection`: a stop that was missing,
 * `flatten`: what closes a position that could not be protected; `replacement`: it took another's place; `adopted`: somebody else's
 * that a person took over.
 */
export type OrderOrigin = 'decision' | 'venue' | 'protection' | 'flatten' | 'replacement' | 'adopted';
export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit' | 'trailing_stop';
/** How far a trailing stop keeps from the best price: an amount in the account's currency, or percent of the price ("2" = 2 %). */
export type Trail = { readonly price: Price } | { readonly percent: Price };
export type TimeInForce = 'day' | 'gtc' | 'ioc' | 'fok' | 'opg' | 'cls';
export type OrderClass = 'simple' | 'bracket' | 'oco' | 'oto';
