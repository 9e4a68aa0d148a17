import { untrack } from 'svelte';

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
    // A few rows find their places among many; to sort ten thousand for each message would cost the frame.
    if (rows.length > 50) {
      for (const row of rows) this.#byId.set(this.#idOf(row), row);
      this.#sortAll();
      return;
    }
    // Whoever merges in an effect must not run again for what it has merged itself.
    const items = [...untrack(() => this.items)];
    for (const row of rows) {
      const id = this.#idOf(row);
      const before = this.#byId.get(id);
      this.#byId.set(id, row);
      if (before !== undefined) {
        const old = this.#placeOf(items, before, id);
        if (this.#newestOf(before) === this.#newestOf(row)) {
          items[old] = row;
          continue;
        }
        items.splice(old, 1);
      }
      items.splice(this.#firstBelow(items, this.#newestOf(row)), 0, row);
    }
    this.#publish(items);
  }

  replaceAll(rows: readonly T[]): void {
    this.#byId.clear();
    for (const row of rows) this.#byId.set(this.#idOf(row), row);
    this.#sortAll();
  }

  /** Where the first row stands that is not newer. */
  #firstBelow(items: readonly T[], newest: string): number {
    let [from, to] = [0, items.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#newestOf(items[middle]!) > newest) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Where a row stands that is there: several may be equally new. */
  #placeOf(items: readonly T[], row: T, id: string): number {
    let place = this.#firstBelow(items, this.#newestOf(row));
    while (this.#idOf(items[place]!) !== id) place += 1;
    return place;
  }

  #sortAll(): void {
    const keyed = [...this.#byId.values()].map((row) => ({ row, key: this.#newestOf(row) }));
    keyed.sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : 0));
    this.#publish(keyed.map(({ row }) => row));
  }

  #publish(items: T[]): void {
    for (const row of items.splice(this.#keep)) this.#byId.delete(this.#idOf(row));
    this.items = items;
  }
}
