/** Lets what arrives while a commit runs share the next one: under load the disk's pace no longer is the pace of alerts. */
export interface SharedCommit<T> {
  /** Hands an item to the next commit. What becomes of it is between the item and `commit`. */
  add(item: T): void;
  /** Items that wait for a commit to begin. */
  waiting(): number;
  /** Resolves when everything that was added has been through a commit. */
  idle(): Promise<void>;
}

/**
 * `commit` is called with at most `maxItems`, one call at a time, and must not throw. Two at a time were slower (at 50 senders by
 * a third): each then carries half as many, and they wait for the same disk.
 */
export function createSharedCommit<T>(parts: {
  readonly maxItems: number;
  readonly commit: (items: readonly T[]) => Promise<void>;
}): SharedCommit<T> {
  let gathered: T[] = [];
  let busy = false;
  let idle: PromiseWithResolvers<void> | null = null;

  async function drain(): Promise<void> {
    busy = true;
    while (gathered.length > 0) {
      const batch = gathered.length <= parts.maxItems ? gathered : gathered.slice(0, parts.maxItems);
      gathered = gathered.length <= parts.maxItems ? [] : gathered.slice(parts.maxItems);
      await parts.commit(batch);
    }
    busy = false;
    idle?.resolve();
    idle = null;
  }

  return {
    add(item) {
      gathered.push(item);
      if (!busy) void drain();
    },
    waiting: () => gathered.length,
    idle() {
      if (!busy) return Promise.resolve();
      idle ??= Promise.withResolvers<void>();
      return idle.promise;
    },
  };
}
