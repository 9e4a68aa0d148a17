import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { SearchEngineQueries, SearchQueries } from '../../core/ports/search-queries.ts';

export interface FallbackSearchParts {
  /** Asked first; null when there is no OpenSearch. */
  readonly openSearch: SearchEngineQueries | null;
  readonly database: SearchEngineQueries;
  /** How many seconds OpenSearch's copy is behind. May throw. */
  readonly behindSeconds: () => Promise<number>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A copy that is further behind would hide what has just happened. */
const mostBehindSeconds = 60;
/** After a failure the next searches do not wait for OpenSearch: whoever types would feel each wait. */
const restMs = 10_000;

/** OpenSearch while it answers in time and is up to date; else PostgreSQL, within the same request. The answer says which it was. */
export function createFallbackSearch({
  openSearch,
  database,
  behindSeconds,
  clock,
  log,
}: FallbackSearchParts): SearchQueries {
  let restingUntilMs = Number.NEGATIVE_INFINITY;
  let failing = false;

  async function fromOpenSearch(request: Parameters<SearchEngineQueries['find']>[0]) {
    if (openSearch === null || clock.monotonicMs() < restingUntilMs) return null;
    try {
      const [findings, behind] = await Promise.all([openSearch.find(request), behindSeconds()]);
      if (behind > mostBehindSeconds) return null;
      if (failing) log.info({}, 'searches are answered by OpenSearch again');
      failing = false;
      return findings;
    } catch (error) {
      // Nobody waits any more: that says nothing about OpenSearch.
      request.signal?.throwIfAborted();
      restingUntilMs = clock.monotonicMs() + restMs;
      if (!failing) log.warn({ error }, 'OpenSearch does not answer a search; PostgreSQL does until it is back');
      failing = true;
      return null;
    }
  }

  return {
    async search(request) {
      const startedMs = clock.monotonicMs();
      const tookMs = () => Math.round((clock.monotonicMs() - startedMs) * 10) / 10;
      const findings = await fromOpenSearch(request);
      if (findings) return { ...findings, source: 'opensearch', tookMs: tookMs() };
      return { ...(await database.find(request)), source: 'postgresql', tookMs: tookMs() };
    },
  };
}
