import type { EventKind } from '../../core/model/event.ts';
import type { OrderStatus } from '../../core/model/order.ts';

const kinds: Readonly<Record<Exclude<OrderStatus, 'approved'>, EventKind>> = {
  waiting: 'order.waiting',
  submitting: 'order.submitting',
  submit_unknown: 'order.submit_unknown',
  held: 'order.held',
  accepted: 'order.accepted',
  partially_filled: 'order.partially_filled',
  pending_replace: 'order.replace_requested',
  pending_cancel: 'order.cancel_requested',
  filled: 'order.filled',
  canceled: 'order.canceled',
  expired: 'order.expired',
  rejected: 'order.rejected',
  replaced: 'order.replaced',
};

/** The event that tells of an order's arrival in a status. No transition leads to `approved`: its decision's event tells. */
export const eventOfStatus = (status: Exclude<OrderStatus, 'approved'>): EventKind => kinds[status];
