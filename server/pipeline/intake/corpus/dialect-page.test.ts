// The pages of dialects say what the tests run: the examples on each are those of its corpus, and each dialect is in the table.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadDialects } from '../load-dialects.ts';
import { examplesHeading, examplesOf } from './dialect-page.ts';
import { readCorpus } from './read-corpus.ts';

const page = (name: string) => readFileSync(new URL(`../../../../docs/dialects/${name}.md`, import.meta.url), 'utf8');
const described = [
  'signal-stack',
  'three-commas',
  'target-position',
  'pine-connector',
  'key-value',
  'tradingview-text',
  'template',
];
const dialects = await loadDialects();

test.each(described)('the examples of %s are those of its corpus', async (key) => {
  const dialect = dialects.find((one) => one.key === key)!;
  const text = page(key);
  expect(text.slice(text.indexOf(examplesHeading))).toBe(examplesOf(dialect, await readCorpus(key)));
});

test('each dialect is in the table', () => {
  const table = page('README');
  for (const { key } of dialects) expect(table).toContain(`| \`${key}\``);
});
