import { fileURLToPath } from 'node:url';
import { connectDatabase, plansByKey } from '../adapters/database/connect.ts';
import { loadInstruments } from '../adapters/database/instrument-store/load-shipped.ts';
import { createSearchStore } from '../adapters/database/search-store/search-store.ts';
import { createSearchClient } from '../adapters/search/opensearch/client.ts';
import { createSearchIndex } from '../adapters/search/opensearch/search-index.ts';
import { setUpSearch } from '../adapters/search/opensearch/setup.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventReader } from '../core/ports/event-reader.ts';
import type { Log } from '../core/ports/log.ts';
import type { Environment } from '../environment.ts';
import { createSearchSink, type SearchSink } from '../pipeline/projections/search/sink.ts';
import { instrumentsFile } from './instruments.ts';

/** Templates, policies and dashboards. */
export const searchFolder = fileURLToPath(new URL('../../opensearch', import.meta.url));

/** Queries of one batch run side by side, and one connection holds the turn. */
export const searchConnections = 6;

/** The writer of the search copy; null when no OpenSearch is configured. */
export function openSearchSink(
  environment: Pick<Environment, 'openSearchUrl' | 'openSearchCa'>,
  parts: {
    readonly databaseUrl: string;
    readonly events: EventReader;
    readonly baseUrl: string;
    readonly clock: Clock;
    readonly log: Log;
  },
): SearchSink | null {
  if (!environment.openSearchUrl) return null;
  const { databaseUrl, events, baseUrl, clock, log } = parts;
  // Connections of its own: nothing else ever waits for one.
  const sql = connectDatabase(databaseUrl, {
    max: searchConnections,
    statementMs: 30_000,
    applicationName: 'signalbox search',
    settings: plansByKey,
  });
  const client = createSearchClient({ url: environment.openSearchUrl, caFile: environment.openSearchCa });
  const sink = createSearchSink({
    source: createSearchStore({ sql, baseUrl }),
    index: createSearchIndex(client),
    events,
    setUp: async () => {
      await loadInstruments(sql, instrumentsFile);
      await setUpSearch(client, searchFolder);
    },
    clock,
    log,
  });
  return {
    ...sink,
    async stop() {
      await sink.stop();
      await Promise.all([sql.end({ timeout: 1 }), client.close()]);
    },
  };
}
