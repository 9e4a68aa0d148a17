/** A page of a list. `next` is the cursor of the page after it; null on the last. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A cursor that cannot be read: the caller made it up. */
export class BadCursor extends Error {}
