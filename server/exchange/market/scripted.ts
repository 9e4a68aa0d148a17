import { chicago, newYork, wallTime } from '../calendar/civil-day.ts';
import { type Instrument, lotsPerUnit } from './instruments.ts';
import { type Market, type MarketHistory, type MarketTick, ticksPerDollar } from './market.ts';
import { Recording, scriptedTick } from './recording.ts';

/** A market in which nothing happens but what a test says, each quote and each trade; its past is what was said. */
export class ScriptedMarket implements Market {
  readonly kind = 'scripted';
  readonly instruments: readonly Instrument[];
  readonly history: MarketHistory;
  readonly #recording = new Recording();

  constructor(instruments: readonly Instrument[]) {
    this.instruments = instruments;
    const recording = this.#recording;
    const zones = new Map(instruments.map((i) => [i.symbol, i.assetClass === 'crypto' ? chicago : newYork]));
    const zoneOf = (symbol: string) => zones.get(symbol) ?? newYork;
    this.history = {
      zoneOf,
      days: (symbol, now) => {
        const { day } = wallTime(now.getTime(), zoneOf(symbol));
        return { first: day - 7, last: day };
      },
      widthMinutes: () => 1,
      minuteBars: (symbol, day, now) =>
        recording.minutes(symbol, day, zoneOf(symbol)).filter(({ at }) => at.getTime() + 60_000 <= now.getTime()),
      dayBar: (symbol, day) => recording.dayBar(symbol, day, zoneOf(symbol)),
      ticks: (symbol, minute) => recording.ticks(symbol, minute),
    };
  }

  quote = (symbol: string) => this.#recording.quote(symbol);
  lastTrade = (symbol: string) => this.#recording.lastTrade(symbol);
  advance = (): readonly MarketTick[] => [];
  apply = (tick: MarketTick): void => this.#recording.add(tick, true);

  script(symbol: string, bid: number, ask: number, at: Date, size = 1000): void {
    this.apply(scriptedTick(this.#listed(symbol), bid, ask, at, size));
  }

  /** A trade of its own at the quote that holds, in dollars, and shares or coins. */
  print(symbol: string, price: number, size: number, at: Date): void {
    const instrument = this.#listed(symbol);
    const quote = this.quote(symbol);
    if (!quote) throw new RangeError(`${symbol} has no quote yet`);
    const ticks = Math.round(price * ticksPerDollar);
    const taker = ticks >= quote.ask ? 'buy' : 'sell';
    const trade = { price: ticks, size: Math.round(size * lotsPerUnit(instrument)), at, taker } as const;
    this.apply({ symbol, quote: { ...quote, at }, trade });
  }

  prices = (): Record<string, number> => ({});
  restore(): void {}

  #listed(symbol: string): Instrument {
    const found = this.instruments.find((instrument) => instrument.symbol === symbol);
    if (!found) throw new RangeError(`${symbol} is not listed here`);
    return found;
  }
}
