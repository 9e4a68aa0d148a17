import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { lintCodes } from '../pipeline/intake/lint/codes.ts';
import { linterPage, linterPageUrl } from './generate-linter.ts';

describe('docs/linter.md', () => {
  it('is up to date; else run: node server/cli/generate-linter.ts', async () => {
    expect(await readFile(linterPageUrl, 'utf8')).toBe(linterPage());
  });

  it('has every code once', () => {
    const lines = linterPage().split('\n');
    for (const code of lintCodes) expect(lines.filter((line) => line.startsWith(`| \`${code}\` |`))).toHaveLength(1);
  });
});
