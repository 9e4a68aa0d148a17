/** What is found in the place of the kill switch's file. */
export type KillFileWord =
  | { readonly kind: 'absent' }
  | { readonly kind: 'there'; readonly content: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** A file that stops trading by being there: for when nothing else answers. */
export interface KillFileWatch {
  /** Its path, for what is said of it. */
  readonly file: string;
  /**
   * Tells the listener what is there: now, which is waited for, on every change, and every half second whether or not it has changed.
   * The listener is not called again before it is done; a failure of the first call is thrown, later ones come again.
   */
  follow(listener: (word: KillFileWord) => Promise<void>): Promise<() => Promise<void>>;
}
