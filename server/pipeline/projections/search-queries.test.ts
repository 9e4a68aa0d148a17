// Which engine answers a search: OpenSearch while it can and is up to date, PostgreSQL within the same request when not; and whoever types
// does not wait for an engine that has just failed.
import { describe, expect, it } from 'vitest';
import { readTerms } from '../../core/full-text/terms.ts';
import type { SearchEngineQueries, SearchRequest } from '../../core/ports/search-queries.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { createRecordedLog } from '../../testing/recorded-log.ts';
import { createFallbackSearch } from './search-queries.ts';

const request: SearchRequest = { terms: readTerms('aapl'), kinds: ['signal'], limit: 5 };
const found = { items: [], truncated: false };

function setUp(openSearch: (() => Promise<typeof found>) | null, behindSeconds = async () => 0) {
  const clock = new ManualClock();
  const log = createRecordedLog();
  const asked = { openSearch: 0, database: 0 };
  const counted = (name: keyof typeof asked, find: () => Promise<typeof found>): SearchEngineQueries => ({
    find() {
      asked[name]++;
      return find();
    },
  });
  const search = createFallbackSearch({
    openSearch: openSearch && counted('openSearch', openSearch),
    database: counted('database', async () => found),
    behindSeconds,
    clock,
    log,
  });
  return { clock, log, asked, search };
}

describe('a search', () => {
  it('is answered by OpenSearch, and PostgreSQL is not asked', async () => {
    const { search, asked } = setUp(async () => found);
    expect(await search.search(request)).toEqual({ ...found, source: 'opensearch', tookMs: 0 });
    expect(asked).toEqual({ openSearch: 1, database: 0 });
  });

  it('is answered by PostgreSQL where there is no OpenSearch', async () => {
    const { search } = setUp(null);
    expect(await search.search(request)).toMatchObject({ source: 'postgresql' });
  });

  it('is answered by PostgreSQL in the same request when OpenSearch fails, which rests for ten seconds', async () => {
    let up = false;
    const { search, asked, clock, log } = setUp(async () => {
      if (!up) throw new Error('down');
      return found;
    });
    expect(await search.search(request)).toMatchObject({ source: 'postgresql' });
    expect(await search.search(request)).toMatchObject({ source: 'postgresql' });
    expect(asked).toEqual({ openSearch: 1, database: 2 });
    await clock.advance(10_000);
    expect(await search.search(request)).toMatchObject({ source: 'postgresql' });
    expect(asked).toEqual({ openSearch: 2, database: 3 });
    up = true;
    await clock.advance(10_000);
    expect(await search.search(request)).toMatchObject({ source: 'opensearch' });
    // Told once when it goes, once when it is back.
    expect(log.lines.map((line) => line.level)).toEqual(['warn', 'info']);
  });

  it('is answered by PostgreSQL while the copy is behind, or nobody knows how far', async () => {
    let behind = 61;
    const { search } = setUp(
      async () => found,
      async () => behind,
    );
    expect(await search.search(request)).toMatchObject({ source: 'postgresql' });
    behind = 60;
    expect(await search.search(request)).toMatchObject({ source: 'opensearch' });
    const unknown = setUp(
      async () => found,
      () => Promise.reject(new Error('no answer')),
    );
    expect(await unknown.search.search(request)).toMatchObject({ source: 'postgresql' });
  });

  it('that nobody waits for any more ends, and OpenSearch does not rest for it', async () => {
    const gone = new AbortController();
    const { search, asked } = setUp(async () => {
      gone.signal.throwIfAborted();
      return found;
    });
    gone.abort(new Error('gone'));
    await expect(search.search({ ...request, signal: gone.signal })).rejects.toThrow('gone');
    expect(asked.database).toBe(0);
    await search.search(request);
    expect(asked.openSearch).toBe(2);
  });
});
