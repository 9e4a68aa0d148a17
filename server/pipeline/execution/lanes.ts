/** Runs tasks of the same key one after the other, in the order they came; tasks of different keys run side by side. */
export interface Lanes {
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** Resolves when everything that was given so far has ended. */
  idle(): Promise<void>;
}

export function createLanes(): Lanes {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(key, task) {
      const result = (tails.get(key) ?? Promise.resolve()).then(task);
      const tail: Promise<unknown> = result
        .catch(() => undefined)
        .then(() => {
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
      return result;
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
