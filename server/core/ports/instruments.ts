import type { Classification, Instrument, InstrumentRecord } from '../model/instrument.ts';
import type { Page, PageQuery } from './paging.ts';

/** Sector and industry of symbols. Reads are from a snapshot that follows changes of any process. */
export interface Instruments {
  /**
   * Where a symbol counts, in any notation; never waits and never fails. What is not known is in the bucket `Unknown`; a pair of a coin is
   * `Crypto`, listed or not.
   */
  classify(symbol: string): Classification;
  /** Reads everything anew; called when an event tells that the table changed. */
  refresh(): Promise<void>;
}

export interface InstrumentQuery extends PageQuery {
  /** Words, each of which must occur in symbol, name, sector or industry. */
  readonly text?: string | undefined;
  readonly sector?: string | undefined;
  /** Only what a person imported. */
  readonly imported?: boolean | undefined;
}

/** What an import does to one symbol. */
export interface InstrumentChange {
  readonly after: Instrument;
  /** What stood there; null: nothing. */
  readonly before: Instrument | null;
  /** `same`: nothing but whose word it is. */
  readonly kind: 'added' | 'changed' | 'same';
}

/** How many instruments of each sector there are. */
export interface SectorCount {
  readonly sector: string;
  readonly count: number;
  /** How many of them a person imported. */
  readonly imported: number;
}

/** The table of instruments. What a person imported wins over what ships, and stays through restarts and updates. */
export interface InstrumentStore extends Instruments {
  /** In the order of their symbols. Throws `BadCursor`. */
  list(query: InstrumentQuery): Promise<Page<InstrumentRecord>>;
  /** Of each sector that there can be, in the order of `sectorNames`. */
  sectors(): Promise<readonly SectorCount[]>;
  /** In any notation; null: it is not known. */
  find(symbol: string): Promise<InstrumentRecord | null>;
  /** Names of the industries there are. */
  industries(): readonly string[];
  /** What an import would do, in the order of the rows; takes nothing over. */
  preview(rows: readonly Instrument[]): Promise<readonly InstrumentChange[]>;
  /** Takes all rows over, with the event `instruments.imported`, or none. */
  import(rows: readonly Instrument[], by: string): Promise<readonly InstrumentChange[]>;
  /**
   * Gives a symbol back to what ships, with the event `instruments.restored`. Answers what it is now; `gone`: nothing ships for it, it is
   * unknown from now on; null: nobody had imported it.
   */
  restore(symbol: string, by: string): Promise<InstrumentRecord | 'gone' | null>;
}
