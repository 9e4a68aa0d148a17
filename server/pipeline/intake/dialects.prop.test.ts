// Invariants:
// - whatever the bytes, no dialect throws, and it ends with a signal or with problems that have a code and a sentence;
// - what a dialect of another receiver claims, no other one claims;
// - a signal that was read survives being stored.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signalFromJson, signalToJson } from '../../core/model/signal.ts';
import { corpusDialects, readCorpus, textOf } from './corpus/read-corpus.ts';
import type { AlertText } from './dialect.ts';
import { readJson } from './json-text.ts';
import { loadDialects } from './load-dialects.ts';
import { problemCodes } from './problem-code.ts';
import { readBody } from './read-body.ts';

const dialects = await loadDialects();
const corpora = await Promise.all((await corpusDialects()).map((dialect) => readCorpus(dialect)));
const bodies = corpora.flat().map((one) => ({ text: textOf(one), reading: one.reading }));

/** A known body with some bytes of it changed, doubled or cut, or bytes of no kind. */
const broken = fc
  .tuple(
    fc.constantFrom(...bodies),
    fc.array(
      fc.tuple(
        fc.nat(400),
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 6 }),
          fc.constantFrom('"', '{{', '=', ',', '%', '1e999999', '__proto__', '-', '\n', '\u202e'),
        ),
      ),
    ),
    fc.nat(60),
  )
  .map(([{ text, reading }, changes, cut]) => {
    let changed = text.slice(0, text.length - Math.min(cut > 30 ? 0 : cut, text.length));
    for (const [at, inserted] of changes.slice(0, 5)) {
      const place = at % (changed.length + 1);
      changed = `${changed.slice(0, place)}${inserted}${changed.slice(place + (at % 3))}`;
    }
    return { bytes: Buffer.from(changed), reading };
  });
const any = fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ bytes, reading: undefined }));

function check({ bytes, reading }: { bytes: Uint8Array; reading?: AlertText['reading'] }): void {
  const { text } = readBody(bytes);
  const alert: AlertText = { text, json: readJson(text), ...(reading && { reading }) };
  for (const dialect of dialects) {
    expect(typeof dialect.claims(alert)).toBe('boolean');
    const read = dialect.read(alert);
    if (read.ok) {
      const stored = signalToJson(read.value);
      expect(signalToJson(signalFromJson(JSON.parse(JSON.stringify(stored))))).toEqual(stored);
      continue;
    }
    expect(read.error.length).toBeGreaterThan(0);
    for (const { code, message } of read.error) {
      expect(Object.keys(problemCodes)).toContain(code);
      expect(message).not.toBe('');
    }
  }
}

test('no bytes make a dialect throw', () => {
  fc.assert(fc.property(fc.oneof({ weight: 4, arbitrary: broken }, any), check), { numRuns: 1500 });
});

describe('each alert of a corpus', () => {
  test('is claimed by its dialect alone', async () => {
    for (const key of await corpusDialects()) {
      for (const one of await readCorpus(key)) {
        if (one.fixed) continue;
        const text = textOf(one);
        const alert = { text, json: readJson(text), ...(one.reading && { reading: one.reading }) };
        const claimed = dialects.filter((d) => d.key !== 'native' && d.claims(alert)).map((d) => d.key);
        expect({ name: one.name, claimed }).toEqual({ name: one.name, claimed: key === 'native' ? [] : [key] });
      }
    }
  });
});
