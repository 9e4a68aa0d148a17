import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const requirements = fileURLToPath(new URL('alpaca_py/requirements.txt', import.meta.url));

export interface Said {
  /** Null: it could not be started. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export function run(command: string, words: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', (error) => resolve({ status: null, stdout, stderr: error.message }));
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/**
 * A Python with the official client in it, or why there is none here. It is made once for these requirements and this Python, and kept under
 * `node_modules/.cache`; two that make it at once do not disturb each other.
 */
export async function pythonWithAlpaca(): Promise<{ readonly python: string } | { readonly reason: string }> {
  const found = await run('python3', ['-c', 'import sys; print(sys.version, sys.prefix)']);
  if (found.status !== 0) return { reason: 'there is no Python 3 here' };
  const key = createHash('sha256').update(readFileSync(requirements)).update(found.stdout).digest('hex').slice(0, 16);
  const cache = join(root, 'node_modules', '.cache', 'signalbox');
  const place = join(cache, `alpaca-py-${key}`);
  const pythonIn = (folder: string): string => join(folder, 'bin', 'python');
  if (existsSync(pythonIn(place))) return { python: pythonIn(place) };
  const making = `${place}.${process.pid}`;
  try {
    await mkdir(cache, { recursive: true });
    const made = await run('python3', ['-m', 'venv', making]);
    if (made.status !== 0) {
      return { reason: `Python makes no environment here: ${lastLine(made.stdout + made.stderr)}` };
    }
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '20'];
    const installed = await run(pythonIn(making), [...pip, '--only-binary', ':all:', '-r', requirements]);
    if (installed.status !== 0) return { reason: `alpaca-py cannot be installed here: ${lastLine(installed.stderr)}` };
    // Whole or not at all; who was faster has made the same.
    await rename(making, place).catch(() => {});
    return { python: pythonIn(place) };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
