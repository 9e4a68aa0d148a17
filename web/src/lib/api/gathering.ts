/** The least time between two renderings: a burst costs one, and a single change is on the screen well within a quarter of a second. */
const pauseMs = 60;
/** A hidden page keeps so many changed rows; beyond that it reads everything anew when it is looked at. */
const hiddenAtMost = 5000;

type Batches = Map<string, { readonly rows: Map<string, unknown>; readonly apply: (rows: never[]) => void }>;

/**
 * Gathers what arrives until the next frame, the latest of each row, and applies it in the order in which the kinds first came. While the page
 * is hidden nothing is applied.
 */
export class Gathering {
  #batches: Batches = new Map();
  #count = 0;
  #waiting = false;
  #lastMs = 0;
  #dropped = false;
  readonly #onDropped: () => void;

  /** `onDropped`: the page is looked at again, and more had changed meanwhile than was kept. */
  constructor(onDropped: () => void) {
    this.#onDropped = onDropped;
  }

  /** Rows of one kind; `idOf` tells which version takes the place of which. */
  add<T>(kind: string, id: string, row: T, apply: (rows: T[]) => void): void {
    if (this.#dropped) return;
    let batch = this.#batches.get(kind);
    if (!batch) {
      batch = { rows: new Map(), apply };
      this.#batches.set(kind, batch);
    }
    if (!batch.rows.has(id)) this.#count += 1;
    batch.rows.set(id, row);
    if (!document.hidden) this.#soon();
    else if (this.#count > hiddenAtMost) {
      this.#clear();
      this.#dropped = true;
    }
  }

  /** To be called when the page is hidden or looked at again. */
  look(): void {
    if (document.hidden) return;
    if (this.#dropped) {
      this.#dropped = false;
      this.#onDropped();
    } else if (this.#count > 0) this.#soon();
  }

  #soon(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    const frame = (): void => {
      requestAnimationFrame(() => this.#flush());
    };
    const waitMs = pauseMs - (performance.now() - this.#lastMs);
    if (waitMs > 0) setTimeout(frame, waitMs);
    else frame();
  }

  #flush(): void {
    this.#waiting = false;
    this.#lastMs = performance.now();
    const batches = this.#batches;
    this.#clear();
    for (const { rows, apply } of batches.values()) apply([...rows.values()] as never[]);
  }

  #clear(): void {
    this.#batches = new Map();
    this.#count = 0;
  }
}
