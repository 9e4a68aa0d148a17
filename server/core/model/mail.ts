/** A mail, taken apart. */
export interface Mail {
  /** In the order of the document, the newest on top: each server that took it writes above what it was given. Names in lower case, values unfolded. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** The addresses that it says it is from, in lower case; one, in a mail that is well formed. */
  readonly from: readonly string[];
  /** The addresses that it says it is to, in lower case. */
  readonly to: readonly string[];
  readonly subject: string | null;
  readonly messageId: string | null;
  /** When it was sent, by its own account; null: it does not say, or nothing that is a time. */
  readonly sentAt: Date | null;
  /** Its plain text; null: it has none. */
  readonly text: string | null;
  readonly html: string | null;
}

/** What of the mails in a box counts. */
export interface MailRules {
  /** The addresses whose mails are looked at, in lower case; all others are left alone. */
  readonly senders: readonly string[];
  /** Whose word on a sender is taken: the name by which the receiving server signs its Authentication-Results; null: nobody's. */
  readonly authServer: string | null;
  /** The addresses of ours that a mail must be to for that word to count: it says who sent a mail, and not to whom. */
  readonly recipients: readonly string[];
  /** An alert whose mail was sent longer ago is stored, and not traded. In seconds. */
  readonly maxAgeSeconds: number;
  /** The text that stands right before the alert in a mail; null: it is found. */
  readonly after: string | null;
  /** The text that stands right after it; null: it ends where the mail does. */
  readonly before: string | null;
}

/** TradingView sends its alerts from here. */
export const tradingViewSenders = ['noreply@tradingview.com'] as const;
/** Ten minutes. */
export const defaultMaxAgeSeconds = 600;

/** A mail for intake. */
export interface AlertMail {
  /** The id of the source whose mailbox it was in. */
  readonly webhookId: string;
  /** The same for the same mail however often it is read. */
  readonly mailId: string;
  readonly mail: Mail;
  /** When the mailbox took it, by its server's account. */
  readonly arrivedAt: Date;
  readonly rules: MailRules;
}

/** Why a mail is no alert. A closed list; what an alert itself can be refused for is in the list of refusals. */
export const mailRefusals = {
  MAIL_UNREADABLE: 'It is no mail that can be taken apart',
  MAIL_TOO_LARGE: 'It is larger than any alert',
  MAIL_SOURCE_GONE: 'Its source was ended',
  MAIL_EMPTY: 'No text was found in it between the lines that were set',
  MAIL_AMBIGUOUS: 'It holds more than one alert',
  PROOF_MAIL_SENDER: 'It is not from one of the senders that are allowed, or from several',
  PROOF_MAIL_FORGEABLE:
    'Nothing in it proves its sender: it has neither the secret of the body nor a word of the receiving server',
  PROOF_MAIL_AUTHENTICATION:
    'The source asks that TradingView itself is the sender, and the receiving server does not say so',
  PROOF_BODY_SECRET: 'The alert holds no secret, or a wrong one',
  PROOF_SIGNATURE: 'The source asks for a signature, and a mail cannot carry one',
} as const;
export type MailRefusal = keyof typeof mailRefusals;

/** What became of a mail. */
export type MailOutcome =
  /** It was first: stored, and on its way. */
  | { readonly kind: 'accepted'; readonly signalId: string }
  /** Its alert was there before, by the webhook or by a mail. */
  | { readonly kind: 'repeated'; readonly signalId: string }
  /** Stored, and not understood. */
  | { readonly kind: 'unusable'; readonly signalId: string; readonly code: string; readonly detail: string }
  /** It says that its strategy is alive, which was noted. */
  | { readonly kind: 'alive' }
  /** Its source is a sandbox: it was kept as it came, and nothing will come of it. */
  | { readonly kind: 'recorded' }
  /** Not believed, or no alert: nothing of it was stored but this. */
  | { readonly kind: 'refused'; readonly code: MailRefusal; readonly detail: string | null }
  /** Could not be stored now: it must come again. */
  | { readonly kind: 'later'; readonly retryAfterMs: number };
