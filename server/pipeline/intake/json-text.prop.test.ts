// Invariants:
// - readJson takes exactly the texts that JSON.parse takes, and reads the same from them;
// - a number is read as the very characters that stood there.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonNumber, JsonObject, type JsonValue, readJson } from './json-text.ts';

function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return JSON.parse(value.source);
  if (value instanceof JsonObject) {
    return Object.fromEntries([...value.fields].map(([key, field]) => [key, plain(field)]));
  }
  if (value !== null && typeof value === 'object') return value.map(plain);
  return value;
}

function parsed(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

test('reads what JSON.parse reads', () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false }), (text) => {
      const read = readJson(text);
      expect(read.ok && plain(read.value)).toEqual(JSON.parse(text));
    }),
  );
});

test('takes and refuses what JSON.parse takes and refuses, whatever is done to the text', () => {
  const pieces = fc.array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '"a"',
      ':',
      ',',
      ' ',
      '\n',
      '1',
      '-',
      '01',
      '.5',
      '1e',
      'E+3',
      'true',
      'nul',
      'null',
      '\\',
      '\\u0041',
      '\t',
      'NaN',
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      expect(readJson(text).ok).toBe(parsed(text).ok);
    }),
    { numRuns: 2000 },
  );
});

test('keeps the characters of a number', () => {
  fc.assert(
    fc.property(fc.tuple(fc.bigInt(), fc.stringMatching(/^\d{1,30}$/)), ([whole, decimals]) => {
      const source = `${whole}.${decimals}`;
      const read = readJson(`{"price": ${source} }`);
      const price = read.ok && read.value instanceof JsonObject ? read.value.fields.get('price') : null;
      expect(price).toEqual(new JsonNumber(source));
    }),
  );
});
