import type { StoredEvent } from '../core/model/event.ts';

/** How many things the last comparison of each account with its broker found to differ, by the events that tell of comparisons. */
export interface DifferenceWatch {
  /** Events, in the order of the table. */
  seen(events: readonly StoredEvent[]): void;
  /** 0 as well where nothing was compared since this process began; a comparison comes every minute. */
  of(accountId: string): number;
}

export function createDifferenceWatch(): DifferenceWatch {
  const differences = new Map<string, number>();
  return {
    seen(events) {
      for (const { kind, accountId, data } of events) {
        // One that failed says nothing about the books.
        if (kind !== 'reconciliation.completed' || !accountId) continue;
        // What is open alone: foreign orders that rest, and what was corrected, are not among them.
        differences.set(accountId, Array.isArray(data.differences) ? data.differences.length : 0);
      }
    },
    of: (accountId) => differences.get(accountId) ?? 0,
  };
}
