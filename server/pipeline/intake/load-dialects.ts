import { readdir } from 'node:fs/promises';
import type { Dialect } from './dialect.ts';

/**
 * The dialects of a folder in key order: every file that is no test, `export const dialect`. Refuses one whose key is not its
 * file's name. The one called `template` comes first, because a
 * person wrote it for that source; `native` comes last, because it claims whatever the others leave.
 */
export async function loadDialects(folder: URL = new URL('./dialects/', import.meta.url)): Promise<readonly Dialect[]> {
  const names = (await readdir(folder))
    .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && !name.includes('.prop.'))
    .sort();
  const dialects = await Promise.all(
    names.map(async (name) => {
      const module = (await import(new URL(name, folder).href)) as { dialect?: Dialect };
      const key = name.slice(0, -'.ts'.length);
      if (module.dialect === undefined) throw new Error(`dialects/${name} does not export "dialect"`);
      if (module.dialect.key !== key) {
        throw new Error(`dialects/${name} has the key ${JSON.stringify(module.dialect.key)}, expected "${key}"`);
      }
      return module.dialect;
    }),
  );
  const place = ({ key }: Dialect): number => (key === 'template' ? -1 : key === 'native' ? 1 : 0);
  return dialects.sort((a, b) => place(a) - place(b));
}
