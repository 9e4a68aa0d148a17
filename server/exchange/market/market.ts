import type { CivilDay, UsZone } from '../calendar/civil-day.ts';
import type { Bar } from './bars.ts';
import type { Instrument } from './instruments.ts';

/** Prices are integer ticks of a hundredth of a cent, so that no price is ever off by a rounding. */
export const ticksPerDollar = 10_000;

/** A quote in ticks and whole lots (see `lotsPerUnit`). */
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
  /** Who came to the other: at the ask a buyer. */
  readonly taker: 'buy' | 'sell';
}

/** One moment of one symbol's market. */
export interface MarketTick {
  readonly symbol: string;
  readonly quote: MarketQuote;
  readonly trade: MarketTrade | null;
}

/** What has been traded so far, by day. Days begin at midnight in the zone of the symbol. */
export interface MarketHistory {
  zoneOf(symbol: string): UsZone;
  /** The first and the last day that may have bars. */
  days(symbol: string, now: Date): { readonly first: CivilDay; readonly last: CivilDay };
  /** The minute bars of a day that have ended, oldest first. Empty where the market's data is coarser. */
  minuteBars(symbol: string, day: CivilDay, now: Date): readonly Bar[];
  /** How many minutes each of a day's minute bars is wide: one, or what a file has. */
  widthMinutes(symbol: string, day: CivilDay): number;
  /** The bar of a day's regular session, as far as it has come; null when nothing was traded. */
  dayBar(symbol: string, day: CivilDay, now: Date): Bar | null;
  /** Quotes and trades of the minute that begins at `minute`, as far as it has come. */
  ticks(symbol: string, minute: number, now: Date): readonly MarketTick[];
}

/** A market that the venue trades on: simulated, replayed from a file or scripted by a test. */
export interface Market {
  readonly kind: 'sim' | 'replay' | 'scripted';
  readonly instruments: readonly Instrument[];
  readonly history: MarketHistory;
  quote(symbol: string): MarketQuote | null;
  lastTrade(symbol: string): MarketTrade | null;
  /** What happens from the last call until `at`, in its order. It has not happened before `apply` was told of it. */
  advance(at: Date): readonly MarketTick[];
  /** Makes a moment the present. */
  apply(tick: MarketTick): void;
  /** Puts the market of one symbol where the caller says, in dollars; throws a `RangeError` for one that is not listed. */
  script(symbol: string, bid: number, ask: number, at: Date, size?: number): void;
  /** What a restart needs to go on, by name: the last price of each symbol in dollars, and a replay's place. */
  prices(): Record<string, number>;
  restore(saved: Readonly<Record<string, number>>): void;
}

/** Smallest step of a price in ticks: a cent from a dollar up, a hundredth of a cent below. */
export const gridOf = (price: number): number => (price >= ticksPerDollar ? ticksPerDollar / 100 : 1);

/** A cent for low prices, about a basis point and a half above; in ticks. */
export function spreadOf(price: number): number {
  const grid = gridOf(price);
  return Math.max(grid, Math.round((price * 0.00015) / grid) * grid);
}
