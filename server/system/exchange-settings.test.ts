// The embedded exchange as the environment says: recorded bars, New York's hours, Alpaca's own way of filling.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Status } from '../contract/index.ts';
import { newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';

const bars = fileURLToPath(new URL('../exchange/market/fixtures/us-daily-2012-2013.csv', import.meta.url));
let dataDir: string;
let system: System;

const start = (env: Record<string, string>) => startSystem(dataDir, env);
const atExchange = async <T>(path: string): Promise<T> => {
  const { url, keyId, secretKey } = system.ready.exchange;
  const response = await fetch(`${url}${path}`, {
    headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey },
  });
  return (await response.json()) as T;
};

beforeAll(async () => {
  dataDir = await newDataDir();
  system = await start({
    EXCHANGE_HOURS: 'us',
    EXCHANGE_FILLS: 'alpaca',
    EXCHANGE_REPLAY: bars,
    EXCHANGE_REPLAY_SPEED: '60',
  });
}, 120_000);
afterAll(async () => {
  if (system) expect(await system.stop()).toBe(0);
  await removeDataDir(dataDir);
}, 30_000);

it('trades what the file has, in the hours that were told, and the dashboard says so', async () => {
  const assets = await atExchange<{ symbol: string }[]>('/v2/assets?asset_class=us_equity');
  expect(assets.map(({ symbol }) => symbol).sort()).toEqual(['AAPL', 'FB', 'GOOG', 'IBM', 'MSFT']);
  const clock = await atExchange<{ next_close: string }>('/v2/clock');
  expect(clock.next_close).toMatch(/T1[36]:00:00-0[45]:00$/);
  expect((await system.api<Status>('/status')).alwaysOpen).toBe(false);
  expect(system.output()).toContain('in New York’s hours');
});
