import type { LimitScope, StoredLimit } from '../model/risk-limit.ts';

/** A limit as a person wants it. */
export type LimitWish = Pick<StoredLimit, 'rule' | 'scope' | 'on' | 'severity' | 'parameters'>;

/** One version of a limit. */
export interface LimitVersion extends StoredLimit {
  /** Whether the limit was taken away by it: what is wider holds again. */
  readonly removed: boolean;
}

/** Somebody else changed the limit since it was looked at. Nothing was stored. */
export class LimitChangedMeanwhile extends Error {
  override readonly name = 'LimitChangedMeanwhile';
  /** What is in force now; null: none was ever set. */
  readonly current: LimitVersion | null;

  constructor(current: LimitVersion | null) {
    super('the limit was changed meanwhile');
    this.current = current;
  }
}

/** Limits as rows, each change a version with its author and reason, told by the event `limit.changed` in the same transaction. */
export interface LimitStore {
  /**
   * Stores the next version. `version` is the one it was made from, 0 for none; throws `LimitChangedMeanwhile` when that is not the newest.
   * Answers what is in force; nothing is stored that changes nothing.
   */
  set(
    wish: LimitWish,
    version: number,
    by: { readonly author: string; readonly reason: string },
  ): Promise<LimitVersion>;
  /** Takes the limit away. Null: there was none. */
  remove(
    rule: string,
    scope: LimitScope,
    version: number,
    by: { readonly author: string; readonly reason: string },
  ): Promise<LimitVersion | null>;
  /** Every version of a rule's limits, the newest first; of all rules, where none is named. At most `limit`. */
  history(rule: string | null, limit: number): Promise<readonly LimitVersion[]>;
}
