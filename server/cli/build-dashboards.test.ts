import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { dashboardsFile, dashboardsText } from './build-dashboards.ts';

it('signalbox.ndjson is up to date; else run: node server/cli/build-dashboards.ts', async () => {
  expect(await readFile(dashboardsFile, 'utf8')).toBe(dashboardsText());
});
