// node pine/testing/grammar/record.ts: has pynescript parse every script (it takes some minutes and Python 3 with pip), and writes down in
// parsed.json which ones it has read. What is no Pine must be refused by it, so that it is known to look at something.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptsToParse } from './scripts.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const requirements = readFileSync(here('requirements.txt'), 'utf8').trim();

function run(command: string, ...words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, words, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0)
    throw new Error(`${command} ${words.join(' ')}\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
  return stdout;
}

const folder = mkdtempSync(join(tmpdir(), 'pine-'));
try {
  run('python3', '-m', 'venv', join(folder, 'python'));
  const python = join(folder, 'python', 'bin', 'python');
  run(python, '-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '-r', here('requirements.txt'));
  const scripts = scriptsToParse();
  const [first] = scripts.values();
  const broken = 'broken.pine';
  const written = new Map([...scripts, [broken, first!.replace('rules() =>', 'rules( =>')]]);
  for (const [file, source] of written) writeFileSync(join(folder, file), source);
  const said = run(python, '-B', here('parse_scripts.py'), ...[...written.keys()].map((file) => join(folder, file)));
  const faults = new Map(
    said
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { path: string; fault: string | null })
      .map(({ path, fault }) => [basename(path), fault]),
  );
  if (!faults.get(broken)) throw new Error('pynescript takes what is no Pine: nothing was written down.');
  const wrong = [...scripts.keys()].filter((file) => faults.get(file) !== null);
  for (const file of wrong) console.error(`${file}: ${faults.get(file) ?? 'it was not read'}`);
  if (wrong.length > 0)
    throw new Error(`${wrong.length} of ${scripts.size} scripts are refused: nothing was written down.`);
  const digests = [...scripts].map(([file, source]) => [file, createHash('sha256').update(source).digest('hex')]);
  const parsed = { by: requirements.split('\n'), sha256: Object.fromEntries(digests) };
  writeFileSync(here('parsed.json'), `${JSON.stringify(parsed, null, 2)}\n`);
  console.log(`${scripts.size} scripts are Pine to pynescript.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
