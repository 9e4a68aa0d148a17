import { connectDatabase } from '../adapters/database/connect.ts';
import { createDatabaseSearch } from '../adapters/database/read-store/search.ts';
import { createSearchClient } from '../adapters/search/opensearch/client.ts';
import { createOpenSearchQueries } from '../adapters/search/opensearch/query.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { SearchQueries } from '../core/ports/search-queries.ts';
import type { Environment } from '../environment.ts';
import type { SearchSink } from '../pipeline/projections/search/sink.ts';
import { createFallbackSearch } from '../pipeline/projections/search-queries.ts';

/** A search reads signals and events side by side; more searches wait for their turn. */
export const fullTextConnections = 4;

/** The search of the dashboard: by OpenSearch when one is configured, by PostgreSQL otherwise. */
export function openFullText(
  environment: Pick<Environment, 'openSearchUrl' | 'openSearchCa'>,
  parts: { readonly databaseUrl: string; readonly search: SearchSink | null; readonly clock: Clock; readonly log: Log },
): SearchQueries & { stop(): Promise<void> } {
  // Connections of its own, opened by the first search: no page, event or order ever waits for one.
  const sql = connectDatabase(parts.databaseUrl, {
    max: fullTextConnections,
    statementMs: 30_000,
    applicationName: 'signalbox full text',
  });
  const { openSearchUrl: url, openSearchCa: caFile } = environment;
  const client = url ? createSearchClient({ url, caFile }) : null;
  const { search: sink, clock, log } = parts;
  const queries = createFallbackSearch({
    openSearch: client && createOpenSearchQueries(client),
    database: createDatabaseSearch({ sql }),
    behindSeconds: async () => (await sink?.state())?.seconds ?? 0,
    clock,
    log,
  });
  return {
    ...queries,
    async stop() {
      await Promise.all([sql.end({ timeout: 1 }), client?.close()]);
    },
  };
}
