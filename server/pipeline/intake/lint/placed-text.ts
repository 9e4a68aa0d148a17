/** A change of a text: what stands from `from` up to `until` gives way to `insert`. Offsets count UTF-16 units. */
export interface Edit {
  readonly from: number;
  readonly until: number;
  readonly insert: string;
}

/** What a character is that does not stand in the original: one that was written in. */
const inserted = -1;
/** Characters that stand for the placeholder of number k are `filled - k`. */
const filled = -2;

/**
 * A text that is changed step by step, and knows of each of its characters where it stood in the original. So a mistake that is found in the
 * mended text is shown where its author wrote it, and all changes together are told as edits of the original.
 */
export class PlacedText {
  text: string;
  readonly #original: string;
  #origins: number[];
  readonly #placeholders: { readonly from: number; readonly until: number; readonly instead: string | null }[] = [];

  constructor(original: string) {
    this.text = original;
    this.#original = original;
    this.#origins = Array.from({ length: original.length }, (_, at) => at);
  }

  /** Changes the text as it is now. */
  replace({ from, until, insert }: Edit): void {
    this.#splice(from, until, insert, inserted);
  }

  /** Writes an example in the place of a placeholder; wherever that stays, the placeholder does, or what is to stand instead of it. */
  fill(from: number, until: number, example: string, instead: string | null = null): void {
    this.#placeholders.push({ from: this.original(from), until: this.original(until - 1) + 1, instead });
    this.#splice(from, until, example, filled - (this.#placeholders.length - 1));
  }

  #splice(from: number, until: number, insert: string, origin: number): void {
    this.text = this.text.slice(0, from) + insert + this.text.slice(until);
    const origins = Array.from({ length: insert.length }, () => origin);
    this.#origins = [...this.#origins.slice(0, from), ...origins, ...this.#origins.slice(until)];
  }

  /** Where in the original a place of the text is: of what was written in, the place before which it was. */
  original(offset: number): number {
    for (let at = offset; at < this.#origins.length; at++) {
      const origin = this.#origins[at]!;
      if (origin >= 0) return origin;
      if (origin <= filled) return this.#placeholders[filled - origin]!.from;
    }
    return this.#original.length;
  }

  /** The piece of the original that a piece of the text is; what was written in is nothing of it. */
  originalSpan(from: number, until: number): { readonly from: number; readonly until: number } {
    const start = this.original(from);
    let end = start;
    for (let at = from; at < until; at++) {
      const origin = this.#origins[at]!;
      if (origin >= 0) end = Math.max(end, origin + 1);
      else if (origin <= filled) end = Math.max(end, this.#placeholders[filled - origin]!.until);
    }
    return { from: start, until: end };
  }

  /** What leads from the original to the text, with placeholders as they stood; in their order, apart from each other. */
  edits(): readonly Edit[] {
    const edits: Edit[] = [];
    let at = 0;
    let insert = '';
    const upTo = (origin: number): void => {
      if (origin > at || insert !== '') edits.push({ from: at, until: origin, insert });
      insert = '';
    };
    let last = inserted;
    for (const [index, origin] of this.#origins.entries()) {
      if (origin === inserted) insert += this.text[index]!;
      else if (origin >= 0) {
        upTo(origin);
        at = origin + 1;
      } else if (origin !== last) {
        const { from, until, instead } = this.#placeholders[filled - origin]!;
        upTo(from);
        at = instead === null ? until : from;
        insert = instead ?? '';
      }
      last = origin;
    }
    upTo(this.#original.length);
    return edits;
  }
}

/** The text with all edits, which are in their order and apart. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { from, until, insert } of edits) {
    result += text.slice(at, from) + insert;
    at = until;
  }
  return result + text.slice(at);
}
