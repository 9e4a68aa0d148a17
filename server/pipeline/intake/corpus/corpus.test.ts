// Invariants: each alert of a corpus is read as its dialect, by its shape alone unless it is marked, and comes to exactly the signal or the
// problems beside it; what comes to a signal is the same after it was stored; the corpora are large enough to mean something.
import { describe, expect, test } from 'vitest';
import { expectAlert } from '../../../testing/corpus-alert.ts';
import { loadDialects } from '../load-dialects.ts';
import { corpusDialects, readCorpus } from './read-corpus.ts';

const dialects = await loadDialects();
const keys = await corpusDialects();

test('there is a dialect for each corpus', () => {
  expect(dialects.map(({ key }) => key)).toEqual(expect.arrayContaining([...keys]));
});

describe.for(keys)('%s', async (key) => {
  const corpus = await readCorpus(key);
  const least = key === 'native' || key === 'traders-post' ? 30 : 10;

  test('is large enough, and names each alert once', () => {
    expect(corpus.filter((one) => one.signal).length).toBeGreaterThanOrEqual(least);
    expect(corpus.filter((one) => one.problems).length).toBeGreaterThanOrEqual(least);
    expect(new Set(corpus.map((one) => one.name)).size).toBe(corpus.length);
  });

  test.each(corpus.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expectAlert(key, one, dialects);
  });
});
