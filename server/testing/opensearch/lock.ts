import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs `work` while no other process on this machine holds the same lock. The lock is the kernel's, held by a child that ends when
 * this process does, so that a killed one never leaves it behind. Rejects with what `work` throws, or when the file cannot be locked.
 */
export async function underLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(holder, 'exit');
  const locked = once(holder.stdout, 'data').then(() => true);
  if (!(await Promise.race([locked, ended.then(() => false)]))) throw new Error(`${file} cannot be locked`);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
