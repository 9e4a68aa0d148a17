import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { loadDialects } from './load-dialects.ts';

async function folderWith(files: Record<string, string>) {
  const path = await mkdtemp(join(tmpdir(), 'dialects-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return {
    url: pathToFileURL(`${path}/`),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
const file = (key: string) => `export const dialect = { key: '${key}', claims: () => true, read: () => null };`;

test('finds the dialects that are there', async () => {
  expect((await loadDialects()).map((d) => d.key)).toContain('native');
});

test('in key order, without tests, the template first, and native last', async () => {
  await using folder = await folderWith({
    'native.ts': file('native'),
    'b.ts': file('b'),
    'zebra.ts': file('zebra'),
    'template.ts': file('template'),
    'a.ts': file('a'),
    'a.test.ts': 'throw new Error("no dialect");',
  });
  expect((await loadDialects(folder.url)).map((d) => d.key)).toEqual(['template', 'a', 'b', 'zebra', 'native']);
});

test('refuses a dialect whose key is not its file name', async () => {
  await using folder = await folderWith({ 'one.ts': file('two') });
  await expect(loadDialects(folder.url)).rejects.toThrow('dialects/one.ts has the key "two", expected "one"');
});

test('refuses a file that is none', async () => {
  await using folder = await folderWith({ 'one.ts': 'export const other = 1;' });
  await expect(loadDialects(folder.url)).rejects.toThrow('dialects/one.ts does not export "dialect"');
});
