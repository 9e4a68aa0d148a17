import { readFileSync } from 'node:fs';
import { Client } from '@opensearch-project/opensearch';

export interface SearchClientOptions {
  /** Where the node answers; user and password in it, if it wants them. */
  readonly url: string;
  /** A file with the certificate of the authority that signed the node's, when it is not a public one. */
  readonly caFile?: string | undefined;
  readonly requestTimeoutMs?: number;
}

/** A client that never tries again by itself: its own retries come without a pause, and those who call know when to. */
export function createSearchClient({ url, caFile, requestTimeoutMs = 30_000 }: SearchClientOptions): Client {
  return new Client({
    node: url,
    maxRetries: 0,
    requestTimeout: requestTimeoutMs,
    compression: false as never,
    ...(caFile ? { ssl: { ca: readFileSync(caFile, 'utf8') } } : {}),
  });
}
