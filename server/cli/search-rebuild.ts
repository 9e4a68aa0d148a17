// npm run search:rebuild     makes the search copy anew from PostgreSQL, while everything goes on.
import { systemClock as clock } from '../adapters/clock/system-clock.ts';
import { createEventReader } from '../adapters/database/event-reader/event-reader.ts';
import { createEventWriter } from '../adapters/database/event-reader/event-writer.ts';
import { loadInstruments } from '../adapters/database/instrument-store/load-shipped.ts';
import { createSearchStore } from '../adapters/database/search-store/search-store.ts';
import { reasonOf } from '../adapters/search/opensearch/bulk.ts';
import { createSearchIndex } from '../adapters/search/opensearch/search-index.ts';
import { setUpSearch } from '../adapters/search/opensearch/setup.ts';
import { openSearchCommand, runCommand } from '../main/command.ts';
import { instrumentsFile } from '../main/instruments.ts';
import { searchFolder } from '../main/search.ts';
import { rebuildSearch } from '../pipeline/projections/search/rebuild.ts';

await runCommand(async () => {
  const { client, sql, baseUrl, log, close } = openSearchCommand();
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort(new Error('Stopped. The live copy is as it was.')));
  try {
    await setUpSearch(client, searchFolder).catch((error: unknown) => {
      throw new Error(`${reasonOf(error)}. The live copy is as it was.`);
    });
    await loadInstruments(sql, instrumentsFile);
    const rebuilt = await rebuildSearch({
      source: createSearchStore({ sql, baseUrl }),
      index: createSearchIndex(client),
      events: createEventReader({ sql, clock, log }),
      clock,
      log,
      say: (sentence) => process.stdout.write(`  ${sentence}\n`),
      signal: stopping.signal,
    });
    await createEventWriter({ sql }).append([{ kind: 'search.rebuilt', data: { ...rebuilt } }]);
    process.stdout.write('  Done.\n');
  } finally {
    await close();
  }
});
