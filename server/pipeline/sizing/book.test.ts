import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultStrategySettings } from '../../core/model/settings.ts';
import { chosenOf, loadSizing } from './book.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-sizing-'));
  await Promise.all(['methods', 'stops'].map((name) => mkdir(join(folder, name))));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = () => loadSizing(pathToFileURL(`${folder}/`));
const put = (kind: 'method' | 'stop', file: string, key: string, order: number) =>
  writeFile(
    join(folder, `${kind}s`, file),
    `export const ${kind} = { key: '${key}', order: ${order}, parameters: {} };`,
  );

describe('ways of sizing', () => {
  it('are found by being in their folders, in their order, and tests are not', async () => {
    await Promise.all([
      put('method', 'a.ts', 'a', 2),
      put('method', 'b.ts', 'b', 1),
      put('method', 'a.test.ts', 'x', 3),
      put('stop', 'c.ts', 'c', 1),
    ]);
    const { methods, stops } = await load();
    expect([methods.map(({ key }) => key), stops.map(({ key }) => key)]).toEqual([['b', 'a'], ['c']]);
  });

  it('are refused under another name than their file’s, and in a place that is taken', async () => {
    await put('stop', 'tight.ts', 'tighter', 1);
    await expect(load()).rejects.toThrow(/tight\.ts must export a stop whose key is its file's name, not tighter/);
    await rm(join(folder, 'stops', 'tight.ts'));
    await Promise.all([put('method', 'a.ts', 'a', 7), put('method', 'b.ts', 'b', 7)]);
    await expect(load()).rejects.toThrow(/a and b both have the order 7/);
  });

  it('have defaults that can be read, those of strategies among them', async () => {
    const { methods, stops } = await loadSizing();
    for (const known of [methods, stops]) {
      for (const { key } of known)
        expect(chosenOf<(typeof known)[number]>(known, { method: key, parameters: {} })).not.toBeTypeOf('string');
    }
    expect(chosenOf(methods, defaultStrategySettings.sizing)).not.toBeTypeOf('string');
    expect(chosenOf(stops, defaultStrategySettings.stop)).not.toBeTypeOf('string');
  });
});
