import type { Client } from '@opensearch-project/opensearch';
import { vi } from 'vitest';
import { systemClock as clock } from '../adapters/clock/system-clock.ts';
import { connectDatabase, plansByKey } from '../adapters/database/connect.ts';
import { createEventReader } from '../adapters/database/event-reader/event-reader.ts';
import { loadInstruments } from '../adapters/database/instrument-store/load-shipped.ts';
import { createSearchStore } from '../adapters/database/search-store/search-store.ts';
import { createSearchClient } from '../adapters/search/opensearch/client.ts';
import { createSearchIndex } from '../adapters/search/opensearch/search-index.ts';
import { setUpSearch } from '../adapters/search/opensearch/setup.ts';
import { instrumentsFile } from '../main/instruments.ts';
import { searchConnections, searchFolder } from '../main/search.ts';
import { createSearchSink } from '../pipeline/projections/search/sink.ts';
import { createTestDatabase } from './database.ts';
import { createRecordedLog } from './recorded-log.ts';
import { seedTrades } from './search-seed.ts';

let boxes = 0;

/**
 * A database of its own with seeded trades, and everything that writes its search copy to the node. Several on one node, one after the
 * other, have generations of their own; the last one that started has the aliases. The writers wait `patienceMs` for the node at most;
 * the box's own `client`, by which a test asks, waits as long as any.
 */
export async function openSearchBox(nodeUrl: string, patienceMs?: number) {
  const database = await createTestDatabase();
  const sql = connectDatabase(database.url, { max: searchConnections, settings: plansByKey });
  const client: Client = createSearchClient({ url: nodeUrl });
  const writing = createSearchClient({ url: nodeUrl, ...(patienceMs ? { requestTimeoutMs: patienceMs } : {}) });
  const generation = ++boxes * 100;
  await sql`update search_state set live = ${generation}, newest = ${generation}`;
  const log = createRecordedLog();
  const events = createEventReader({ sql, clock, log });
  const source = createSearchStore({ sql, baseUrl: 'https://signalbox.example' });
  const setUp = async (): Promise<void> => {
    await loadInstruments(sql, instrumentsFile);
    await setUpSearch(client, searchFolder);
  };
  const index = createSearchIndex(client);
  const openSink = () => createSearchSink({ source, index: createSearchIndex(writing), events, setUp, clock, log });
  const sink = openSink();
  return {
    database,
    sql,
    client,
    source,
    index,
    events,
    log,
    generation,
    sink,
    openSink,
    trades: await seedTrades(sql),
    /** Until everything that was committed is in the copy, and can be found; however long that takes, as long as it gets on. */
    async caughtUp(): Promise<void> {
      for (let left = Number.POSITIVE_INFINITY; left > 0; )
        left = await vi.waitFor(
          async () => {
            const { events: behind, problem } = await sink.state();
            if (behind >= left) throw new Error(`${behind} events behind: ${problem ?? 'no problem told'}`);
            return behind;
          },
          { timeout: 60_000, interval: 50 },
        );
      await client.indices.refresh({ index: '_all' });
    },
    async count(alias: string): Promise<number> {
      return (await client.count({ index: alias })).body.count;
    },
    async close(): Promise<void> {
      await sink.stop();
      await Promise.all([sql.end({ timeout: 1 }), client.close(), writing.close()]);
      await database.drop();
    },
  };
}

export type SearchBox = Awaited<ReturnType<typeof openSearchBox>>;

/** How many documents each alias must have, counted in PostgreSQL. */
export async function countsInDatabase({ sql }: SearchBox): Promise<Record<string, number>> {
  const [row] = await sql<Record<string, number>[]>`
    select (select count(*)::int from trading_signals) as "trading-signals",
      (select count(*)::int from trade_executions) as "trade-executions",
      (select count(*)::int from decisions) as "trading-decisions",
      (select count(*)::int from orders) as "trading-orders",
      (select count(*)::int from positions) as "trading-positions",
      (select count(*)::int from events where kind not in ('equity.recorded', 'health.recorded')) as "trading-events"`;
  return { ...row! };
}

/** How many documents each of these aliases has. */
export async function countsInCopy(box: SearchBox, aliases: readonly string[]): Promise<Record<string, number>> {
  return Object.fromEntries(await Promise.all(aliases.map(async (alias) => [alias, await box.count(alias)] as const)));
}
