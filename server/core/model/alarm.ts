/** What a person must look at. The key of an alarm begins with what it is about; its kind says which page explains it. */
export const alarmKinds = [
  /** A filled share has no stop. */
  'position.unprotected',
  /** The outcome of a submission, a cancel or a replace stays unclear. */
  'order.unclear',
  /** The broker refused what was needed to leave a position or protect it. */
  'order.refused',
  /** Books and broker differ, and no event could mend it. */
  'reconciliation.difference',
  /** Books and broker could not be compared. */
  'reconciliation.failing',
  /** A trade was busted or corrected by the venue. */
  'trade.corrected',
  /** An entry waits for a person. */
  'approval.open',
  /** A job was given up. */
  'job.dead',
  /** A job fails again and again, and is tried on. */
  'job.failing',
  /** A broker fails so often that no entries are sent to it. */
  'breaker.open',
  /** The file of the kill switch cannot be read or obeyed. */
  'kill_switch.problem',
  /** A kill switch was asked to flatten and something is still held. */
  'kill_switch.incomplete',
  /** An account cannot trade: keys, permission, or the broker has blocked it. */
  'account.unusable',
  /** A strategy's shadow on paper drifted apart from it. */
  'shadow.drift',
  /** Daily bars or the calendar of sessions could not be read anew for a day. */
  'market_data.stale',
  /** The file with the calendar of events cannot be read: it counts as unknown. */
  'event_calendar.unreadable',
  /** Many senders could not prove themselves. */
  'proof.failing',
  /** A mailbox with alerts cannot be read. */
  'mailbox.unread',
  /** A strategy enters nothing in a symbol: alerts of it seem to be missing. */
  'strategy.quarantined',
  /** A strategy has not been heard of for longer than it is set to be. */
  'strategy.silent',
  /** A destination of notifications cannot be told. */
  'notification.undelivered',
  /** What a person's own rule looks at holds. */
  'rule.holds',
  /** What a person's own rule looks at has happened. */
  'rule.happened',
] as const;
export type AlarmKind = (typeof alarmKinds)[number];

/** What has happened and cannot end by itself: it is over when somebody has seen it. */
export const overWhenSeen: readonly AlarmKind[] = ['trade.corrected', 'order.refused', 'rule.happened'];

/** `page`: somebody must look now. `warn`: today will do. */
export type AlarmSeverity = 'page' | 'warn';

/** What an alarm is raised with. */
export interface NewAlarm {
  /** Deterministic, such as `unprotected:<account>:<strategy>:<symbol>`: at most one alarm of a key is open. */
  readonly key: string;
  readonly kind: AlarmKind;
  readonly severity: AlarmSeverity;
  readonly accountId?: string | null;
  readonly orderId?: string | null;
  /** What is wrong and what happened to the money, for a trader. */
  readonly sentence: string;
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Alarm {
  readonly id: string;
  readonly key: string;
  readonly kind: AlarmKind;
  readonly severity: AlarmSeverity;
  readonly accountId: string | null;
  readonly orderId: string | null;
  readonly sentence: string;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
  /** How often it was raised while it was open. */
  readonly count: number;
  readonly raisedAt: Date;
  /** When it was raised last. */
  readonly lastRaisedAt: Date;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  /** Until then it is as if it had been seen, and is told anew afterwards; null: it is not put off. */
  readonly snoozedUntil: Date | null;
  readonly snoozedBy: string | null;
  /** Null: it is open. */
  readonly clearedAt: Date | null;
  /** How it ended; null while it is open. */
  readonly clearedSentence: string | null;
}
