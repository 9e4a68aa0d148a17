import type { MailOutcome, MailRules } from '../model/mail.ts';
import type { MailboxAddress } from './mailbox.ts';

/** How a source's mails are read, without the password. */
export interface MailboxSettings extends Omit<MailboxAddress, 'password'>, MailRules {
  readonly enabled: boolean;
  /** Where mails go that were read; null: they stay, and are marked as seen. */
  readonly moveTo: string | null;
  /** After how long without a reading somebody is told. In minutes. */
  readonly alarmMinutes: number;
}

/** How far the reading has come. */
export interface MailboxProgress {
  /** Null: the box was never read. */
  readonly uidValidity: string | null;
  readonly lastUid: number;
  /** Mails that arrived before are not looked at: the box was set then. */
  readonly readsFrom: Date;
  /** When it was last read to its end; null: never. */
  readonly readAt: Date | null;
  /** Why it cannot be read; null: it can. */
  readonly problem: string | null;
  readonly problemSince: Date | null;
}

export interface MailboxState {
  readonly webhookId: string;
  /** The name of its source. */
  readonly source: string;
  readonly settings: MailboxSettings;
  readonly progress: MailboxProgress;
  /** Another text when anything of the settings or the password is another. */
  readonly version: string;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** A mail that was read. */
export interface MailRecord {
  readonly uid: number;
  readonly at: Date;
  readonly arrivedAt: Date;
  readonly outcome: Exclude<MailOutcome['kind'], 'later'>;
  readonly code: string | null;
  readonly detail: string | null;
  readonly signalId: string | null;
}

/** The mailboxes of sources. The password is encrypted at rest and never in an event, a log line, an answer or an error. */
export interface MailboxStore {
  /** Those whose source is in force. */
  list(): Promise<readonly MailboxState[]>;
  find(webhookId: string): Promise<MailboxState | null>;
  /** Throws when the instance's key is not the one it was encrypted with. Null: there is no such mailbox. */
  password(webhookId: string): Promise<string | null>;
  /**
   * Sets a mailbox, with its event. The reading begins anew, with mails that arrive from now on, where the box is another one. Null: there is no such
   * source. Without a password the one there is stays.
   */
  put(webhookId: string, settings: MailboxSettings, password: string | null, by: string): Promise<MailboxState | null>;
  /** False: there was none. */
  remove(webhookId: string, by: string): Promise<boolean>;
  /** Whether this process is the one that reads the box, until the lease is over; asked again, it is prolonged. */
  lease(webhookId: string, owner: string, seconds: number): Promise<boolean>;
  release(webhookId: string, owner: string): Promise<void>;
  /** That a mail was settled, once for its id: with its event where it was refused, and the reading has come so far. */
  settled(
    webhookId: string,
    mail: { uidValidity: string; uid: number; arrivedAt: Date; outcome: Exclude<MailOutcome, { kind: 'later' }> },
  ): Promise<void>;
  /** How far the reading has come without a mail of ours: others' mails are passed by. */
  advanced(webhookId: string, uidValidity: string, lastUid: number): Promise<void>;
  /** That the box was read to its end, or why not. */
  reported(webhookId: string, problem: string | null): Promise<void>;
  /** The last mails, newest first. */
  mails(webhookId: string, limit: number): Promise<readonly MailRecord[]>;
}
