import { gridOf, type MarketTick } from './market.ts';

const minuteMs = 60_000;
/** A scripted price is forgotten by half in this time: the market comes back to where it would have been. */
const halfLifeMs = 30 * minuteMs;
/** After this time nothing is left of it that a cent could show. */
const lastsMs = 24 * halfLifeMs;

interface Shock {
  readonly at: number;
  /** The logarithm of the price over the simulated one. */
  readonly size: number;
}

/** Where a script has put symbols away from the simulation, and how they come back. */
export class Shocks {
  readonly #bySymbol = new Map<string, Shock>();

  set(symbol: string, shock: Shock): void {
    this.#bySymbol.set(symbol, shock);
  }

  /** Whether the symbol was away from the simulation at some time from `from` until `to`. */
  within(symbol: string, from: number, to: number): boolean {
    const shock = this.#bySymbol.get(symbol);
    return shock !== undefined && shock.at < to && shock.at + lastsMs > from;
  }

  /** What the simulation has happen, as far away from it as the symbol is then. */
  moved(tick: MarketTick): MarketTick {
    const shock = this.#bySymbol.get(tick.symbol);
    const since = shock ? tick.quote.at.getTime() - shock.at : -1;
    if (!shock || !tick.trade || since < 0 || since > lastsMs) return tick;
    const left = shock.size * 0.5 ** (since / halfLifeMs);
    const grid = gridOf(tick.trade.price);
    const bid = Math.max(grid, Math.round((tick.quote.bid * Math.exp(left)) / grid) * grid);
    const ask = bid + tick.quote.ask - tick.quote.bid;
    const price = tick.trade.taker === 'buy' ? ask : bid;
    return { ...tick, quote: { ...tick.quote, bid, ask }, trade: { ...tick.trade, price } };
  }

  /** By name, as a store keeps it. */
  saved(): Record<string, number> {
    const found: Record<string, number> = {};
    for (const [symbol, { size, at }] of this.#bySymbol) {
      found[`shock ${symbol}`] = size;
      found[`shock ${symbol} at`] = at;
    }
    return found;
  }

  restore(symbol: string, saved: Readonly<Record<string, number>>): void {
    const [size, at] = [saved[`shock ${symbol}`], saved[`shock ${symbol} at`]];
    if (size !== undefined && at !== undefined) this.#bySymbol.set(symbol, { at, size });
  }
}
