/** Rows by id, newest first, of which whole new versions arrive. Replaced at once however many come in one go. */
export class Rows<T> {
  items = $state.raw<readonly T[]>([]);
  readonly #byId = new Map<string, T>();
  readonly #idOf: (row: T) => string;
  readonly #newestOf: (row: T) => string;
  readonly #keep: number;

  /** At most `keep` rows stay: the newest by `newestOf`, which must sort as text. */
  constructor(idOf: (row: T) => string, newestOf: (row: T) => string, keep = 20_000) {
    this.#idOf = idOf;
    this.#newestOf = newestOf;
    this.#keep = keep;
  }

  get(id: string): T | undefined {
    return this.items && this.#byId.get(id);
  }

  merge(rows: readonly T[]): void {
    if (rows.length === 0) return;
    for (const row of rows) this.#byId.set(this.#idOf(row), row);
    this.#publish();
  }

  replaceAll(rows: readonly T[]): void {
    this.#byId.clear();
    for (const row of rows) this.#byId.set(this.#idOf(row), row);
    this.#publish();
  }

  #publish(): void {
    const sorted = [...this.#byId.values()].sort((a, b) => {
      const x = this.#newestOf(a);
      const y = this.#newestOf(b);
      return x < y ? 1 : x > y ? -1 : 0;
    });
    for (const row of sorted.splice(this.#keep)) this.#byId.delete(this.#idOf(row));
    this.items = sorted;
  }
}
