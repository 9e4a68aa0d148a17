// The official Python client, alpaca-py, unmodified: every method of its trading and data clients, and its streams, against the exchange as
// `npm run exchange` starts it. Skipped, with the reason, where there is no Python or the client cannot be had.
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { pythonWithAlpaca, run } from '../testing/clients/python.ts';
import { type ExchangeAlone, startExchangeAlone } from '../testing/exchange-alone.ts';
import { newDataDir, removeDataDir } from '../testing/system.ts';

let dataDir: string;
let alone: ExchangeAlone | null;

beforeEach(async () => {
  alone = null;
  dataDir = await newDataDir();
}, 30_000);
afterEach(async () => {
  await alone?.stop();
  await removeDataDir(dataDir);
}, 30_000);

it.for([
  ['trading', 31, ['account', 'market order', 'every type and class of order', 'positions', 'watchlists', 'done']],
  ['data', 15, ['bars', 'latest', 'quotes and trades', 'keys', 'streams', 'done']],
] as const)('its %s part', { timeout: 240_000 }, async ([part, methods, steps], context) => {
  const client = await pythonWithAlpaca();
  if ('reason' in client) return context.skip(client.reason);
  alone = await startExchangeAlone(dataDir, ['--hours', 'always', '--pace', '5', '--rate-limit', 'off']);
  const drive = fileURLToPath(new URL(`../testing/clients/alpaca_py/drive_${part}.py`, import.meta.url));
  const { status, stdout, stderr } = await run(client.python, ['-B', drive, alone.readyFile]);
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { step: string; methods?: number });
  expect(status, `${stdout}${stderr}`).toBe(0);
  expect(lines.map(({ step }) => step)).toEqual(expect.arrayContaining([...steps]));
  expect(lines.at(-1)).toMatchObject({ step: 'done', methods });
});
