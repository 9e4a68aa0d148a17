import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes this process the only one on the data directory; answers a function that gives it up. Throws when a living process has it. A lock whose
 * owner was killed is taken over: it names the process and when that started, so a process id that was given away again
 * is not mistaken for the owner.
 */
export function lockInstance(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'instance.lock');
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = openSync(file, 'wx', 0o600);
      writeFileSync(handle, `${process.pid} ${startOf(process.pid) ?? ''}\n`);
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = livingOwner(file);
    if (owner !== null) {
      throw new Error(
        `Another Signalbox (process ${owner}) works on ${dataDir}. Stop it first, or set DATA_DIR and PORT to start a second one beside it. Nothing was started.`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new Error(`${file} could not be taken: another Signalbox is starting on the same data directory.`);
}

function livingOwner(file: string): number | null {
  let content: string;
  try {
    content = readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
  const [pid, start] = content.split(' ');
  const owner = Number(pid);
  if (!Number.isInteger(owner) || owner <= 0 || owner === process.pid) return null;
  try {
    process.kill(owner, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  const began = startOf(owner);
  return began === null || start === undefined || began === start ? (isZombie(owner) ? null : owner) : null;
}

/** When the process started, in the kernel's ticks since boot; null where there is no /proc. */
function startOf(pid: number): string | null {
  return statOf(pid)?.[19] ?? null;
}

const isZombie = (pid: number): boolean => statOf(pid)?.[0] === 'Z';

/** The fields of /proc/PID/stat from the state on; the name before them may contain anything, so it is cut at its bracket. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
