import type { Bar } from '../indicators/bar.ts';
import type { Timeframe } from '../model/timeframe.ts';

/**
 * Where bars come from: `embedded` is the paper exchange's own market, `iex` one exchange's part of what is traded in the US, `sip` all
 * exchanges, a quarter of an hour late, and `crypto` Alpaca's own market of coins.
 */
export type FeedName = 'embedded' | 'iex' | 'sip' | 'crypto';

export interface BarQuestion {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Bars that begin at this moment or later; null: as far back as there are any. */
  readonly from: Date | null;
  /** Bars that begin before this moment. */
  readonly before: Date;
  /** The newest of these, at most this many; 10,000 are the most. */
  readonly limit: number;
}

export interface FedBars {
  /** Oldest first. The last may be of a span that is not over. */
  readonly bars: readonly Bar[];
  /** Whether there are older ones since `from`. */
  readonly older: boolean;
  readonly feed: FeedName;
  /** By how much the feed is late by its nature, in milliseconds. */
  readonly delayMs: number;
}

/** Bars of a market, as a chart shows them: adjusted for splits, so that a price line stays in one scale. Faults are thrown. */
export interface BarFeed {
  /** An empty list: the market has no bars of this symbol in that time, or does not know it. */
  bars(question: BarQuestion): Promise<FedBars>;
}
