import type { MarketTrade } from './market.ts';

/** One bar. Prices in ticks, volume in lots, `at` its start. */
export interface Bar {
  readonly at: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly trades: number;
  /** Sum of price x size, for the volume-weighted average. */
  readonly turnover: number;
}

/** Ticks; the close where nothing was traded. */
export const averageOf = (bar: Bar): number => (bar.volume === 0 ? bar.close : bar.turnover / bar.volume);

/** Bars that follow each other as one that starts at `at`; null of none. */
export function merge(bars: readonly Bar[], at: Date): Bar | null {
  const [first] = bars;
  if (!first) return null;
  let { high, low } = first;
  let [volume, trades, turnover] = [0, 0, 0];
  for (const bar of bars) {
    if (bar.high > high) high = bar.high;
    if (bar.low < low) low = bar.low;
    volume += bar.volume;
    trades += bar.trades;
    turnover += bar.turnover;
  }
  return { at, open: first.open, high, low, close: bars.at(-1)!.close, volume, trades, turnover };
}

/** A trade as a bar of its own. */
export const barOf = ({ price, size, at }: MarketTrade): Bar => ({
  at,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: size,
  trades: 1,
  turnover: price * size,
});
