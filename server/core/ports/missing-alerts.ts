import type { Quarantine } from '../model/sequence.ts';

/** Strategies that enter nothing in a symbol until a person says so. They are opened by decisions, in their transaction. */
export interface Quarantines {
  /** Those that are open, the newest first. */
  open(): Promise<readonly Quarantine[]>;
  /** Open and cleared, the newest first; at most `limit`. */
  newest(limit: number): Promise<readonly Quarantine[]>;
  /** Ends one with its event, in one transaction. Null: there is no such; one that was cleared before stays as it is. */
  clear(
    id: string,
    by: string,
    reason: string,
  ): Promise<{ readonly quarantine: Quarantine; readonly cleared: boolean } | null>;
}

/** When a strategy was last heard of. */
export interface SignOfLife {
  readonly strategy: string;
  readonly at: Date;
  readonly by: 'heartbeat' | 'alert';
}

/** What strategies say that they are alive by: heartbeats, and any alert of theirs that was understood. */
export interface SignsOfLife {
  /** Keeps a heartbeat; an older one than is known changes nothing but the count. */
  beat(strategy: string, source: string, at: Date): Promise<void>;
  /** The last sign of each; those that were never heard of are left out. */
  last(strategies: readonly string[]): Promise<ReadonlyMap<string, SignOfLife>>;
}
