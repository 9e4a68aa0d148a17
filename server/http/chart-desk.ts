import type { BarsJson, IndicatorJson } from '../contract/index.ts';
import type { Timeframe } from '../core/model/timeframe.ts';

export interface BarsWish {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly from: Date | null;
  /** Bars that begin before this; null: up to now. */
  readonly to: Date | null;
  readonly limit: number;
  /** Whose market is asked; null: that of an account of the mode there is. */
  readonly accountId: string | null;
  /** As `ema:20,macd:12:26:9`. */
  readonly indicators: string;
}

/** What charts are drawn from. */
export interface ChartDesk {
  /** Throws an `HttpProblem` where there is no market, no such symbol or no such indicator, and where the market does not answer. */
  bars(wish: BarsWish): Promise<BarsJson>;
  indicators(): readonly IndicatorJson[];
}
