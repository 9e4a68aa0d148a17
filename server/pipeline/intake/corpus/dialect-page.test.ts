// The pages of dialects say what the tests run: the examples on each are those of its corpus, and each dialect is in the table.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readJson } from '../json-text.ts';
import { loadDialects } from '../load-dialects.ts';
import { examplesHeading, examplesOf } from './dialect-page.ts';
import { readCorpus, textOf } from './read-corpus.ts';

const page = (name: string) => readFileSync(new URL(`../../../../docs/dialects/${name}.md`, import.meta.url), 'utf8');
const described = [
  'native',
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

test('each field that the native dialect asks for, with any action, is on its page', async () => {
  const native = dialects.find((one) => one.key === 'native')!;
  const asked = new Set<string>();
  for (const one of await readCorpus('native')) {
    const text = textOf(one);
    native.read({ text, json: readJson(text), watch: { asked: (field) => asked.add(field) } });
  }
  const before = page('native').split(examplesHeading)[0]!;
  const missing = [...asked].filter((name) => !name.includes('[') && !before.includes(`\`${name}\``));
  expect(asked.size).toBeGreaterThan(45);
  expect(missing).toEqual([]);
});
