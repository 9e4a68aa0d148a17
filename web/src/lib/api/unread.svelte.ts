import { SvelteMap } from 'svelte/reactivity';

type List = 'accounts' | 'positions' | 'signals' | 'orders' | 'open orders' | 'alarms' | 'approvals';

/** Which lists could not be read the last time it was tried, and why: a page must not take one of them for empty. */
class UnreadLists {
  readonly #failed = new SvelteMap<List, unknown>();

  /** Notes how a reading ends, and leaves it as it is. */
  watch<T>(list: List, reading: Promise<T>): Promise<T> {
    return reading.then(
      (value) => {
        this.#failed.delete(list);
        return value;
      },
      (error: unknown) => {
        this.#failed.set(list, error);
        throw error;
      },
    );
  }

  /** Why one of these could not be read; null: all were, or nobody has tried. */
  of(...lists: readonly List[]): unknown {
    for (const list of lists) if (this.#failed.has(list)) return this.#failed.get(list);
    return null;
  }
}

export const unread = new UnreadLists();
