import type { NotificationKind } from '../model/notification.ts';

/** One thing a channel must be told before it can be used. Its words are the dashboard's, by the channel's key and this one. */
export interface ChannelField {
  readonly key: string;
  /** Encrypted at rest, and never shown again. */
  readonly secret: boolean;
  readonly required: boolean;
  /** The values there are; absent: any text. */
  readonly options?: readonly string[];
  readonly initial?: string;
}

/** What is said to one destination. */
export interface NotifierMessage {
  /** The same however often it is tried, so that whoever gets it twice can tell. */
  readonly id: string;
  readonly kind: NotificationKind | 'test';
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** ISO 8601: when it happened. */
  readonly at: string;
  /** The page of the dashboard that shows it. */
  readonly link: string;
  /** Whether somebody should be woken. */
  readonly urgent: boolean;
  /** The facts the text was made of, for programs. */
  readonly facts: Readonly<Record<string, string>>;
  /** After this it need not arrive; null: within a day. */
  readonly expiresAt: Date | null;
  /** The question it asks, where the channel can bring an answer back; null: none. */
  readonly question: ApprovalQuestion | null;
}

/** An approval that can be answered from the message itself. */
export interface ApprovalQuestion {
  readonly approvalId: string;
  /** Proves once who answers: of this approval, this person and this device. */
  readonly token: string;
  /** Whether a yes is taken here. Of real money it is not: that takes the dashboard. */
  readonly mayApprove: boolean;
}

/** What became of one try. `answer` is a sentence for people and never has a secret in it. */
export type Told =
  | { readonly kind: 'delivered'; readonly answer: string }
  /** `final`: trying again would change nothing. `retryAfterMs`: as the other side asked; null: it did not. */
  | {
      readonly kind: 'failed';
      readonly answer: string;
      readonly final: boolean;
      readonly retryAfterMs: number | null;
    }
  /** There is nobody at this address any more, and never will be. */
  | { readonly kind: 'gone'; readonly answer: string };

/** A channel's settings, the secret ones among them, by their fields' keys. */
export type ChannelSettings = Readonly<Record<string, string>>;

export interface SettingProblem {
  readonly field: string;
  readonly message: string;
}

/** A way to people who are not looking at the dashboard. */
export interface Notifier {
  /** The name of its file: `telegram`. */
  readonly key: string;
  /** Whether a destination is one person's device, which that person adds; else an admin sets it. */
  readonly personal: boolean;
  readonly fields: readonly ChannelField[];
  /** What of the settings cannot be used, in words; nothing when they can. No request is made. */
  check(settings: ChannelSettings): readonly SettingProblem[];
  /** Where it goes, for a list: no secret is in it. */
  place(settings: ChannelSettings): string;
  /** Tells once. Never throws, ends within 15 seconds, follows no redirect. */
  tell(settings: ChannelSettings, message: NotifierMessage): Promise<Told>;
}
