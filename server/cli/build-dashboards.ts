// Writes opensearch/dashboards/signalbox.ndjson. A test fails when the file is not what this makes.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readFields } from '../adapters/search/saved-objects/fields.ts';
import { savedObjects, toNdjson } from '../adapters/search/saved-objects/saved-objects.ts';

const root = new URL('../../opensearch/', import.meta.url);

export const dashboardsFile = fileURLToPath(new URL('dashboards/signalbox.ndjson', root));

/** What the file should hold. */
export const dashboardsText = (): string =>
  toNdjson(savedObjects(readFields(fileURLToPath(new URL('templates', root)))));

if (import.meta.main) writeFileSync(dashboardsFile, dashboardsText());
