import type { Order, Reconciliation } from '../api/contract.ts';

/** What each state of an order means, in the order in which it can come to them. */
export const statesOfOrder: Readonly<Record<Order['status'], string>> = {
  approved: 'Stored with its decision, not sent yet.',
  waiting: 'An exit whose shares are being freed: the orders that hold them are cancelled first.',
  submitting: 'Being sent. That it is was stored before the broker was called.',
  submit_unknown: 'The broker gave no clear answer. It is not sent again: only the broker’s word ends this.',
  held: 'At the broker, waiting for its entry to fill.',
  accepted: 'At the broker, nothing filled.',
  partially_filled: 'At the broker, filled in part.',
  pending_replace: 'Another order is to take its place; until the broker says so, this one works.',
  pending_cancel: 'A cancel is on its way; until the broker says so, it may still fill.',
  filled: 'Filled, and every fill is in the ledger.',
  canceled: 'Ended without the rest.',
  expired: 'Its time in force ran out.',
  rejected: 'Refused by the broker, or not sent for a reason of ours.',
  replaced: 'Another order goes on in its place.',
};

/** In these an order has ended. */
export const finalStates: readonly string[] = ['filled', 'canceled', 'expired', 'rejected', 'replaced'];

/** What the watch over protection is doing about shares, by its stage. */
export const stagesOfProtection: Readonly<Record<string, string>> = {
  protected: 'its stop works',
  waiting: 'its stop is awaited',
  placing: 'a stop is being placed',
  flattening: 'it is being sold',
  unprotected: 'a person is needed',
  excess: 'more stops than shares',
  closing: 'being closed',
};

/** Why an account was compared with its broker. */
export const reasonOfComparison: Readonly<Record<Reconciliation['reason'], string>> = {
  start: 'At the start',
  reconnect: 'After a lost connection',
  schedule: 'On schedule',
  demand: 'Asked for',
  foreign: 'Somebody else traded',
};
