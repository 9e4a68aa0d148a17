import type { Bar } from '../indicators/bar.ts';

/** A session of the venue, from its opening, up to but not including its close. */
export interface Session {
  readonly opensAt: Date;
  readonly closesAt: Date;
}

/** Something that is known to come, such as earnings: no entries around it. */
export interface Blackout {
  readonly from: Date;
  /** Not included. */
  readonly until: Date;
  /** For people: "earnings after the close". */
  readonly what: string;
  /** Null: for every symbol. */
  readonly symbol: string | null;
}

/** What of the market is kept ready, so that no decision waits for it. What is not there is null, and never counts as fine. */
export interface MarketFacts {
  /** Finished daily bars, adjusted for splits and dividends, the oldest first; null: not known, or too old to use. */
  dailyBars(symbol: string): readonly Bar[] | null;
  /** The session of a moment's New York day; 'closed': there is none; null: the calendar does not reach there. */
  session(at: Date): Session | 'closed' | null;
  /** What is to come or going on for a symbol; null: the calendar could not be read. */
  blackouts(symbol: string, at: Date): readonly Blackout[] | null;
}
