/** A webhook address that was issued and not revoked. Never carries the token itself. */
export interface WebhookToken {
  readonly id: string;
  /** The `:source` of the address, `tradingview` for one. */
  readonly source: string;
  readonly name: string;
}

/** The secrets in webhook addresses. Only their hashes are kept, so a token can be shown once, when it is issued. */
export interface WebhookTokens {
  /** The token's record; null when it was never issued or is revoked. Throws when that could not be found out. */
  find(token: string): Promise<WebhookToken | null>;
  /** Makes a new token and answers it; it cannot be read back later. */
  issue(name: string, source: string): Promise<string>;
  /** Ends a token; false when there was none of that id to end. */
  revoke(id: string): Promise<boolean>;
  /** What is in force, oldest first. */
  list(): Promise<readonly WebhookToken[]>;
}
