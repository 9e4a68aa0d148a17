/** Remembers the newest `limit` keys. Forgetting one costs a question to the database, never correctness. */
export function createRecentKeys(limit: number): { has(key: string): boolean; add(key: string): void } {
  const keys = new Set<string>();
  return {
    has: (key) => keys.has(key),
    add(key) {
      keys.add(key);
      if (keys.size > limit) keys.delete(keys.values().next().value!);
    },
  };
}
