/** What a run is told. */
export interface TortureOptions {
  /** SIGKILLs of the server; it ends when as many were given. */
  readonly kills: number;
  readonly seed: number;
  /** Ends it earlier; null: it does not. */
  readonly minutes: number | null;
  /** Alerts at least. */
  readonly alerts: number;
  /** One process that does everything, or an intake and so many workers. */
  readonly workers: number;
  /** Where the program under test is; null: this one. */
  readonly root: string | null;
  /** Steps to aim at; null: all of them in turn. */
  readonly aim: readonly string[] | null;
  /** Whether the exchange misbehaves, and databases and connections are lost, beside the kills. */
  readonly faults: boolean;
  /** Faults that come up once each, in order, before chance takes over. */
  readonly everyFaultOnce: boolean;
  /** How long differences may take to go at the end, in milliseconds; an unclear order alone takes ten seconds. */
  readonly quietMs: number;
  /** Figures that are expected not to be zero: it ends once they have stayed so for `quietMs`. */
  readonly sought: readonly string[];
  /** Leaves databases and logs for a look when it fails. */
  readonly keep: boolean;
  /** Told of how far it has come. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly kills: number;
  readonly of: number;
  readonly alerts: number;
  readonly acknowledged: number;
  readonly orders: number;
  readonly doing: string;
  readonly elapsedMs: number;
}
