import type { Mail } from '../model/mail.ts';

/** How a connection is protected. `none` is for a server on this machine only. */
export const mailSecurities = ['tls', 'starttls', 'none'] as const;
export type MailSecurity = (typeof mailSecurities)[number];

/** Where a mailbox is, and the keys to it. */
export interface MailboxAddress {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  /** The certificate of the authority that the server's must be signed by, as PEM; null: one that is known publicly. */
  readonly authority: string | null;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
}

/** A mail as the box lists it, before it is read. */
export interface MailHead {
  readonly uid: number;
  readonly arrivedAt: Date;
  readonly bytes: number;
  /** In lower case. */
  readonly from: readonly string[];
}

/** Why a mailbox cannot be read, in a sentence for whoever set it up; never with a secret. */
export class MailboxProblem extends Error {}
/** A mail that cannot be taken apart; the next one may well be. */
export class UnreadableMail extends Error {}

/** An open mailbox. Each method throws a `MailboxProblem` when the connection does not answer in time; it is of no use then. */
export interface MailboxSession {
  /** Another value: the ids of mails begin anew. */
  readonly uidValidity: string;
  /** What is to come, oldest first: mails with a higher id, or those that arrived since the start of that day (UTC). */
  list(from: { readonly afterUid: number } | { readonly since: Date }): Promise<readonly MailHead[]>;
  /** Null: it is not there any more. Throws an `UnreadableMail`. */
  read(uid: number): Promise<Mail | null>;
  /** Marks it as seen, or moves it; nothing happens when it is not there any more. */
  settle(uid: number, moveTo: string | null): Promise<void>;
  /** Asks the server whether it is there, and hears what is new. */
  check(): Promise<void>;
  /** The folders there are. */
  folders(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Mailboxes, by whatever protocol. */
export interface Mailboxes {
  /**
   * Opens a folder; throws a `MailboxProblem`. `onNews` is called when mails have come, `onLost` once when the connection ended without having been closed.
   */
  open(address: MailboxAddress, listener: { onNews(): void; onLost(problem: string): void }): Promise<MailboxSession>;
}
