import { expect, test } from 'vitest';
import { JsonObject, readJson } from './json-text.ts';

test('says where JSON ends to be JSON', () => {
  const read = readJson('{\n  "signal": "BUY",\n  "risk": 100,\n}');
  expect(read).toEqual({
    ok: false,
    error: { offset: 36, line: 4, column: 1, expected: 'a field name in double quotes', found: '"}"' },
  });
});

test('names the end when the text breaks off', () => {
  const read = readJson('{"signal": "BU');
  expect(!read.ok && read.error).toMatchObject({ found: 'the end', expected: 'the closing quote of the text' });
});

test('keeps the first of two equal keys and names them', () => {
  const read = readJson('{"risk": 1, "risk": 2, "a": 0, "risk": 3}');
  const object = read.ok ? (read.value as JsonObject) : null;
  expect(object?.duplicated).toEqual(['risk']);
  expect(object?.fields.get('risk')).toEqual({ source: '1' });
});

test('a field called __proto__ is a field', () => {
  const read = readJson('{"__proto__": {"risk": 1}}');
  expect(read.ok && read.value instanceof JsonObject && read.value.fields.has('__proto__')).toBe(true);
});

test('refuses nesting that would exhaust the stack', () => {
  const read = readJson('['.repeat(60_000));
  expect(!read.ok && read.error.expected).toBe('at most 64 levels of nesting');
});
