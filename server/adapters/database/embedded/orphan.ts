import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const patienceMs = 15_000;

/**
 * Ends a PostgreSQL that still runs on this cluster: one whose owner was killed and whose watchdog is shutting it down right now, or
 * was killed as well. The caller holds the data directory's lock, so no living owner loses it. A stale pid file is PostgreSQL's own
 * business: it looks whether the process is there.
 */
export async function endOrphan(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : Number.NaN;
  if (!Number.isInteger(pid) || pid <= 1 || !isPostgres(pid)) return;
  signal(pid, 'SIGINT');
  const started = performance.now();
  while (isPostgres(pid)) {
    if (performance.now() - started > patienceMs) {
      throw new Error(
        `A PostgreSQL (process ${pid}) still runs on ${cluster} and does not end. Stop it, then start again.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function isPostgres(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  try {
    // The id may have been given to another process since; a zombie has ended.
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return /^Name:\s+postgres$/m.test(status) && !/^State:\s+Z/m.test(status);
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
