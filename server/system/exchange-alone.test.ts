// `npm run exchange`: the paper exchange as a process of its own, and the official Python client, unmodified, against it.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awkwardOf } from '../testing/awkward.ts';
import { type ExchangeAlone, startExchangeAlone } from '../testing/awkward-alone.ts';
import { newDataDir, removeDataDir } from '../testing/system.ts';

let dataDir: string;
let alone: ExchangeAlone;

beforeEach(async () => {
  dataDir = await newDataDir();
}, 30_000);
afterEach(async () => {
  if (alone.process.exitCode === null) await alone.stop();
  await removeDataDir(dataDir);
}, 30_000);

const call = (path: string, body?: object) =>
  fetch(`${alone.ready.url}${path}`, {
    headers: { 'APCA-API-KEY-ID': alone.ready.keyId, 'APCA-API-SECRET-KEY': alone.ready.secretKey },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });

describe('the exchange on its own', () => {
  it('prints its keys, counts requests as Alpaca does, and keeps orders and keys over a restart', async () => {
    alone = await startExchangeAlone(dataDir, ['--cash', '5000', '--pace', '0']);
    const { url, keyId, secretKey, adminKey } = alone.ready;
    for (const word of [url, keyId, secretKey, adminKey]) expect(alone.output()).toContain(word);
    const account = await call('/v2/account');
    expect(await account.json()).toMatchObject({ cash: '5000', status: 'ACTIVE' });
    expect(account.headers.get('x-ratelimit-limit')).toBe('200');
    const resting = { symbol: 'KO', qty: '1', side: 'buy', type: 'limit', limit_price: '1', time_in_force: 'gtc' };
    expect((await call('/v2/orders', { ...resting, client_order_id: 'kept' })).status).toBe(200);
    await awkwardOf(alone.ready).add({ kind: 'error_before', status: 503 });
    expect((await call('/v2/account')).status).toBe(503);
    expect(await alone.stop()).toBe(0);

    alone = await startExchangeAlone(dataDir, ['--rate-limit', 'off']);
    expect(alone.ready).toMatchObject({ keyId, secretKey, adminKey });
    const found = await call('/v2/orders:by_client_order_id?client_order_id=kept');
    expect([found.status, found.headers.get('x-ratelimit-limit')]).toEqual([200, null]);
    expect(await found.json()).toMatchObject({ symbol: 'KO', limit_price: '1' });
  }, 60_000);

  it.each([
    [['--hours', 'mars'], '--hours: '],
    [['--rate-limit', 'sometimes'], '--rate-limit: '],
    [['--key-id', 'PKME'], '--key-id and --secret-key go together'],
    [['--nothing'], "Unknown option '--nothing'"],
  ])('starts nothing with %j', async (words, sentence) => {
    await expect(startExchangeAlone(dataDir, words)).rejects.toThrow(sentence);
    alone = { process: { exitCode: 1 } } as ExchangeAlone;
  });
});

/** The client's version that this was written with; another one may be tried by the environment. */
const alpacaPy = process.env.ALPACA_PY_VERSION ?? '0.44.0';
const drive = fileURLToPath(new URL('../testing/clients/alpaca_py_drive.py', import.meta.url));

/** A Python of its own with the client in it, or why there is none. */
async function installClient(folder: string): Promise<{ python: string } | { reason: string }> {
  const version = spawnSync('python3', ['--version'], { encoding: 'utf8' });
  if (version.status !== 0) return { reason: 'there is no Python 3 here' };
  const run = (command: string, words: readonly string[]) =>
    new Promise<{ status: number | null; said: string }>((resolve) => {
      const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const out of [child.stdout, child.stderr]) out.on('data', (chunk) => (said += chunk));
      child.on('error', (error) => resolve({ status: null, said: error.message }));
      child.on('close', (status) => resolve({ status, said }));
    });
  const place = join(folder, 'venv');
  const made = await run('python3', ['-m', 'venv', place]);
  if (made.status !== 0) return { reason: `Python makes no environment here: ${lastLine(made.said)}` };
  const python = join(place, 'bin', 'python');
  const words = ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--timeout', '20', `alpaca-py==${alpacaPy}`];
  const installed = await run(python, words);
  return installed.status === 0
    ? { python }
    : { reason: `alpaca-py ${alpacaPy} cannot be installed here: ${lastLine(installed.said)}` };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

describe('the official Python client', () => {
  it('does account, orders, positions, bars and both streams, unmodified', async (context) => {
    const client = await installClient(dataDir);
    alone = { process: { exitCode: 1 } } as ExchangeAlone;
    if ('reason' in client) return context.skip(client.reason);
    alone = await startExchangeAlone(dataDir, ['--hours', 'always']);
    const { status, stdout, stderr } = await new Promise<{ status: number | null; stdout: string; stderr: string }>(
      (resolve) => {
        const child = spawn(client.python, [drive, alone.readyFile], { stdio: ['ignore', 'pipe', 'pipe'] });
        let [stdout, stderr] = ['', ''];
        child.stdout.on('data', (chunk) => (stdout += chunk));
        child.stderr.on('data', (chunk) => (stderr += chunk));
        child.on('close', (code) => resolve({ status: code, stdout, stderr }));
      },
    );
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { step: string }).step);
    expect([status, steps.at(-1)], stderr).toEqual([0, 'done']);
  }, 240_000);
});
