import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './place.ts';
import { asRunner, type Runner } from './unprivileged.ts';

const patienceMs = 15_000;

/**
 * Ends a PostgreSQL that still runs on this cluster: one whose owner was killed and whose watchdog is shutting it down right now, or
 * was killed as well. The caller holds the data directory's lock, so no living owner loses it. Afterwards no process is at work in the
 * cluster, and a pid file that would only mislead the next server is gone. A PostgreSQL elsewhere that has the id by chance is let be.
 */
export async function endOrphan(place: Pick<Place, 'cluster' | 'runner'>): Promise<void> {
  const { cluster } = place;
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (worksIn(pid, place)) signal(pid, 'SIGINT');
  const started = performance.now();
  while (worksIn(pid, place) || atWorkIn(place)) {
    if (performance.now() - started > patienceMs) {
      throw new Error(
        `A PostgreSQL (process ${pid}) still runs on ${cluster} and does not end. Stop it, then start again.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // The id lives on as a zombie nobody has buried, or was given to another process: PostgreSQL would take either for a server.
  if (existsSync(file) && signal(pid, 0)) rmSync(file, { force: true });
}

/** Whether this process is a PostgreSQL that runs on the cluster. A zombie has ended; an id may have been given to another program. */
export function worksIn(pid: number, { cluster, runner }: Pick<Place, 'cluster' | 'runner'>): boolean {
  if (!signal(pid, 0) || !existsSync(cluster)) return false;
  if (process.platform === 'linux') {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (!/^Name:\s+postgres$/m.test(status) || /^State:\s+Z/m.test(status)) return false;
      // Each of PostgreSQL's processes has its cluster as its working directory.
      return workingDirectory(pid, runner) === realpathSync(cluster);
    } catch {
      // Gone meanwhile.
      return false;
    }
  }
  if (process.platform === 'win32') return true;
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.includes('postgres') && stdout.includes(cluster);
}

/** A container's root may not look at processes of other users; the user that PostgreSQL runs as may look at its own. */
function workingDirectory(pid: number, runner: Runner): string {
  const link = `/proc/${pid}/cwd`;
  try {
    return readlinkSync(link);
  } catch {
    const { file, args, options } = asRunner(runner, ['readlink', link]);
    return spawnSync(file, args, { ...options, encoding: 'utf8' }).stdout.replace(/\n$/, '');
  }
}

/** Backends outlive a killed postmaster for a moment. */
function atWorkIn(place: Pick<Place, 'cluster' | 'runner'>): boolean {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && worksIn(Number(entry), place));
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
