import type { MailboxAnswer, MailboxTried, MailboxWish } from '../contract/index.ts';

/** Mailboxes of sources, as whoever administers sets them. */
export interface MailboxDesk {
  /** Null: there is no such source. */
  find(sourceId: string): Promise<MailboxAnswer | null>;
  /** Throws an `HttpProblem` where it cannot be set so. Null: there is no such source. */
  put(sourceId: string, wish: MailboxWish, by: string): Promise<MailboxAnswer | null>;
  /** False: there was none. */
  remove(sourceId: string, by: string): Promise<boolean>;
  /** Connects as the wish says, and looks. Without a password, with the one there is. */
  try(sourceId: string, wish: MailboxWish): Promise<MailboxTried | null>;
}
