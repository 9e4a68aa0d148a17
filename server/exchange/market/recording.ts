import { type CivilDay, momentOf, type UsZone, wallTime } from '../calendar/civil-day.ts';
import { type Bar, barOf, merge } from './bars.ts';
import { type Instrument, lotsPerUnit, roundLotOf } from './instruments.ts';
import { type MarketQuote, type MarketTick, type MarketTrade, ticksPerDollar } from './market.ts';

const minuteMs = 60_000;
/** Moments and minutes of a symbol that are kept. */
const [mostTicks, mostBars] = [5000, 7 * 1440];

interface Recorded {
  quote: MarketQuote | null;
  trade: MarketTrade | null;
  ticks: MarketTick[];
  bars: Bar[];
}

/** What happened on a market since it was opened, as it was told: the present, the last moments, and the minute bars made of them. */
export class Recording {
  readonly #symbols = new Map<string, Recorded>();

  quote(symbol: string): MarketQuote | null {
    return this.#symbols.get(symbol)?.quote ?? null;
  }

  lastTrade(symbol: string): MarketTrade | null {
    return this.#symbols.get(symbol)?.trade ?? null;
  }

  /** Makes a moment the present; `keep`: for good, so that it can be asked for later. */
  add(tick: MarketTick, keep: boolean): void {
    const { symbol, quote, trade } = tick;
    const recorded = this.#symbols.get(symbol) ?? { quote: null, trade: null, ticks: [], bars: [] };
    this.#symbols.set(symbol, recorded);
    recorded.quote = quote;
    if (trade) recorded.trade = trade;
    if (!keep) return;
    recorded.ticks.push(tick);
    if (recorded.ticks.length > 2 * mostTicks) recorded.ticks = recorded.ticks.slice(-mostTicks);
    if (trade) recorded.bars = withTrade(recorded.bars, trade);
  }

  /** The minutes of a day, oldest first; those that have not ended too. */
  minutes(symbol: string, day: CivilDay, zone: UsZone): Bar[] {
    const bars = this.#symbols.get(symbol)?.bars ?? [];
    return bars.filter((bar) => wallTime(bar.at.getTime(), zone).day === day);
  }

  /** All of a day so far. */
  dayBar(symbol: string, day: CivilDay, zone: UsZone): Bar | null {
    return merge(this.minutes(symbol, day, zone), new Date(momentOf(day, 0, zone)));
  }

  ticks(symbol: string, minute: number): MarketTick[] {
    const ticks = this.#symbols.get(symbol)?.ticks ?? [];
    return ticks.filter(({ quote }) => quote.at.getTime() >= minute && quote.at.getTime() < minute + minuteMs);
  }
}

function withTrade(bars: Bar[], trade: MarketTrade): Bar[] {
  const start = Math.floor(trade.at.getTime() / minuteMs) * minuteMs;
  const last = bars.at(-1);
  if (last?.at.getTime() === start) bars[bars.length - 1] = merge([last, barOf(trade)], last.at)!;
  else bars.push({ ...barOf(trade), at: new Date(start) });
  return bars.length > 2 * mostBars ? bars.slice(-mostBars) : bars;
}

/** A quote that somebody says, in dollars and shares or coins, and a print in its middle. */
export function scriptedTick(instrument: Instrument, bid: number, ask: number, at: Date, size: number): MarketTick {
  const lots = Math.round(size * lotsPerUnit(instrument));
  const ticks = (price: number) => Math.round(price * ticksPerDollar);
  return {
    symbol: instrument.symbol,
    quote: { bid: ticks(bid), ask: ticks(ask), bidSize: lots, askSize: lots, at },
    trade: { price: ticks((bid + ask) / 2), size: roundLotOf(instrument), at, taker: 'buy' },
  };
}
