/** The names under which documents are searched; each has a template in opensearch/templates. */
export const searchAliases = [
  'trading-signals',
  'trade-executions',
  'trading-decisions',
  'trading-orders',
  'trading-positions',
  'trading-pnl',
  'trading-equity',
  'trading-exposure',
  'trading-health',
  'trading-events',
] as const;
export type SearchAlias = (typeof searchAliases)[number];

/** A document as it is sent. The same id under the same or an older version changes nothing, so that a repeat is harmless. */
export interface SearchDocument {
  readonly alias: SearchAlias;
  readonly id: string;
  /** The sequence number of the event that told of this state; decimal text. */
  readonly version: string;
  /** The part of the alias the document lives in for good: `2026.11` by its own time, or `all`. */
  readonly part: string;
  /** The document itself, as JSON. */
  readonly json: string;
}

/** A document the mapping does not take: sending it again as it is would be in vain. */
export interface RefusedDocument {
  readonly document: SearchDocument;
  readonly reason: string;
}

/** What became of documents. Those in neither list are in the index, or something newer is. */
export interface WriteResult {
  /** To be sent again later, for a reason that passes: it is down, full, read-only, or has too much to do. */
  readonly again: readonly SearchDocument[];
  /** Why, in a sentence; null when nothing is to be sent again. */
  readonly problem: string | null;
  readonly refused: readonly RefusedDocument[];
}

/** Which set of indices. One that is being built is not seen by a search before it is put live. */
export interface Generation {
  readonly number: number;
  readonly live: boolean;
}

/** The search copy of what happened. Everything in it can be made anew from the database. */
export interface SearchIndex {
  /** Sends documents, in a few requests at the same time. Never throws for what may pass. */
  write(generation: Generation, documents: readonly SearchDocument[], signal?: AbortSignal): Promise<WriteResult>;
  /** Puts a generation's indices behind the aliases, all at once, and removes those of every other one. */
  putLive(generation: number): Promise<void>;
  /** Removes a generation's indices. */
  remove(generation: number): Promise<void>;
  /** Makes what was written findable now; for the end of a rebuild. */
  refresh(generation: number): Promise<void>;
}
