import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const patienceMs = 15_000;

/**
 * Ends a PostgreSQL that still runs on this cluster: one whose owner was killed and whose watchdog is shutting it down right now, or
 * was killed as well. The caller holds the data directory's lock, so no living owner loses it. Afterwards no process is at work in the
 * cluster, and a pid file that would only mislead the next server is gone.
 */
export async function endOrphan(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (isPostgres(pid)) signal(pid, 'SIGINT');
  const started = performance.now();
  while (isPostgres(pid) || atWorkIn(cluster)) {
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

/** Whether this process is a PostgreSQL that runs. A zombie has ended, and an id may have been given to another program since. */
export function isPostgres(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return /^Name:\s+postgres$/m.test(status) && !/^State:\s+Z/m.test(status);
  } catch {
    return false;
  }
}

/** Backends outlive a killed postmaster for a moment; each has the cluster as its working directory. */
function atWorkIn(cluster: string): boolean {
  if (process.platform !== 'linux') return false;
  const folder = realpathSync(cluster);
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readlinkSync(`/proc/${entry}/cwd`) === folder && isPostgres(Number(entry));
    } catch {
      return false;
    }
  });
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
