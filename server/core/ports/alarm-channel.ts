import type { AlarmKind, AlarmSeverity } from '../model/alarm.ts';

/** What the world outside is told of an alarm. */
export interface AlarmMessage {
  /** A sentence for people, complete in itself; chat services show it as it is. */
  readonly text: string;
  readonly what: 'raised' | 'cleared';
  readonly severity: AlarmSeverity;
  readonly kind: AlarmKind;
  readonly alarmId: string;
  readonly key: string;
  /** ISO 8601: when it was raised, or cleared. */
  readonly at: string;
  /** The page of the dashboard that shows it. */
  readonly link: string;
}

/** A way to somebody who is not looking at the dashboard. */
export interface AlarmChannel {
  /**
   * Tells; throws an `Error` with a sentence when it is not known to have arrived. The same `idempotencyKey` is the same message, however
   * often it comes.
   */
  tell(message: AlarmMessage, idempotencyKey: string): Promise<void>;
}
