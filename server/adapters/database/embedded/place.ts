import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asRunner, type Runner } from './unprivileged.ts';

/** Where a cluster is, what runs it, and as whom. */
export interface Place {
  readonly cluster: string;
  readonly native: string;
  readonly runner: Runner;
}

export interface PlaceOptions {
  readonly dataDir: string;
  /** The folder with `bin/postgres`. */
  readonly native: string;
  /** Ways to run PostgreSQL, the preferred one first. */
  readonly runners: readonly Runner[];
  /** Where data goes that PostgreSQL's user cannot reach in `dataDir`. */
  readonly refuge: string;
  /** Told, in a sentence for a person, when the data goes elsewhere. */
  readonly notice: (sentence: string) => void;
}

/**
 * Finds where PostgreSQL can work. Normally that is `<dataDir>/postgres`. When its user can reach that place in none of the ways, program and data
 * go to a folder of their own in the refuge, and a file in the data directory says so: from then on the data stays there, whatever changes.
 */
export function choosePlace({ dataDir, native, runners, refuge, notice }: PlaceOptions): Place {
  const marker = join(dataDir, 'postgres.location');
  const settled = existsSync(marker) ? readFileSync(marker, 'utf8').trim() : null;
  if (settled && !existsSync(settled)) {
    throw new Error(
      `The data was in ${settled} (so says ${marker}), which is gone. Bring it back, or remove the file.`,
    );
  }
  const cluster = join(settled ?? dataDir, 'postgres');
  for (const runner of runners) {
    if (reaches(runner, native, dirname(cluster))) return { cluster, native, runner };
  }
  const runner = runners[0]!;
  const who = `the user that runs it (${runner.user?.uid ?? 'this one'})`;
  if (!settled && existsSync(cluster)) {
    throw new Error(
      `PostgreSQL has its data in ${cluster}, but ${who} cannot enter that directory any more. Let it pass (chmod o+x on each directory above), or install setpriv (util-linux).`,
    );
  }
  const home = settled ?? join(refuge, randomBytes(4).toString('hex'));
  const copied = copyProgram(native, home);
  if (!reaches(runner, copied, home)) {
    throw new Error(
      `PostgreSQL cannot run here: ${who} can enter neither ${dataDir} nor ${home}. Set DATA_DIR to a directory it can enter, or DATABASE_URL.`,
    );
  }
  if (!settled) {
    writeFileSync(marker, `${home}\n`, { mode: 0o600 });
    notice(`The database is kept in ${home}, because PostgreSQL's user cannot enter ${dataDir}.`);
  }
  return { cluster: join(home, 'postgres'), native: copied, runner };
}

/** Whether this runner can execute PostgreSQL, would be told so (initdb asks before it tries), and can enter the folder. */
function reaches(runner: Runner, native: string, folder: string): boolean {
  if (runner.user === null) return true;
  return [
    [join(native, 'bin', 'postgres'), '--version'],
    ['test', '-x', join(native, 'bin', 'postgres')],
    ['sh', '-c', 'cd "$1"', 'enter', folder],
  ].every((words) => {
    const { file, args, options } = asRunner(runner, words);
    return spawnSync(file, args, options).status === 0;
  });
}

/** A folder per release, so that an update of the package is taken over; complete, or not there. */
function copyProgram(native: string, home: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const copied = join(home, `program-${version}`);
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o711);
  if (existsSync(copied)) return copied;
  const draft = `${copied}.new`;
  rmSync(draft, { recursive: true, force: true });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  renameSync(draft, copied);
  return copied;
}
