import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface StartedProcess<Ready> {
  /** What its ready file holds. */
  readonly ready: Ready;
  readonly process: ChildProcess;
  /** Everything that was printed so far. */
  output(): string;
  /** SIGTERM, and the exit status. */
  stop(): Promise<number | null>;
  /** SIGKILL of the whole process group: the program and its launcher at once. */
  kill(): Promise<void>;
}

/**
 * Runs one of scripts/ as a person's command does, in a process group of its own, and resolves when it says that it is ready; rejects with what
 * it printed when it ends before. The tests' own settings do not leak into it.
 */
export async function startProcess<Ready>(
  script: string,
  readyFile: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<StartedProcess<Ready>> {
  await rm(readyFile, { force: true });
  const inherited = { ...process.env };
  for (const key of ['DATABASE_URL', 'NODE_OPTIONS', 'VITEST', 'NODE_ENV', 'OPENSEARCH_URL']) delete inherited[key];
  const child = spawn(process.execPath, [join(root, 'scripts', script), '--ready-file', readyFile, ...words], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer) => {
      printed += chunk.toString();
      if (existsSync(readyFile)) resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    void exited.then((code) => reject(new Error(`${script} ended with ${code} before it was ready:\n${printed}`)));
  });
  return {
    ready: JSON.parse(readFileSync(readyFile, 'utf8')) as Ready,
    process: child,
    output: () => printed,
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
      await exited;
    },
  };
}
