// npm run search:setup     templates, retention policy, instruments; and the dashboards, when DASHBOARDS_URL is set.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadInstruments } from '../adapters/database/instrument-store/load-shipped.ts';
import { createSearchStore } from '../adapters/database/search-store/search-store.ts';
import { reasonOf } from '../adapters/search/opensearch/bulk.ts';
import { importDashboards } from '../adapters/search/opensearch/import-dashboards.ts';
import { createSearchIndex } from '../adapters/search/opensearch/search-index.ts';
import { type SetupStep, setUpSearch } from '../adapters/search/opensearch/setup.ts';
import { openSearchCommand, runCommand } from '../main/command.ts';
import { instrumentsFile } from '../main/instruments.ts';
import { searchFolder } from '../main/search.ts';
import { sendRefusedAgain } from '../pipeline/projections/search/send-refused.ts';

const words: Record<SetupStep['outcome'], string> = {
  created: 'created',
  changed: 'changed',
  as_it_was: 'as it was',
  not_possible: 'not possible',
};

await runCommand(async () => {
  const { client, sql, baseUrl, log, close } = openSearchCommand();
  const say = (line: string) => process.stdout.write(`  ${line}\n`);
  try {
    const steps = await setUpSearch(client, searchFolder).catch((error: unknown) => {
      throw new Error(`${reasonOf(error)}. Nothing was changed, or only what is said above.`);
    });
    for (const { kind, name, outcome, sentence } of steps) {
      say(`${`${kind} ${name}`.padEnd(36)} ${words[outcome]}${sentence ? `. ${sentence}` : ''}`);
    }
    say(`${await loadInstruments(sql, instrumentsFile)} instruments, with their sectors and industries`);
    const source = createSearchStore({ sql, baseUrl });
    const index = createSearchIndex(client);
    const sent = await sendRefusedAgain({ source, index, log }, await source.liveGeneration());
    if (sent.taken + sent.left > 0)
      say(`${sent.taken} refused documents were taken now, ${sent.left} are still refused`);
    const dashboardsUrl = process.env.DASHBOARDS_URL;
    if (dashboardsUrl) {
      const file = readFileSync(join(searchFolder, 'dashboards', 'signalbox.ndjson'));
      say(`${await importDashboards(dashboardsUrl, file)} saved objects imported into OpenSearch Dashboards`);
    } else say('No dashboards were imported: DASHBOARDS_URL is not set.');
  } finally {
    await close();
  }
});
