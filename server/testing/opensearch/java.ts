import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';

/** OpenSearch 3 is compiled for this version. */
export const oldestJava = 21;

/** Who the node runs as where the tests run as root, which OpenSearch refuses to do: nobody, on every Linux. */
export const unprivileged = 65_534;

export interface Java {
  readonly command: string;
  /** All of it, 25.0.3+9 for example: what a class data archive belongs to. */
  readonly version: string;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The first program of that name on PATH; null when there is none. */
export function programOnPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const program = join(folder || '.', name);
    if (mayRun(program)) return program;
  }
  return null;
}

/** Whether the node's own user can reach a path: root can open a folder that nobody else may enter. */
export function withinReach(path: string): boolean {
  if (!isRoot()) return true;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found && (found.mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** A Java that is new enough: JAVA_HOME's, the one on PATH, then any below /usr/lib/jvm. Null when there is none. */
export function findJava(): Java | null {
  const onPath = programOnPath('java');
  const candidates = [
    ...(process.env.JAVA_HOME ? [join(process.env.JAVA_HOME, 'bin', 'java')] : []),
    ...(onPath ? [onPath] : []),
    ...installed('/usr/lib/jvm'),
  ];
  for (const candidate of candidates) {
    if (!mayRun(candidate)) continue;
    const command = realpathSync(candidate);
    const version = withinReach(command) ? versionOf(command) : null;
    if (version && Number.parseInt(version, 10) >= oldestJava) return { command, version };
  }
  return null;
}

function installed(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name, 'bin', 'java'));
  } catch {
    return [];
  }
}

/** From the file that every JDK carries at its root; else, a launcher of some version manager perhaps, by asking. */
function versionOf(command: string): string | null {
  const quoted = /^JAVA(?:_RUNTIME)?_VERSION="([^"]+)"/gm;
  try {
    const release = readFileSync(join(dirname(command), '..', 'release'), 'utf8');
    const found = [...release.matchAll(quoted)].map((match) => match[1]!).sort((a, b) => b.length - a.length)[0];
    if (found) return found;
  } catch {
    // Asked below.
  }
  const { stderr } = spawnSync(command, ['-version'], { encoding: 'utf8', timeout: 10_000 });
  return /version "([^"]+)"/.exec(stderr ?? '')?.[1] ?? null;
}

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
