/** How a count of wrong ones becomes a wait; platform/access/lock-out.ts says the figures. */
export interface LockTerms {
  /** With this many wrong ones in a row, the first wait begins. */
  readonly failures: number;
  /** How long it is; each further wrong one doubles it. */
  readonly firstSeconds: number;
  readonly mostSeconds: number;
  /** After this long without a wrong one, all is forgotten. */
  readonly forgetSeconds: number;
}

/** Wrong passwords and codes, counted by whoever they were for and where they came from. */
export interface LockOuts {
  /**
   * Counts a try as wrong before it is looked at, so that any number at the same time are no more tries than that. `open` is whether it may be
   * looked at; `until` when the next one may, if it is wrong.
   */
  count(subject: string, terms: LockTerms, now: Date): Promise<{ readonly open: boolean; readonly until: Date | null }>;
  /** Takes one counted try back: it was right. */
  takeBack(subject: string): Promise<void>;
  /** Forgets what was counted; false: nothing was. */
  forget(subject: string): Promise<boolean>;
}
