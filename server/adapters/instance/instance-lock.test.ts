import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockInstance } from './instance-lock.ts';

const module = fileURLToPath(new URL('./instance-lock.ts', import.meta.url));
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signalbox-lock-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const fromAnotherProcess = (): string => {
  const code = `import { lockInstance } from ${JSON.stringify(module)};
    try { lockInstance(${JSON.stringify(dataDir)}); console.log('taken'); } catch (error) { console.log(error.message); }`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).stdout;
};

it('refuses a second process, saying which one has it', () => {
  const unlock = lockInstance(dataDir);
  expect(fromAnotherProcess()).toContain(`process ${process.pid}`);
  unlock();
  expect(existsSync(join(dataDir, 'instance.lock'))).toBe(false);
});

it('takes over from an owner that is dead', () => {
  expect(fromAnotherProcess()).toContain('taken');
  lockInstance(dataDir)();
});

it('is not fooled by a process id that was given to somebody else', () => {
  writeFileSync(join(dataDir, 'instance.lock'), `${process.ppid} 1\n`);
  if (process.platform === 'linux') lockInstance(dataDir)();
});
