/** Every kind of event the append-only table holds. Past tense: each says what has happened. */
export const eventKinds = [
  'signal.accepted',
  'signal.refused',
  'signal.repeated',
  'signal.failed',
  'decision.approved',
  'decision.denied',
  'decision.held',
  'approval.given',
  'approval.refused',
  'approval.expired',
  'approval.withdrawn',
  'order.planned',
  'order.submitting',
  'order.waiting',
  'order.reduced',
  'order.submit_unknown',
  'order.accepted',
  'order.held',
  'order.partially_filled',
  'order.filled',
  'order.cancel_requested',
  'order.cancel_refused',
  'order.replace_requested',
  'order.replace_refused',
  'order.looked_up',
  'order.canceled',
  'order.expired',
  'order.rejected',
  'order.replaced',
  'order.transition_refused',
  'protection.established',
  'protection.changed',
  'execution.recorded',
  'execution.busted',
  'execution.corrected',
  'ledger.posted',
  'position.changed',
  'equity.recorded',
  'reconciliation.completed',
  'reconciliation.failed',
  'reconciliation.settled',
  'foreign_trade.recorded',
  'foreign_trade.taken_back',
  'order.adopted',
  'order.released',
  'position.transferred',
  'broker.connected',
  'broker.disconnected',
  'settings.changed',
  'mode.changed',
  'limit.changed',
  'risk.reported',
  'kill_switch.engaged',
  'kill_switch.entries_cancelled',
  'kill_switch.flattened',
  'kill_switch.released',
  'strategy.changed',
  'strategy.promoted',
  'strategy.quarantined',
  'strategy.quarantine_cleared',
  'shadow.measured',
  'account.changed',
  'source.created',
  'source.changed',
  'source.removed',
  'source.proofs_changed',
  'source.secret_rotated',
  'source.mailbox_changed',
  'source.mail_refused',
  'source.sandbox_switched',
  'alarm.raised',
  'alarm.acknowledged',
  'alarm.cleared',
  'job.resent',
  'job.discarded',
  'breaker.opened',
  'breaker.closed',
  'system.started',
  'health.recorded',
  'search.rebuilt',
  'instruments.imported',
  'instruments.restored',
] as const;

export type EventKind = (typeof eventKinds)[number];

/** An event to be stored in the same transaction as the change it tells of. */
export interface NewEvent {
  readonly kind: EventKind;
  readonly signalId?: string | null;
  readonly orderId?: string | null;
  readonly accountId?: string | null;
  /** JSON: decimals as text, times as ISO. Never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event as it is read back, in commit-safe order. */
export interface StoredEvent extends NewEvent {
  readonly seq: string;
  readonly id: string;
  readonly at: Date;
}
