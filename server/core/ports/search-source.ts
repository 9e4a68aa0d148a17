import type { StoredEvent } from '../model/event.ts';
import type { RefusedDocument, SearchDocument } from './search-index.ts';

/** How far a search copy is behind the event table. */
export interface SearchLag {
  /** Events that are not in it yet; counted up to 100,000. */
  readonly events: number;
  /** Age of the oldest of them in seconds; 0 when there is none. */
  readonly seconds: number;
}

/** What the sink needs of the database. */
export interface SearchSource {
  /** The documents that these events bring up to date, each as it stands in the database now. */
  documents(events: readonly StoredEvent[]): Promise<readonly SearchDocument[]>;
  /** Which generation of indices is searched. */
  liveGeneration(): Promise<number>;
  setLiveGeneration(generation: number): Promise<void>;
  /** A number that no generation has had. */
  newGeneration(): Promise<number>;
  lag(generation: number): Promise<SearchLag>;
  /** Keeps documents that the mapping refused, to be sent again after a mend. */
  keepRefused(generation: number, refused: readonly RefusedDocument[]): Promise<void>;
  /** Those kept, oldest first. */
  refused(generation: number, limit: number): Promise<readonly RefusedDocument[]>;
  countRefused(generation: number): Promise<number>;
  forgetRefused(generation: number, documents: readonly SearchDocument[]): Promise<void>;
  /** Forgets everything kept about other generations: their cursors and refused documents. */
  forgetOthers(generation: number): Promise<void>;
  /** The right to write a generation, which one process has at a time; null while another has it. Call it to give it back. */
  takeTurn(generation: number): Promise<(() => Promise<void>) | null>;
}
