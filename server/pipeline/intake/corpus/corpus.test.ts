// Invariants: each alert of a corpus is read as its dialect, by its shape alone unless it is marked, and comes to exactly the signal or the
// problems beside it; what comes to a signal is the same after it was stored; the corpora are large enough to mean something.
import { describe, expect, test } from 'vitest';
import { signalFromJson, signalToJson } from '../../../core/model/signal.ts';
import type { AlertText } from '../dialect.ts';
import { readJson } from '../json-text.ts';
import { loadDialects } from '../load-dialects.ts';
import { refusalOf } from '../problem-code.ts';
import { messageCodeOf } from '../traders-post/message-codes.ts';
import { corpusDialects, readCorpus, stated, textOf } from './read-corpus.ts';

const dialects = await loadDialects();
const keys = await corpusDialects();

test('there is a dialect for each corpus', () => {
  expect(dialects.map(({ key }) => key)).toEqual(expect.arrayContaining([...keys]));
});

describe.for(keys)('%s', async (key) => {
  const corpus = await readCorpus(key);
  const dialect = dialects.find((one) => one.key === key)!;
  const least = key === 'native' || key === 'traders-post' ? 30 : 10;

  test('is large enough, and names each alert once', () => {
    expect(corpus.filter((one) => one.signal).length).toBeGreaterThanOrEqual(least);
    expect(corpus.filter((one) => one.problems).length).toBeGreaterThanOrEqual(least);
    expect(new Set(corpus.map((one) => one.name)).size).toBe(corpus.length);
  });

  test.each(corpus.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const text = textOf(one);
    const alert: AlertText = { text, json: readJson(text), ...(one.reading && { reading: one.reading }) };
    if (!one.fixed) expect(dialects.find((d) => d.claims(alert))?.key).toBe(key);
    const read = dialect.read(alert);
    if (read.ok) {
      expect(stated(read.value)).toEqual(one.signal);
      expect(stated(signalFromJson(signalToJson(read.value)))).toEqual(one.signal);
      return;
    }
    expect(read.error.map(({ field, code }) => `${field}: ${code}`)).toEqual(one.problems);
    expect(refusalOf(read.error)).toBe(one.code);
    if (key === 'traders-post') expect(messageCodeOf(read.error)).toBe(one.messageCode);
  });
});
