import { readdir } from 'node:fs/promises';
import type { SeriesIndicator } from './series-indicator.ts';

/** Every indicator of the folder by its key. A file whose indicator has another key than its name is refused. */
export async function loadSeries(
  folder: URL = new URL('./series/', import.meta.url),
): Promise<ReadonlyMap<string, SeriesIndicator>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  const found = new Map<string, SeriesIndicator>();
  for (const file of files) {
    const { indicator } = (await import(new URL(file, folder).href)) as { indicator?: SeriesIndicator };
    if (indicator?.key !== file.slice(0, -'.ts'.length)) {
      throw new Error(`series/${file} must export an indicator whose key is its file's name, not ${indicator?.key}`);
    }
    found.set(indicator.key, indicator);
  }
  return found;
}
