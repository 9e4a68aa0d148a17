// Invariants: what a page of docs/dialects shows as an alert is in that dialect's corpus, where what it comes to is tried; what it shows as
// refused is refused there.
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { corpusDialects, readCorpus, textOf } from './read-corpus.ts';

const folder = new URL('../../../../docs/dialects/', import.meta.url);
const pages = (await readdir(folder)).filter((name) => name.endsWith('.md'));
const keys = (await corpusDialects()).filter((key) => pages.includes(`${key}.md`));

test('TradersPost has a page', () => {
  expect(keys).toContain('traders-post');
});

describe.for(keys)('%s.md', async (key) => {
  const page = await readFile(new URL(`${key}.md`, folder), 'utf8');
  const corpus = await readCorpus(key);
  const shown = [...page.matchAll(/^```(json|text)( refused)?\n([\s\S]*?)^```$/gm)].flatMap(
    ([, kind, refused, block = '']) =>
      (kind === 'json' ? block.trim().split(/\n(?=\{)/) : [block]).map((text) => ({
        text: kind === 'json' ? JSON.stringify(JSON.parse(text)) : text.trim(),
        refused: refused !== undefined,
      })),
  );

  test('shows alerts', () => expect(shown.length).toBeGreaterThan(0));

  test.each(shown)('$text', ({ text, refused }) => {
    const same = corpus.find((one) => textOf(one).trim() === text);
    expect(same && (refused ? same.problems : same.signal)).toBeDefined();
  });
});
