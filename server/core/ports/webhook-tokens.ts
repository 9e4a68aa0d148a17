import type { SourceReading } from '../model/source-reading.ts';

/** A webhook address that was issued and not revoked. Never carries the token itself. */
export interface WebhookToken {
  readonly id: string;
  /** The `:source` of the address, `tradingview` for one. */
  readonly source: string;
  readonly name: string;
  /** The key of the dialect that its alerts are read as; null: each by its shape. */
  readonly dialect: string | null;
  /** The strategy of alerts that name none; null: `default`. */
  readonly strategy: string | null;
  /** How its alerts are read, where they cannot say it themselves; absent: nothing is set. */
  readonly reading?: SourceReading | null;
  /** Whether what it sends is recorded and nothing else: nothing of it may ever trade. Absent: it is a source like any. */
  readonly sandbox?: boolean;
  /** When the token that was given ends, for one that was rotated; absent: it is the one in force. */
  readonly previousUntil?: Date;
}

/** What may be changed of a source while it is in force. */
export type WebhookChange = Partial<Pick<WebhookToken, 'name' | 'dialect' | 'strategy' | 'reading'>>;

/**
 * The secrets in webhook addresses. Only their hashes are kept, so a token can be shown once, when it is issued. Each change is one transaction
 * with its event, which says who made it (`by`) and tells no secret.
 */
export interface WebhookTokens {
  /** The token's record; null when it was never issued or is revoked. Throws when that could not be found out. */
  find(token: string): Promise<WebhookToken | null>;
  /** Whether an address in force has this id or this source. Ids are no secrets. Throws when that could not be found out. */
  exists(idOrSource: string): Promise<boolean>;
  /** Makes a new token and answers it; it cannot be read back later. */
  issue(name: string, source: string, change?: Omit<WebhookChange, 'name'>, by?: string): Promise<string>;
  /** Changes how its alerts are read; the changed record, or null when there is none of that id in force. */
  change(id: string, change: WebhookChange, by?: string): Promise<WebhookToken | null>;
  /** Ends a token; false when there was none of that id to end. */
  revoke(id: string, by?: string): Promise<boolean>;
  /** Reads what is in force anew: another part of the program, or another process, has changed it. */
  refresh(): Promise<void>;
  /** What is in force, oldest first. */
  list(): Promise<readonly WebhookToken[]>;
}
