import type { Asset, Quote } from '../model/market.ts';

/** Prices and instruments. Both answers are fresh within what the adapter promises, and null means: surely not there. */
export interface MarketData {
  /** The latest quote; from the stream when it is subscribed and fresh, else asked for. Null: no quote for this symbol. */
  quote(symbol: string): Promise<Quote | null>;
  /** The last quote seen without asking; null when none was. */
  lastQuote(symbol: string): Quote | null;
  /** Null: not a known instrument. */
  asset(symbol: string): Promise<Asset | null>;
  /** Keeps quotes of these symbols coming; replaces the set given before. */
  follow(symbols: readonly string[]): void;
  /** Calls back on every new quote of a followed symbol; answers a function that stops it. */
  onQuote(listener: (quote: Quote) => void): () => void;
  close(): Promise<void>;
}
