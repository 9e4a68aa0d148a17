/** What an account may have of market data. */
export interface DataPlan {
  /** Data streams of one kind that an account may have open at once; null: any number. */
  readonly connections: number | null;
  /** Symbols on the trades and on the quotes of a stream; null: any number. */
  readonly symbols: number | null;
  /** What all exchanges together showed is for this account once it is so old; IEX alone is at once. */
  readonly sipDelayMs: number;
}

/** Alpaca's free plan. */
export const freePlan: DataPlan = { connections: 1, symbols: 30, sipDelayMs: 15 * 60_000 };
/** Without its limits. */
export const unlimitedPlan: DataPlan = { connections: null, symbols: null, sipDelayMs: 0 };
