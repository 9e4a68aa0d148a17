// Invariants: whatever a body is, the linter's verdict is intake's, to the code, and it has an error if and only if that is a refusal; all that
// it points at is in the text; its edits make its mended text, of which it says what intake says; no secret is in what it says; watching an
// alert being read changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signalToJson } from '../../../core/model/signal.ts';
import type { SourceReading } from '../../../core/model/source-reading.ts';
import { corpusDialects, readCorpus, textOf } from '../corpus/read-corpus.ts';
import { loadDialects } from '../load-dialects.ts';
import { refusalOf } from '../problem-code.ts';
import { readAlert } from '../read-alert.ts';
import { readBody } from '../read-body.ts';
import { lintAlert } from './lint-alert.ts';
import { withEdits } from './placed-text.ts';
import { ReadingNotes } from './reading-notes.ts';

const dialects = await loadDialects();
const now = new Date('2026-11-21T14:30:00Z');
const keys = await corpusDialects();
const corpora = (
  await Promise.all(
    keys.map(async (key) =>
      (
        await readCorpus(key)
      ).map((one) => ({
        key,
        name: one.name,
        text: textOf(one),
        reading: one.reading ?? null,
        fixed: one.fixed ?? false,
      })),
    ),
  )
).flat();

function hold(body: Uint8Array, dialect: string | null, reading: SourceReading | null): void {
  const asked = { dialect, reading };
  const intake = readAlert(readBody(body), dialects, asked);
  const report = lintAlert(
    {
      body,
      as: 'received',
      asked,
      how: 'shape',
      secretField: null,
      sourceStrategy: null,
      repeatWindowSeconds: 60,
      now,
    },
    dialects,
  );
  const { read } = intake;
  expect(report.dialect.key).toBe(intake.dialect.key);
  expect(report.verdict).toEqual(
    read.ok ? { kind: 'accepted', code: null } : { kind: 'refused', code: refusalOf(read.error) },
  );
  expect(report.signal && signalToJson(report.signal)).toEqual(read.ok ? signalToJson(read.value) : null);
  const watched = readAlert(readBody(body), dialects, asked, new ReadingNotes());
  expect(watched.read.ok ? signalToJson(watched.read.value) : watched.read.error).toEqual(
    read.ok ? signalToJson(read.value) : read.error,
  );

  const { text } = readBody(body);
  expect(report.findings.some(({ severity }) => severity === 'error')).toBe(!read.ok);
  for (const { place } of report.findings) {
    if (place === null) continue;
    expect(place.from).toBeGreaterThanOrEqual(0);
    expect(place.until).toBeGreaterThanOrEqual(place.from);
    expect(place.until).toBeLessThanOrEqual(text.length);
    expect(
      text
        .split('\n')
        .slice(0, place.line - 1)
        .join('\n').length +
        (place.line > 1 ? 1 : 0) +
        place.column -
        1,
    ).toBe(place.from);
  }
  const { mended } = report;
  if (mended === null) return;
  expect(withEdits(text, mended.edits)).toBe(mended.text);
  const again = readAlert(readBody(new TextEncoder().encode(mended.text)), dialects, asked);
  expect(mended.verdict.kind).toBe(again.read.ok ? 'accepted' : 'refused');
}

describe('the linter', () => {
  it.each(corpora)('judges as intake does: $key, $name', ({ key, text, reading, fixed }) => {
    hold(new TextEncoder().encode(text), fixed ? key : null, reading);
    if (fixed) hold(new TextEncoder().encode(text), null, reading);
  });

  const piece = fc.constantFrom(
    ...[
      '"',
      ',',
      '{',
      '}',
      '[',
      ']',
      ':',
      '“',
      '”',
      "'",
      '{{close}}',
      '{{',
      'NaN',
      'None',
      '//',
      '\n',
      '\\',
      '\u0000',
      '&quot;',
      '1,000',
      '$',
      '%',
    ],
    ...['"risk":1,', 'null', '\ud800', '😀', '=', ';', '|', '&amp;', '"secret":"x",'],
  );
  const mutation = fc.record({
    at: fc.nat(),
    cut: fc.nat({ max: 6 }),
    put: fc.oneof(piece, fc.string({ maxLength: 4 })),
  });

  it('judges as intake does whatever becomes of an alert', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...corpora),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (one, mutations, set) => {
          let text = one.text;
          for (const { at, cut, put } of mutations) {
            const from = at % (text.length + 1);
            text = text.slice(0, from) + put + text.slice(from + cut);
          }
          hold(new TextEncoder().encode(text), set ? one.key : null, one.reading);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('judges as intake does whatever bytes there are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => hold(bytes, null, null)),
      { numRuns: 500 },
    );
  });

  it('never says a secret', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/);
    fc.assert(
      fc.property(secret, fc.constantFrom(...corpora), fc.nat(), (value, one, at) => {
        const fields = one.text.trim().startsWith('{')
          ? one.text.replace('{', `{"token":"${value}",`)
          : `${one.text} token=${value}`;
        const text = fields.slice(0, Math.max(fields.indexOf(value) + value.length + 2, fields.length - (at % 12)));
        const report = lintAlert(
          {
            ...{
              body: new TextEncoder().encode(text),
              as: 'message',
              asked: { dialect: null, reading: one.reading },
              how: 'shape',
            },
            ...{ secretField: null, sourceStrategy: null, repeatWindowSeconds: 60, now },
          },
          dialects,
        );
        expect(JSON.stringify(report.findings)).not.toContain(value);
        expect(JSON.stringify(report.mended?.edits ?? [])).not.toContain(value);
      }),
      { numRuns: 500 },
    );
  });
});
