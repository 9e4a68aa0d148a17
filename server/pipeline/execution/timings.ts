/** How long execution waits for what. All in milliseconds. */
export interface ExecutionTimings {
  /**
   * After an unclear submission, a broker that does not know the client order id is believed only this long after the call began.
   * It must be longer than the broker adapter's time-out, so that no call of ours can still be on its way.
   */
  readonly missGraceMs: number;
  /** The first and the longest pause between two look-ups of an unclear order. */
  readonly lookupFirstMs: number;
  readonly lookupLongestMs: number;
  /** A request whose outcome has been unclear for this long is told to a person. */
  readonly unclearAlarmMs: number;
  /** How often an exit that waits for others to end looks again by itself; usually their end wakes it. */
  readonly waitingFloorMs: number;
  /** For how long, from the first time it is said, an exit is tried again whose shares the broker says are held by orders that should have ended. */
  readonly sharesHeldMs: number;
  /** How often an entry looks whether its account has been compared with the broker. */
  readonly notReadyMs: number;
  /** Pauses between polls: while orders are open, and while none is. */
  readonly pollOpenMs: number;
  readonly pollIdleMs: number;
  /** Polled fills reach back this far behind the newest one known, for fills that were told late. */
  readonly fillOverlapMs: number;
  /** An order nobody seems to work on for this long is taken up by the poll. */
  readonly stuckMs: number;
}

/** Alpaca allows 200 requests a minute: polling twice every 2 s takes 60 of them. */
export const defaultTimings: ExecutionTimings = {
  missGraceMs: 10_000,
  lookupFirstMs: 250,
  lookupLongestMs: 30_000,
  unclearAlarmMs: 60_000,
  waitingFloorMs: 1000,
  sharesHeldMs: 30_000,
  notReadyMs: 200,
  pollOpenMs: 2000,
  pollIdleMs: 10_000,
  fillOverlapMs: 120_000,
  stuckMs: 5000,
};
