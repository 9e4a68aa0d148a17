import type { MarketTrade } from './market.ts';

/** One bar. Prices in ticks, volume in shares, `at` the start of the minute. */
export interface Bar {
  readonly at: Date;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  trades: number;
  /** Sum of price x size, for the volume-weighted average. */
  turnover: number;
}

const minuteMs = 60_000;

/** Minute bars of each symbol as they happened, the last day of them; coarser ones are made of these. */
export class Bars {
  readonly #minutes = new Map<string, Bar[]>();
  readonly #keep: number;

  constructor(keep = 1440) {
    this.#keep = keep;
  }

  /** Takes a print. Answers the bar that it finished, if it began a new minute. */
  add(symbol: string, trade: MarketTrade): Bar | null {
    const bars = this.#minutes.get(symbol) ?? [];
    this.#minutes.set(symbol, bars);
    const start = Math.floor(trade.at.getTime() / minuteMs) * minuteMs;
    const last = bars.at(-1);
    if (last && last.at.getTime() === start) {
      last.high = Math.max(last.high, trade.price);
      last.low = Math.min(last.low, trade.price);
      last.close = trade.price;
      last.volume += trade.size;
      last.trades++;
      last.turnover += trade.price * trade.size;
      return null;
    }
    const { price, size } = trade;
    bars.push({
      at: new Date(start),
      open: price,
      high: price,
      low: price,
      close: price,
      volume: size,
      trades: 1,
      turnover: price * size,
    });
    if (bars.length > this.#keep) bars.shift();
    return last ?? null;
  }

  latest(symbol: string): Bar | null {
    return this.#minutes.get(symbol)?.at(-1) ?? null;
  }

  /** Bars of `minutes` each that start in [from, to], oldest first. */
  range(symbol: string, from: Date, to: Date, minutes: number): Bar[] {
    const width = minutes * minuteMs;
    const out: Bar[] = [];
    for (const bar of this.#minutes.get(symbol) ?? []) {
      const start = Math.floor(bar.at.getTime() / width) * width;
      if (start < from.getTime() || start > to.getTime()) continue;
      const last = out.at(-1);
      if (last && last.at.getTime() === start) {
        last.high = Math.max(last.high, bar.high);
        last.low = Math.min(last.low, bar.low);
        last.close = bar.close;
        last.volume += bar.volume;
        last.trades += bar.trades;
        last.turnover += bar.turnover;
      } else out.push({ ...bar, at: new Date(start) });
    }
    return out;
  }
}
