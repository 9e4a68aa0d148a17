import type { Instrument } from './instruments.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

/** Prices are integer ticks of a hundredth of a cent, so that no price is ever off by a rounding. */
export const ticksPerDollar = 10_000;
const cent = ticksPerDollar / 100;

/** A quote in ticks and shares. */
export interface MarketQuote {
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly at: Date;
}

export interface MarketTrade {
  readonly price: number;
  readonly size: number;
  readonly at: Date;
}

interface Walk {
  /** Where the walk is drawn to, and where it is, as the logarithm of dollars. */
  readonly anchor: number;
  value: number;
  quote: MarketQuote | null;
  trade: MarketTrade | null;
}

/**
 * A simulated market: each price is a mean-reverting walk (Ornstein and Uhlenbeck's, on the logarithm), drawn to its anchor with a
 * half-life of about an hour of ticks, with a shock shared by its sector. Prices that a test scripts stay until the next step.
 */
export class SimulatedMarket {
  readonly #walks = new Map<string, Walk>();
  readonly #sectorOf = new Map<string, string>();
  readonly #random: SeededRandom;
  readonly instruments: readonly Instrument[];

  constructor(instruments: readonly Instrument[], seed: number) {
    this.instruments = instruments;
    this.#random = seededRandom(seed);
    for (const { symbol, anchor, sector } of instruments) {
      // Not all exactly on their round figure at the start.
      const value = Math.log(anchor) + 0.004 * this.#random.normal();
      this.#walks.set(symbol, { anchor: Math.log(anchor), value, quote: null, trade: null });
      this.#sectorOf.set(symbol, sector);
    }
  }

  quote(symbol: string): MarketQuote | null {
    return this.#walks.get(symbol)?.quote ?? null;
  }

  lastTrade(symbol: string): MarketTrade | null {
    return this.#walks.get(symbol)?.trade ?? null;
  }

  /** The last price of each symbol in dollars, to be put back by `restore` after a restart. */
  prices(): Record<string, number> {
    return Object.fromEntries([...this.#walks].map(([symbol, walk]) => [symbol, Math.exp(walk.value)]));
  }

  restore(prices: Readonly<Record<string, number>>): void {
    for (const [symbol, price] of Object.entries(prices)) {
      const walk = this.#walks.get(symbol);
      if (walk && price > 0) walk.value = Math.log(price);
    }
  }

  /** Moves every symbol by one step. `share` is the part of the symbols that get a new quote and a print in this step. */
  step(at: Date, share = 1): string[] {
    const shocks = new Map<string, number>();
    const moved: string[] = [];
    for (const [symbol, walk] of this.#walks) {
      if (walk.quote !== null && this.#random.next() > share) continue;
      const sector = this.#sectorOf.get(symbol)!;
      let shock = shocks.get(sector);
      if (shock === undefined) {
        shock = this.#random.normal();
        shocks.set(sector, shock);
      }
      const pull = 0.0002 * (walk.anchor - walk.value);
      walk.value += pull + 0.00006 * (0.6 * shock + 0.8 * this.#random.normal());
      this.#show(walk, Math.exp(walk.value), at);
      moved.push(symbol);
    }
    return moved;
  }

  /** Puts the market of one symbol where a script says, in dollars. */
  script(symbol: string, bid: number, ask: number, at: Date, size = 1000): void {
    const walk = this.#walks.get(symbol);
    if (!walk) throw new RangeError(`${symbol} is not listed here`);
    walk.value = Math.log((bid + ask) / 2);
    const ticks = (price: number) => Math.round(price * ticksPerDollar);
    walk.quote = { bid: ticks(bid), ask: ticks(ask), bidSize: size, askSize: size, at };
    walk.trade = { price: ticks((bid + ask) / 2), size: 100, at };
  }

  #show(walk: Walk, price: number, at: Date): void {
    const tick = price >= 1 ? cent : 1;
    // A cent for liquid low prices, about a basis point and a half above.
    const spread = Math.max(tick, Math.round((price * ticksPerDollar * 0.00015) / tick) * tick);
    const middle = price * ticksPerDollar;
    const bid = Math.floor((middle - spread / 2) / tick) * tick;
    const ask = bid + spread;
    const size = () => 100 * (2 + Math.floor(this.#random.next() * 18));
    walk.quote = { bid, ask, bidSize: size(), askSize: size(), at };
    walk.trade = { price: this.#random.next() < 0.5 ? bid : ask, size: 1 + Math.floor(this.#random.next() * 300), at };
  }
}
