import type { ChainHead, ChainRow } from '../audit/chain.ts';
import type { ChainFault } from '../audit/verify.ts';

/** Which entries are asked for; of texts any part, in any case. */
export interface AuditQuery {
  readonly who?: string | undefined;
  readonly kind?: string | undefined;
  /** Anything that stands in the entry. */
  readonly text?: string | undefined;
  /** From this moment on, ISO 8601 in UTC. */
  readonly from?: string | undefined;
  /** Before this moment, ISO 8601 in UTC. */
  readonly until?: string | undefined;
  /** Entries before this number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The hash-chained record of who did what; see docs/decisions/0037-audit-chain.md. Nothing of it is ever changed or taken away. */
export interface AuditLog {
  /**
   * Chains what the event table holds behind the cursor, in commit order, and moves the cursor in the same transaction. Any number of processes
   * may ask at once: they wait for each other and make one chain. Answers whether there may be more.
   */
  chain(limit: number): Promise<{ readonly appended: number; readonly more: boolean }>;
  head(): Promise<ChainHead & { readonly at: string | null }>;
  /** Newest first. */
  list(query: AuditQuery): Promise<ChainRow[]>;
  /** In the order of the chain, behind a number. */
  read(after: number, limit: number): Promise<ChainRow[]>;
  /** The hash of an entry; null: there is none of that number. */
  hashAt(number: number): Promise<string | null>;
  /** Compares rows with the events that they were made from; the first that says something else than its event, or whose event is gone. */
  compareEvents(rows: readonly ChainRow[]): Promise<ChainFault | null>;
  /** An event that should have an entry and has none; null: there is no such event. */
  findMissing(): Promise<ChainFault | null>;
}
