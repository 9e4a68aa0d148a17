/** What a run is told. */
export interface FuzzOptions {
  readonly bodies: number;
  readonly seed: number;
  /** Sends only the request of this index; null: all. */
  readonly only: number | null;
  /** Ends it earlier; null: it does not. */
  readonly minutes: number | null;
  /** Connections at a time. */
  readonly lanes: number;
  /** Where the program under test is; null: this one. */
  readonly root: string | null;
  /** Ends as soon as one of these figures is not zero. */
  readonly sought: readonly string[];
  /** For how long decisions are waited for at the end, in milliseconds. */
  readonly settleMs: number;
  /** Leaves the database, logs and reproducers for a look. */
  readonly keep: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly bodies: number;
  readonly of: number;
  readonly found: number;
  readonly residentMib: number | null;
  readonly doing: string;
  readonly elapsedMs: number;
}
