import type { Price } from '../decimal.ts';

/**
 * The life of an order at Signalbox. `approved` is stored with its decision; `submitting` is committed before the
 * broker is called; `submit_unknown` means the answer was unclear and only the broker's word can end it.
 * `waiting` is an exit whose shares are still held by resting protective legs that are being cancelled.
 * `pending_cancel` and `pending_replace` are committed before the broker is asked, and ended by its word.
 */
export type OrderStatus =
  | 'approved'
  | 'waiting'
  | 'submitting'
  | 'submit_unknown'
  | 'held'
  | 'accepted'
  | 'partially_filled'
  | 'pending_replace'
  | 'pending_cancel'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'rejected'
  | 'replaced';

/** Where an order can go from a status, and why that happens. */
type Steps = Readonly<Record<OrderStatus, Readonly<Partial<Record<OrderStatus, string>>>>>;

/** What may follow once an order is on its way: the answer, or a stream event that overtakes it. */
const onceSent = {
  held: 'The broker took it and keeps it for later: a leg that waits for its entry.',
  accepted: 'The broker took it.',
  partially_filled: 'A fill was told before the answer to the submission.',
  pending_cancel: 'The broker is ending it already: an order of the day, taken at the close.',
  filled: 'All of it was filled before the answer was read.',
  canceled: 'The broker took it and ended it: an order that must fill at once and did not.',
  expired: 'The broker took it and it ran out before we heard of it.',
  replaced: 'The broker took it, and another order took its place before we heard of it.',
  rejected: 'The broker refused it, or it was not sent for a reason of ours.',
} as const;

/** How an order that works, or is about to be cancelled or replaced, can end. */
const ends = {
  filled: 'The last fill.',
  canceled: 'Cancelled: by us, by its sibling, by a person at the broker, or by the venue.',
  expired: 'Its time in force ran out.',
  replaced: 'Another order took its place; what was filled stays with this one.',
} as const;

/** The one table of transitions. What is not here is impossible: it is recorded as an event, never applied. */
export const orderSteps: Steps = {
  approved: {
    waiting: 'An exit whose shares resting orders hold: they are cancelled first.',
    submitting: 'About to be sent.',
    canceled: 'Cancelled before it was sent.',
    rejected: 'Not sent for a reason of ours: the kill switch, its age, nothing left to close.',
  },
  waiting: {
    submitting: 'Its shares are free.',
    canceled: 'Cancelled before it was sent.',
    rejected: 'What held its shares closed the position: nothing was left.',
  },
  submitting: {
    waiting:
      'An exit that the broker refused because orders that end just now, or that we have not heard of, hold its shares.',
    submit_unknown: 'No clear answer, or surely not sent.',
    ...onceSent,
  },
  submit_unknown: {
    submitting: 'The broker is sure that it never got the order: sent again under the same client order id.',
    ...onceSent,
  },
  held: {
    accepted: 'Its entry was filled, and it works.',
    partially_filled: 'It was released and filled in part before we heard of the release.',
    pending_cancel: 'A cancel is on its way.',
    pending_replace: 'Another order is to take its place.',
    rejected: 'The venue refused it when it was released.',
    ...ends,
  },
  accepted: {
    held: 'A leg that was told of as working is held after all: its parent was replaced.',
    partially_filled: 'The first fill of several.',
    pending_cancel: 'A cancel is on its way.',
    pending_replace: 'Another order is to take its place.',
    rejected: 'Refused by the venue after the broker took it.',
    ...ends,
  },
  partially_filled: {
    pending_cancel: 'A cancel is on its way; what is filled stays.',
    pending_replace: 'Another order is to take the place of the rest.',
    rejected: 'The venue refused the rest after a fill; what is filled stays.',
    ...ends,
  },
  pending_replace: {
    held: 'The request to replace was refused: it stands as it was.',
    accepted: 'The request to replace was refused: it stands as it was.',
    partially_filled: 'The request to replace was refused after a fill.',
    pending_cancel: 'A cancel was asked, by us or at the broker, before the replacement was taken.',
    rejected: 'Refused by the venue while it was to be replaced.',
    ...ends,
  },
  pending_cancel: {
    held: 'The cancel of a leg was refused by the venue.',
    accepted: 'The cancel was refused by the venue: it goes on working.',
    partially_filled: 'The cancel was refused by the venue after a fill.',
    rejected: 'Refused by the venue before the cancel came to it.',
    ...ends,
    filled: 'The fill won the race against the cancel.',
  },
  filled: {},
  canceled: { filled: 'The fill that crossed the cancel on the wire: the word of the venue on a fill always counts.' },
  expired: { filled: 'A fill of the last moment, told after the end.' },
  rejected: {},
  replaced: { filled: 'The fill that crossed the request to replace: the replacement is rejected by the venue.' },
};

/** What a trade that the venue takes back or changes does to an order; nothing else goes back. */
export const correctionSteps: Steps = {
  approved: {},
  waiting: {},
  submitting: {},
  submit_unknown: {},
  held: {},
  accepted: {},
  partially_filled: {
    accepted: 'The only trade was busted: nothing is filled.',
    filled: 'A trade was corrected to a greater quantity.',
    canceled: 'A trade was busted, and the venue ended the order with it.',
  },
  pending_replace: {},
  pending_cancel: {},
  filled: {
    accepted: 'The only trade was busted, and the order works again.',
    partially_filled: 'A trade was busted or corrected to less, and the rest of the order works again.',
    canceled: 'A trade was busted or corrected to less, and the venue does not fill the rest.',
    expired: 'A trade was busted after the time in force of the order had run out.',
  },
  canceled: {},
  expired: {},
  rejected: {},
  replaced: {},
};

export const orderStatuses = Object.keys(orderSteps) as OrderStatus[];

/** Whether the table allows the step; staying in a status is always allowed and changes nothing. */
export const canTransition = (from: OrderStatus, to: OrderStatus): boolean =>
  from === to || orderSteps[from][to] !== undefined;

/** The same for a step that follows from a busted or corrected trade. */
export const canFollowCorrection = (from: OrderStatus, to: OrderStatus): boolean =>
  canTransition(from, to) || correctionSteps[from][to] !== undefined;

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
export const orderTypes = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'] as const;
export type OrderType = (typeof orderTypes)[number];
/** How far a trailing stop keeps from the best price: an amount in the account's currency, or percent of the price ("2" = 2 %). */
export type Trail = { readonly price: Price } | { readonly percent: Price };
export const timesInForce = ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const;
export type TimeInForce = (typeof timesInForce)[number];
export type OrderClass = 'simple' | 'bracket' | 'oco' | 'oto';
