import type { Alarm, NewAlarm } from '../model/alarm.ts';

export type { Alarm, AlarmKind, AlarmSeverity, NewAlarm } from '../model/alarm.ts';

/**
 * What a person must look at. Raising and clearing are one transaction each, with the event `alarm.raised` or `alarm.cleared`. They
 * may be called as often as a check runs: what changes nothing costs one statement and tells nobody.
 */
export interface Alarms {
  /**
   * Opens an alarm. While one of its key is open, only its sentence, data and count change, without an event; but one that turns from
   * `warn` to `page` is told again, and is no longer acknowledged.
   */
  raise(alarm: NewAlarm): Promise<void>;
  /** Closes the open alarm of this key, saying how it ended; nothing happens when there is none. */
  clear(key: string, sentence: string): Promise<void>;
  /** All that are open: those that page first, then the newest first. */
  open(): Promise<readonly Alarm[]>;
  /** Somebody has seen it: it stays open and stops paging, unless its kind is over when seen. False: it is not open, or was acknowledged before. */
  acknowledge(id: string, by: string): Promise<boolean>;
  /** Somebody looks at it later: until then it is quiet, and does not page. False: it is not open. */
  snooze(id: string, until: Date, by: string): Promise<boolean>;
  /** Tells those anew whose time is over and that are still open; answers how many. */
  wake(): Promise<number>;
}

/** How an alarm is told outside: when that was done last, or why it failed. */
export interface AlarmDelivery {
  /** Keeps what became of telling it: null for done, else why it failed. */
  recordDelivery(id: string, problem: string | null): Promise<void>;
}
