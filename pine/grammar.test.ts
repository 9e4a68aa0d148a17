// Every template, version and kind parses under a Pine grammar that is not ours: the Python package pynescript. Skipped, with the reason, where
// there is no Python or the package cannot be had. What is no Pine is refused by it, so that the test looks at something.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generate } from './generate.ts';
import { pineVersions } from './settings.ts';
import { scriptKinds } from './shared-parameters.ts';
import { templates } from './templates/index.ts';
import { awkward } from './testing/market.ts';

const here = (name: string): string => fileURLToPath(new URL(`testing/grammar/${name}`, import.meta.url));

interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (command: string, words: readonly string[]): Promise<Said> =>
  new Promise((resolve) => {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', (error) => resolve({ status: null, stdout, stderr: error.message }));
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** A Python with pynescript, made once for this Python and kept under `node_modules/.cache`, or why there is none here. */
async function pythonWithGrammar(): Promise<{ readonly python: string } | { readonly reason: string }> {
  const found = await run('python3', ['-c', 'import sys; print(sys.version, sys.prefix)']);
  if (found.status !== 0) return { reason: 'there is no Python 3 here' };
  const wanted = readFileSync(here('requirements.txt'));
  const key = createHash('sha256').update(wanted).update(found.stdout).digest('hex').slice(0, 16);
  const cache = fileURLToPath(new URL('../node_modules/.cache/signalbox', import.meta.url));
  const place = join(cache, `pynescript-${key}`);
  const pythonIn = (folder: string): string => join(folder, 'bin', 'python');
  if (existsSync(pythonIn(place))) return { python: pythonIn(place) };
  const making = `${place}.${process.pid}`;
  try {
    await mkdir(cache, { recursive: true });
    const made = await run('python3', ['-m', 'venv', making]);
    if (made.status !== 0)
      return { reason: `Python makes no environment here: ${lastLine(made.stdout + made.stderr)}` };
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '20'];
    const installed = await run(pythonIn(making), [...pip, '--only-binary', ':all:', '-r', here('requirements.txt')]);
    if (installed.status !== 0) return { reason: `pynescript cannot be installed here: ${lastLine(installed.stderr)}` };
    // Whole or not at all; who was faster has made the same.
    await rename(making, place).catch(() => {});
    return { python: pythonIn(place) };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Its grammar takes a minute to warm up, and longer on a busy machine. */
const timeout = 1_200_000;

it('parses under the grammar of pynescript', { timeout }, async (context) => {
  const grammar = await pythonWithGrammar();
  if ('reason' in grammar) return context.skip(grammar.reason);
  const folder = mkdtempSync(join(tmpdir(), 'pine-'));
  try {
    const watchlist = Object.keys(awkward).join(',');
    const files = templates.flatMap(({ key }) =>
      scriptKinds.flatMap((kind) =>
        pineVersions.map((version) => {
          const parameters = { strategyName: 'say "hi" \\ there' };
          const made = generate({ watchlist, template: key, version, kind, timeframe: '5', parameters });
          if ('problems' in made) throw new Error(made.problems.join(' '));
          const path = join(folder, made.scripts[0]!.file);
          writeFileSync(path, made.scripts[0]!.source);
          return path;
        }),
      ),
    );
    const broken = join(folder, 'broken.pine');
    writeFileSync(broken, readFileSync(files[0]!, 'utf8').replace('rules() =>', 'rules( =>'));
    const { status, stdout, stderr } = await run(grammar.python, ['-B', here('parse_scripts.py'), ...files, broken]);
    expect(status, stderr).toBe(0);
    const faults = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { path: string; fault: string | null })
      .map(({ path, fault }) => [basename(path), fault] as const);
    expect(faults.filter(([, fault]) => fault !== null)).toEqual([['broken.pine', expect.any(String)]]);
    expect(faults).toHaveLength(7 * 2 * 2 + 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
