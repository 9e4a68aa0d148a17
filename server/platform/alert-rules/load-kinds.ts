import { readdir } from 'node:fs/promises';
import type { AlertKind } from './kind.ts';

/** Every kind of the folder, by its name for people. A file whose kind has another key than its name is refused. */
export async function loadAlertKinds(
  folder: URL = new URL('./kinds/', import.meta.url),
): Promise<readonly AlertKind[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  return Promise.all(
    files.map(async (file) => {
      const { kind } = (await import(new URL(file, folder).href)) as { kind?: AlertKind };
      if (kind?.key !== file.slice(0, -'.ts'.length)) {
        throw new Error(`kinds/${file} must export a kind whose key is its file's name, not ${kind?.key}`);
      }
      return kind;
    }),
  );
}
