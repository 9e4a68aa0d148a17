import type { Bar } from '../indicators/bar.ts';
import type { Session } from '../model/market-facts.ts';

/** A session with its date in New York. */
export interface DaySession extends Session {
  /** As `2026-11-20`. */
  readonly day: string;
}

/** What a market did on earlier days, and when it will be open. Faults are thrown; an answer is whole. */
export interface BarHistory {
  /** Which market: bars of one are nothing to another. */
  readonly source: string;
  /**
   * Daily bars, adjusted for splits and dividends, the oldest first; the last one's day may not be over. A symbol that the market does not
   * know, or that has not traded, has an empty list.
   */
  dailyBars(symbols: readonly string[], from: Date): Promise<ReadonlyMap<string, readonly Bar[]>>;
  /** The sessions of stocks from a day in New York to another, both included, as far as the market has set them. */
  sessions(from: string, until: string): Promise<readonly DaySession[]>;
}

/** A symbol's bars, as they were read. */
export interface ReadBars {
  readonly bars: readonly Bar[];
  readonly readAt: Date;
}

/** The sessions from a day on, and up to the day of the last one; days between that are not in it have none. */
export interface ReadSessions {
  readonly from: string;
  readonly sessions: readonly DaySession[];
  readonly readAt: Date;
}

/** Keeps what a market was asked for, for the next start and for other processes. */
export interface BarStore {
  /** Those of the symbols that are kept of the market. */
  bars(source: string, symbols: readonly string[]): Promise<ReadonlyMap<string, ReadBars>>;
  /** Takes the place of what was kept of these symbols. `wanted`: a decision has asked for them. */
  keepBars(source: string, bars: ReadonlyMap<string, readonly Bar[]>, readAt: Date, wanted: boolean): Promise<void>;
  /** What any account holds, and what was ordered or asked for since a moment. */
  wanted(since: Date): Promise<readonly string[]>;
  sessions(source: string): Promise<ReadSessions | null>;
  keepSessions(source: string, read: ReadSessions): Promise<void>;
}
