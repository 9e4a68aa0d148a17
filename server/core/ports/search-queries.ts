import type { SnippetPart } from '../full-text/snippets.ts';
import type { Term } from '../full-text/terms.ts';

export type SearchedKind = 'signal' | 'event';
export type SearchEngine = 'opensearch' | 'postgresql';

export interface SearchRequest {
  /** All of them must be in what is found. At least one. */
  readonly terms: readonly Term[];
  readonly kinds: readonly SearchedKind[];
  /** Found things of each kind at most. */
  readonly limit: number;
  /** Whoever asked has gone: nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

/** A signal or an event that was found. */
export interface FoundItem {
  readonly kind: SearchedKind;
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly signalId: string | null;
  readonly ticker: string | null;
  /** What it is, for people. */
  readonly title: string;
  /** What of it has the words; empty when an id was looked for. */
  readonly snippets: readonly (readonly SnippetPart[])[];
  /** Of a signal. */
  readonly status: string | null;
  /** Of an event. */
  readonly eventKind: string | null;
}

export interface SearchAnswer {
  /** Newest first. */
  readonly items: readonly FoundItem[];
  readonly source: SearchEngine;
  /** Milliseconds. */
  readonly tookMs: number;
  /** There may be more than what is shown. */
  readonly truncated: boolean;
}

/** What one engine found, newest first. */
export type Findings = Pick<SearchAnswer, 'items' | 'truncated'>;

/** One way to look through what happened. Throws when it cannot: `SearchTooSlow` when time was up. */
export interface SearchEngineQueries {
  find(request: SearchRequest): Promise<Findings>;
}

/** Full-text search over signals and events, by whichever engine answers. */
export interface SearchQueries {
  search(request: SearchRequest): Promise<SearchAnswer>;
}

/** It took too long and was ended. */
export class SearchTooSlow extends Error {}

/** Newest first; of one moment, in the order of their ids, so that every engine says the same. */
export const newestFirst = (items: readonly FoundItem[]): FoundItem[] =>
  [...items].sort((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1));
