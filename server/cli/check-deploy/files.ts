import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's files, by their paths from its root. */
export interface Files {
  /** The text of a file; null: there is none. */
  read(path: string): string | null;
  kind(path: string): 'file' | 'folder' | null;
  /** Names in a folder, sorted; empty where there is none. */
  list(folder: string): string[];
}

export function filesOf(root: string): Files {
  const kind = (path: string) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    return stat === undefined ? null : stat.isDirectory() ? 'folder' : 'file';
  };
  return {
    kind,
    read: (path) => (kind(path) === 'file' ? readFileSync(join(root, path), 'utf8') : null),
    list: (folder) => (kind(folder) === 'folder' ? readdirSync(join(root, folder)).sort() : []),
  };
}

/** What is wrong, in sentences; each begins with the file it is in. */
export type Problems = string[];

/** `./deploy/x/` as `deploy/x`. */
export const fromRoot = (path: string): string => path.replace(/^\.\//, '').replace(/\/$/, '');
