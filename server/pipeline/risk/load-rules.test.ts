import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadRules } from './load-rules.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-rules-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = () => loadRules(pathToFileURL(`${folder}/`));
const put = (file: string, key: string, order: number) =>
  writeFile(join(folder, file), `export const rule = { key: '${key}', order: ${order}, evaluate() {} };`);

describe('the rules', () => {
  it('are all there, in the order they are asked', async () => {
    const rules = await loadRules();
    const files = (await readdir(new URL('./rules/', import.meta.url))).filter((file) => !file.endsWith('.test.ts'));
    expect(rules.map((rule) => `${rule.key}.ts`).toSorted()).toEqual(files.toSorted());
    expect(rules.slice(0, 4).map((rule) => rule.key)).toEqual(['kill-switch', 'mode', 'strategy-enabled', 'alert-age']);
    expect(rules.map((rule) => rule.order)).toEqual(rules.map((rule) => rule.order).toSorted((a, b) => a - b));
  });

  it('are found by being in the folder, and their tests are not', async () => {
    await Promise.all([put('late.mjs', 'late', 1), put('b.ts', 'b', 2), put('a.ts', 'a', 3), put('a.test.ts', 'x', 0)]);
    expect((await load()).map((rule) => rule.key)).toEqual(['b', 'a']);
  });

  it('are refused under another name than their file’s', async () => {
    await put('max-fun.ts', 'maximum-fun', 1);
    await expect(load()).rejects.toThrow(
      /max-fun\.ts must export a rule whose key is its file's name, not maximum-fun/,
    );
  });

  it('are refused when two ask for the same place', async () => {
    await Promise.all([put('a.ts', 'a', 7), put('b.ts', 'b', 7)]);
    await expect(load()).rejects.toThrow(/a and b both have the order 7/);
  });
});
