// Invariant of `npm start`: a server that dies is started again and goes on from what is stored; one that was told to stop, or that cannot
// start, stays ended.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newDataDir, type Ready, removeDataDir, startSystem } from '../testing/system.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataDir();
});
afterAll(() => removeDataDir(dataDir));

/** The process ids of what a process has started. */
const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child!);

it('starts a server again that was killed, and ends when it is told to', async () => {
  const system = await startSystem(dataDir);
  const launcher = system.process.pid!;
  const readyNow = () => JSON.parse(readFileSync(join(dataDir, 'ready.json'), 'utf8')) as Ready;
  const timestamp = new Date().toISOString();
  const body = JSON.stringify({
    id: 'one',
    signal: 'BUY',
    ticker: 'KO',
    mode: 'Paper',
    timeframe: '1s',
    risk: 20,
    timestamp,
  });
  const alert = async ({ webhookUrl }: Ready) =>
    (await fetch(webhookUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status;
  expect(await alert(system.ready)).toBe(202);

  const [first] = childrenOf(launcher);
  process.kill(first!, 'SIGKILL');
  await expect.poll(() => childrenOf(launcher).filter((pid) => pid !== first).length, { timeout: 30_000 }).toBe(1);
  expect(system.output()).toContain('started again in 1 s');
  // The same alert again: it was stored by the one that died.
  await expect.poll(() => alert(readyNow()).catch(() => null), { timeout: 60_000 }).toBe(200);

  const [second] = childrenOf(launcher);
  process.kill(second!, 'SIGKILL');
  await expect.poll(() => system.output()).toContain('started again in 2 s');
  // While nothing runs there is nothing to wait for.
  expect(await system.stop()).toBe(0);
  // The database of the one that was killed is still there for the next.
  await system.kill();
}, 180_000);

it('does not try a start again that cannot be', async () => {
  await expect(startSystem(dataDir, { PORT: 'eighty' })).rejects.toThrow(/ended with 1[\s\S]*PORT/);
}, 60_000);
