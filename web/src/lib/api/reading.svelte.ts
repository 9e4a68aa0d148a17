/**
 * One answer of the server that a part of a page shows. What was read last stays when reading it anew fails, and the failure is there to be
 * said: a page must never take "could not be read" for "there is none".
 */
export class Reading<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<unknown>(null);
  readonly #read: () => Promise<T>;
  #turn = 0;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** Neither read nor failed yet. */
  get waiting(): boolean {
    return this.value === null && this.problem === null;
  }

  /** Reads it; of several that are on their way the last one counts. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const value = await this.#read();
      if (turn !== this.#turn) return;
      this.value = value;
      this.problem = null;
    } catch (error) {
      if (turn === this.#turn) this.problem = error;
    }
  }

  /** What was read of something else is not shown for this. */
  forget(): void {
    this.#turn++;
    this.value = null;
    this.problem = null;
  }
}
