import { Client } from '@opensearch-project/opensearch';
import { systemClock as clock } from '../server/adapters/clock/system-clock.ts';
import { connectDatabase, plansByKey } from '../server/adapters/database/connect.ts';
import { createEventReader } from '../server/adapters/database/event-reader/event-reader.ts';
import { loadInstruments } from '../server/adapters/database/instrument-store/load-shipped.ts';
import { createSearchStore } from '../server/adapters/database/search-store/search-store.ts';
import { createSearchClient } from '../server/adapters/search/opensearch/client.ts';
import { createSearchIndex } from '../server/adapters/search/opensearch/search-index.ts';
import { setUpSearch } from '../server/adapters/search/opensearch/setup.ts';
import type { SearchDocument } from '../server/core/ports/search-index.ts';
import { instrumentsFile } from '../server/main/instruments.ts';
import { searchConnections, searchFolder } from '../server/main/search.ts';
import { rebuildSearch } from '../server/pipeline/projections/search/rebuild.ts';
import { quietLog as log } from '../server/testing/quiet-log.ts';
import { seedTrades } from '../server/testing/search-seed.ts';
import { median } from './measure.ts';

/**
 * Documents a second, from the rows in PostgreSQL to their being in the index, against the client's own bulk helper that is given the same
 * documents ready in memory, on the same node.
 */
export async function runSearchSinkBench(databaseUrl: string, nodeUrl: string, quick: boolean): Promise<void> {
  const sql = connectDatabase(databaseUrl, { max: searchConnections, settings: plansByKey });
  const client = createSearchClient({ url: nodeUrl });
  const bare = new Client({ node: nodeUrl });
  try {
    const trades = await seedTrades(sql);
    const alerts = quick ? 2000 : 10_000;
    for (let left = alerts; left > 0; left -= 2000) await trades.more(Math.min(left, 2000));
    await loadInstruments(sql, instrumentsFile);
    await setUpSearch(client, searchFolder);
    const source = createSearchStore({ sql, baseUrl: 'http://127.0.0.1:8080' });
    const index = createSearchIndex(client);
    const events = createEventReader({ sql, clock, log });
    const documents: SearchDocument[] = [];
    const ours: number[] = [];
    const helpers: number[] = [];
    for (let round = 0; round < (quick ? 2 : 4); round++) {
      const moments: number[] = [];
      const { documents: sent } = await rebuildSearch({
        source,
        index: {
          ...index,
          write(generation, some, signal) {
            if (round === 0) documents.push(...some);
            return index.write(generation, some, signal);
          },
        },
        events,
        clock,
        log,
        // The first sentence says that it begins, the second that all of it can be searched.
        say: () => moments.push(performance.now()),
      });
      ours.push((sent / (moments[1]! - moments[0]!)) * 1000);

      const parsed = documents.map(({ alias, id, version, json }) => ({
        alias,
        id,
        version,
        body: JSON.parse(json) as object,
      }));
      const heldMs = performance.now();
      await bare.helpers.bulk({
        datasource: parsed,
        flushBytes: 1_500_000,
        concurrency: 2,
        onDocument: ({ alias, id, version, body }: (typeof parsed)[number]) => [
          {
            index: { _index: `${alias}-g9${round}-bench`, _id: id, version: Number(version), version_type: 'external' },
          },
          body,
        ],
      } as never);
      helpers.push((parsed.length / (performance.now() - heldMs)) * 1000);
      await bare.indices.delete({ index: `*-g9${round}-bench` });
    }
    // The first round warms the node up.
    const mine = median(ours.slice(1));
    const theirs = median(helpers.slice(1));
    console.log(
      `\nSearch copy: ${documents.length} documents of ${alerts} alerts; medians of ${ours.length - 1} rounds`,
    );
    console.log(
      `  the client's bulk helper, documents ready in memory   ${Math.round(theirs).toLocaleString('en')} a second`,
    );
    console.log(
      `  Signalbox, from the rows in PostgreSQL                ${Math.round(mine).toLocaleString('en')} a second   ${(mine / theirs).toFixed(2)}x`,
    );
    console.log(
      `${mine / theirs >= 0.8 ? 'met   ' : 'missed'}  at least 0.8x of the bare helper: ${(mine / theirs).toFixed(2)}x`,
    );
  } finally {
    await Promise.all([sql.end({ timeout: 1 }), client.close(), bare.close()]);
  }
}
