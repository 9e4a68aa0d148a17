import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { dialect } from '../server/pipeline/intake/dialects/native.ts';
import { readJson } from '../server/pipeline/intake/json-text.ts';
import { templatesMarkdown } from './documentation.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/pine.md', import.meta.url)), 'utf8');

it('lists every template with its parameters as they are', () => {
  expect(page.endsWith(templatesMarkdown())).toBe(true);
});

it('shows an alert that the receiver takes', () => {
  const text = /```json\n([\s\S]*?)```/.exec(page)![1]!;
  expect(dialect.read({ text, json: readJson(text) })).toMatchObject({
    ok: true,
    value: { ticker: 'BRK.B', previousPosition: 'flat' },
  });
});
