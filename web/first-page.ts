import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter, Builder } from '@sveltejs/kit';

/** What Vite says of a script that it has made. */
interface Made {
  readonly file: string;
  readonly imports?: readonly string[];
}

/**
 * Has the page that every address is answered with ask for the overview's scripts along with its own: it is what most people open first, and on
 * a mobile line they would else wait for one after the other.
 */
export function withFirstPage(adapter: Adapter): Adapter {
  return {
    ...adapter,
    adapt: (builder) =>
      adapter.adapt(
        Object.assign(Object.create(builder) as Builder, {
          async generateFallback(file: string): Promise<void> {
            await builder.generateFallback(file);
            const html = await readFile(file, 'utf8');
            const links = (await scriptsOfOverview(builder)).filter((path) => !html.includes(path));
            await writeFile(
              file,
              html.replace(
                '</head>',
                `${links.map((path) => `<link href="/${path}" rel="modulepreload">`).join('')}</head>`,
              ),
            );
          },
        }),
      ),
  };
}

async function scriptsOfOverview(builder: Builder): Promise<string[]> {
  const manifest = JSON.parse(
    await readFile(join(builder.getBuildDirectory('output'), 'client/.vite/manifest.json'), 'utf8'),
  ) as Readonly<Record<string, Made>>;
  const found = new Set<string>();
  const add = (key: string): void => {
    const made = manifest[key];
    if (!made || found.has(made.file)) return;
    found.add(made.file);
    for (const one of made.imports ?? []) add(one);
  };
  for (const key of Object.keys(manifest)) {
    if (!/\/nodes\/\d+\.js$/.test(key)) continue;
    const node = await readFile(new URL(key, import.meta.url), 'utf8');
    if (/routes\/\+(page|error)\.svelte/.test(node)) add(key);
  }
  if (found.size === 0) throw new Error('The scripts of the overview were not found in what Vite has made.');
  return [...found];
}
